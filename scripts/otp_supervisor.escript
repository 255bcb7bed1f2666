#!/usr/bin/env escript
%% Runs schedules through OTP's supervisor, and writes down what happens:
%% see scripts/compare-with-otp for both formats.
-mode(compile).

-export([main/1, init/1]).

init({Flags, Children}) -> {ok, {Flags, Children}}.

main(["--release"]) ->
    io:format("~s~n", [erlang:system_info(otp_release)]);
main([File]) ->
    logger:set_primary_config(level, none),
    process_flag(trap_exit, true),
    ets:new(fails, [named_table, public]),
    ets:new(log, [named_table, public, ordered_set]),
    {ok, Text} = file:read_file(File),
    Lines = [string:lexemes(Line, " ") || Line <- string:lexemes(binary_to_list(Text), "\n")],
    schedules(Lines).

schedules([]) -> ok;
schedules([["schedule", Number] | Rest]) ->
    io:format("schedule ~s~n", [Number]),
    {Schedule, [["end"] | More]} = lists:splitwith(fun(Line) -> Line =/= ["end"] end, Rest),
    ets:delete_all_objects(fails),
    ets:delete_all_objects(log),
    run(Schedule),
    [io:format("~s~n", [Text]) || {_, Text} <- ets:tab2list(log)],
    schedules(More).

say(Format, Arguments) ->
    Line = io_lib:format(Format, Arguments),
    ets:insert(log, {ets:info(log, size), Line}).

run([["supervisor", Strategy, Most, Seconds, Auto] | Rest]) ->
    {Children, Steps} = lists:splitwith(fun([What | _]) -> What =:= "child" orelse What =:= "later" end, Rest),
    [ets:insert(fails, {Child, list_to_integer(Fails)}) || [_, Child, _, _, Fails] <- Children],
    Flags = #{strategy => list_to_atom(Strategy),
              intensity => list_to_integer(Most),
              period => list_to_integer(Seconds),
              auto_shutdown => list_to_atom(Auto)},
    Declared = [spec(Child) || Child = ["child" | _] <- Children],
    Later = [spec(Child) || Child = ["later" | _] <- Children],
    case supervisor:start_link(?MODULE, {Flags, Declared}) of
        {ok, Supervisor} ->
            say("up", []),
            steps(Steps, Later, Supervisor);
        {error, {shutdown, {failed_to_start_child, Child, _}}} ->
            receive {'EXIT', _, _} -> ok after 0 -> ok end,
            say("down start_failed ~s", [Child])
    end.

spec([_, Child, Restart, Significant, _]) ->
    #{id => Child,
      start => {erlang, apply, [fun start/1, [Child]]},
      restart => list_to_atom(Restart),
      significant => list_to_atom(Significant),
      shutdown => 5000}.

start(Child) ->
    case ets:lookup(fails, Child) of
        [{_, Left}] when Left > 0 ->
            ets:insert(fails, {Child, Left - 1}),
            say("fail ~s", [Child]),
            {error, not_today};
        _ ->
            say("start ~s", [Child]),
            Parent = self(),
            Pid = spawn_link(fun() ->
                                     process_flag(trap_exit, true),
                                     Parent ! {ready, self()},
                                     child(Child, Parent)
                             end),
            receive {ready, Pid} -> {ok, Pid} end
    end.

child(Child, Parent) ->
    receive
        {'EXIT', Parent, Reason} ->
            say("stop ~s", [Child]),
            exit(Reason);
        {leave, Reason} ->
            exit(Reason)
    end.

steps([], _, Supervisor) ->
    unlink(Supervisor),
    Monitor = monitor(process, Supervisor),
    exit(Supervisor, kill),
    receive {'DOWN', Monitor, _, _, _} -> ok end,
    %% Its children end by their links; what they say comes after the story.
    Before = ets:info(log, size),
    timer:sleep(1),
    [ets:delete(log, Number) || {Number, _} <- ets:tab2list(log), Number >= Before];
steps([Step | Rest], Later, Supervisor) ->
    case step(Step, Later, Supervisor) of
        {over, _} -> ok;
        NewLater -> steps(Rest, NewLater, Supervisor)
    end.

step([What | Words], Later, Supervisor) ->
    step(list_to_atom(What), Words, Later, Supervisor).

step(fail, [Child, Times], Later, _) ->
    ets:insert(fails, {Child, list_to_integer(Times)}),
    Later;
step(exit, [Child, Kind], Later, Supervisor) ->
    case running(Child, supervisor:which_children(Supervisor)) of
        none ->
            Later;
        Pid ->
            Monitor = monitor(process, Pid),
            leave(Pid, list_to_atom(Kind)),
            receive {'DOWN', Monitor, _, _, _} -> ok end,
            settle(Later, Supervisor)
    end;
step(terminate, [Child], Later, Supervisor) ->
    answer(supervisor:terminate_child(Supervisor, Child)),
    Later;
step(restart, [Child], Later, Supervisor) ->
    answer(supervisor:restart_child(Supervisor, Child)),
    Later;
step(delete, [Child], Later, Supervisor) ->
    answer(supervisor:delete_child(Supervisor, Child)),
    Later;
step(start, [], Later, Supervisor) ->
    start_later(Later, Supervisor).

start_later([], _) ->
    [];
start_later([Spec | Later], Supervisor) ->
    answer(supervisor:start_child(Supervisor, Spec)),
    Later.

running(Child, Children) ->
    case lists:keyfind(Child, 1, Children) of
        {_, Pid, _, _} when is_pid(Pid) -> Pid;
        _ -> none
    end.

leave(Pid, killed) -> exit(Pid, kill);
leave(Pid, error) -> Pid ! {leave, boom};
leave(Pid, Reason) -> Pid ! {leave, Reason}.

answer(ok) -> say("answer ok", []);
answer({ok, _}) -> say("answer ok", []);
answer({error, not_found}) -> say("answer not_found", []);
answer({error, running}) -> say("answer running", []);
answer({error, restarting}) -> say("answer restarting", []);
answer({error, _}) -> say("answer failed", []).

%% Until the supervisor has dealt with an exit: it has ended, or nobody is
%% about to be restarted and it has nothing more to read. The exit of the child
%% may reach it a little after the monitor's message has reached us.
settle(Later, Supervisor) -> settle(Later, Supervisor, 3).

settle(Later, Supervisor, Quiet) ->
    receive
        {'EXIT', Supervisor, Reason} ->
            shutdown = Reason,
            say("down shutdown", []),
            {over, Later}
    after 0 ->
            erlang:yield(),
            Children = try supervisor:which_children(Supervisor)
                       catch exit:_ -> ended
                       end,
            Busy = Children =:= ended orelse
                lists:any(fun({_, Pid, _, _}) -> Pid =:= restarting orelse dead(Pid) end, Children),
            case {Busy, Quiet} of
                {true, _} -> settle(Later, Supervisor, 3);
                {false, 0} -> Later;
                {false, _} -> settle(Later, Supervisor, Quiet - 1)
            end
    end.

dead(Pid) when is_pid(Pid) -> not is_process_alive(Pid);
dead(_) -> false.
