#!/usr/bin/env escript
%% A gen_server crashes, its supervisor restarts it, and it answers: so many
%% times, in nanoseconds for each.
-mode(compile).
-export([main/1, init/1, start/0, handle_call/3, handle_cast/2]).

main([Times]) ->
    logger:set_primary_config(level, none),
    process_flag(trap_exit, true),
    {ok, _} = supervisor:start_link(?MODULE, supervisor),
    Count = list_to_integer(Times),
    rounds(Count div 10),
    Begun = erlang:monotonic_time(nanosecond),
    rounds(Count),
    Taken = erlang:monotonic_time(nanosecond) - Begun,
    io:format("~b~n", [Taken div Count]).

rounds(0) -> ok;
rounds(Left) ->
    gen_server:cast(counter, crash),
    answered(),
    rounds(Left - 1).

%% What is asked while it is down is lost.
answered() ->
    try gen_server:call(counter, total) of
        0 -> ok
    catch
        exit:_ -> erlang:yield(), answered()
    end.

start() -> gen_server:start_link({local, counter}, ?MODULE, counter, []).

init(supervisor) ->
    Flags = #{strategy => one_for_one, intensity => 1000000000, period => 1},
    {ok, {Flags, [#{id => counter, start => {?MODULE, start, []}}]}};
init(counter) ->
    {ok, 0}.

handle_call(total, _, Total) -> {reply, Total, Total}.

handle_cast(crash, _) -> exit(boom).
