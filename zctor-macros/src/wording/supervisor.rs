//! `#[supervisor]` and `#[child]`.

use super::near::{list, nearest};
use crate::diag::Message;

/// The options that actors do not have.
pub(crate) const OPTIONS: &[&str] = &[
    "strategy",
    "max_restarts",
    "within",
    "auto_shutdown",
    "backoff",
];
pub(crate) const STRATEGIES: &[&str] = &["one_for_one", "one_for_all", "rest_for_one"];
pub(crate) const AUTO_SHUTDOWNS: &[&str] = &["never", "any_significant", "all_significant"];
pub(crate) const RESTARTS: &[&str] = &["permanent", "transient", "temporary"];
const CHILD_OPTIONS: &[&str] = &["restart", "shutdown", "significant", "dynamic", "count"];

/// What other systems call things, with what is written here.
const FOREIGN: &[(&[&str], &str)] = &[
    (
        &[
            "intensity",
            "max_r",
            "maxr",
            "max_retries",
            "retries",
            "limit",
            "restarts",
            "max",
        ],
        "how many restarts are allowed is written `max_restarts = 3`",
    ),
    (
        &[
            "period",
            "max_t",
            "maxt",
            "window",
            "per",
            "max_seconds",
            "restart_window",
            "time",
        ],
        "the time in which restarts are counted is written `within = \"60s\"`",
    ),
    (
        &["delay", "restart_delay", "exponential", "retry"],
        "a delay before restarts is written `backoff(min = \"200ms\", max = \"10s\")`",
    ),
    (
        &["restart", "shutdown", "significant", "dynamic", "count"],
        "that is an option of each child: `#[child(…)]`",
    ),
    (
        &[
            "one_for_one",
            "one_for_all",
            "rest_for_one",
            "simple_one_for_one",
        ],
        "a strategy is the value of `strategy`: `strategy = one_for_one`",
    ),
    (
        &["children", "child", "specs"],
        "each child is a variant, marked `#[child]`",
    ),
];

fn foreign(name: &str, table: &[(&[&str], &str)]) -> Option<String> {
    let lower = name.to_lowercase();
    let entry = table
        .iter()
        .find(|(words, _)| words.contains(&lower.as_str()));
    entry.map(|(_, help)| (*help).to_owned())
}

fn all() -> String {
    format!(
        "the options of `#[supervisor]` are {}, and those of `#[actor]`",
        list(OPTIONS)
    )
}

pub(crate) fn unknown(name: &str) -> Message {
    let near = nearest(name, OPTIONS)
        .or_else(|| nearest(name, super::options::OPTIONS))
        .map(|near| format!("did you mean `{near}`?"));
    Message::new(format!("unknown option `{name}` of `#[supervisor]`"))
        .maybe_help(foreign(name, FOREIGN).or(near))
        .help(all())
}

/// `double` on a supervisor.
pub(crate) fn double() -> Message {
    Message::new("a supervisor has no double")
        .help("remove `double`")
        .note("its children can be doubles: a factory may return what the method `child` of one makes")
}

pub(crate) fn not_an_option() -> Message {
    Message::new("expected an option of the form `name = value`").help(all())
}

pub(crate) fn missing_value(name: &str) -> Message {
    let paste = match name {
        "strategy" => "strategy = one_for_one",
        "max_restarts" => "max_restarts = 3",
        "within" => "within = \"60s\"",
        "auto_shutdown" => "auto_shutdown = any_significant",
        "restart" => "restart = transient",
        "shutdown" => "shutdown = \"5s\"",
        _ => "count = 4",
    };
    Message::new(format!("`{name}` needs a value")).help(format!("write `{paste}`"))
}

pub(crate) fn quoted_word(option: &str, word: &str) -> Message {
    Message::new(format!("the value of `{option}` is written without quotes"))
        .help(format!("write `{option} = {word}`"))
}

pub(crate) fn not_a_word(option: &str, value: &str, words: &[&str]) -> Message {
    Message::new(format!("`{value}` is not a value of `{option}`"))
        .help(format!("the values of `{option}` are {}", list(words)))
}

fn unknown_word(option: &str, word: &str, words: &[&str], meant: Option<String>) -> Message {
    let near = nearest(word, words).map(|near| format!("did you mean `{near}`?"));
    Message::new(format!("unknown value `{word}` of `{option}`"))
        .maybe_help(meant.or(near))
        .help(format!("the values of `{option}` are {}", list(words)))
}

pub(crate) fn unknown_strategy(word: &str) -> Message {
    let meant = match word.to_lowercase().as_str() {
        "simple_one_for_one" => Some(
            "children that are started later are marked `#[child(dynamic)]`, under any strategy",
        ),
        "all" | "all_for_one" | "all_for_all" | "restart_all" => {
            Some("write `strategy = one_for_all`")
        }
        "rest_for_all" | "rest" => Some("write `strategy = rest_for_one`"),
        "one" | "single" => Some("write `strategy = one_for_one`"),
        _ => None,
    };
    unknown_word("strategy", word, STRATEGIES, meant.map(str::to_owned))
}

pub(crate) fn unknown_auto_shutdown(word: &str) -> Message {
    let meant = match word.to_lowercase().as_str() {
        "any" => Some("write `auto_shutdown = any_significant`"),
        "all" => Some("write `auto_shutdown = all_significant`"),
        "false" | "none" | "off" => Some("write `auto_shutdown = never`, or leave it out"),
        _ => None,
    };
    unknown_word(
        "auto_shutdown",
        word,
        AUTO_SHUTDOWNS,
        meant.map(str::to_owned),
    )
}

pub(crate) fn unknown_restart(word: &str) -> Message {
    let meant = match word.to_lowercase().as_str() {
        "always" | "true" => Some("write `restart = permanent`, which is also the default"),
        "on_failure" | "on_error" | "on_crash" | "abnormal" => Some("write `restart = transient`"),
        "never" | "false" | "no" | "none" => Some("write `restart = temporary`"),
        _ => None,
    };
    unknown_word("restart", word, RESTARTS, meant.map(str::to_owned))
}

const SHUTDOWNS: &str =
    "the values of `shutdown` are a duration, as in `\"5s\"`, `brutal` and `infinity`";

pub(crate) fn unknown_shutdown(word: &str) -> Message {
    let meant = match word.to_lowercase().as_str() {
        "brutal_kill" | "kill" | "now" | "immediate" => Some("brutal"),
        "forever" | "never" | "infinite" | "unlimited" | "inf" => Some("infinity"),
        _ => nearest(word, &["brutal", "infinity"]),
    };
    Message::new(format!("unknown value `{word}` of `shutdown`"))
        .maybe_help(meant.map(|meant| format!("write `shutdown = {meant}`")))
        .help(SHUTDOWNS)
}

pub(crate) fn zero_shutdown() -> Message {
    Message::new("a child cannot stop within no time")
        .help("write `shutdown = brutal` for a child that is killed at once")
        .help(SHUTDOWNS)
}

pub(crate) fn not_a_number(option: &str, value: &str) -> Message {
    let example = if option == "count" { "4" } else { "3" };
    Message::new(format!("`{value}` is not a value of `{option}`")).help(format!(
        "write a number, as in `{option} = {example}`, or the path of a constant"
    ))
}

pub(crate) fn zero_count() -> Message {
    Message::new("a child of which there are none is no child")
        .help("give a `count` of at least 1, or remove the variant")
        .help("children that are started later are marked `#[child(dynamic)]`")
}

pub(crate) fn zero(option: &str) -> Message {
    let message = Message::new(format!("`{option}` cannot be zero"));
    match option {
        "within" => message.help("write `within = \"60s\"`").note(
            "restarts are counted in a window of that length; in none there is no restart to count",
        ),
        _ => message.help(format!("write `{option} = \"200ms\"`, or remove `backoff`")),
    }
}

pub(crate) fn no_infinity(option: &str) -> Message {
    Message::new(format!("`{option}` has an end"))
        .help(format!("write a duration, as in `{option} = \"1h\"`"))
}

pub(crate) fn backoff_with_equals(value: &str) -> Message {
    let message = Message::new("the values of `backoff` are given in parentheses");
    let max = if value.starts_with('"') {
        value
    } else {
        "\"10s\""
    };
    message.help(format!("write `backoff(min = \"200ms\", max = {max})`"))
}

pub(crate) fn backoff_option(name: &str) -> Message {
    Message::new(format!("unknown option `{name}` of `backoff`"))
        .help("write `backoff(min = \"200ms\", max = \"10s\")`")
        .note("the delay doubles from `min` with each restart in a row, up to `max`")
}

pub(crate) fn backoff_upside_down() -> Message {
    Message::new("the `min` of `backoff` is longer than its `max`").help("exchange the two")
}

// ---- children

const CHILD_FOREIGN: &[(&[&str], &str)] = &[
    (
        &["type", "worker", "supervisor", "kind"],
        "whether a child is a worker or a supervisor its type says: leave the option out",
    ),
    (
        &[
            "permanent",
            "transient",
            "temporary",
            "restart_type",
            "policy",
        ],
        "when a child is restarted is written `restart = transient`",
    ),
    (
        &[
            "brutal",
            "brutal_kill",
            "infinity",
            "timeout",
            "limit",
            "stop",
            "stop_timeout",
        ],
        "how long a child may take to stop is written `shutdown = \"5s\"`, `brutal` or `infinity`",
    ),
    (
        &[
            "n",
            "num",
            "number",
            "instances",
            "pool",
            "replicas",
            "size",
            "times",
        ],
        "several children of one kind are written `count = 4`",
    ),
    (
        &["lazy", "many", "on_demand", "simple_one_for_one"],
        "a child that is started later, as often as needed, is marked `dynamic`",
    ),
    (
        &["id", "name"],
        "a child is called as its variant is; another name is written `#[method(name)]`",
    ),
    (
        &["start", "args", "arguments", "mfa"],
        "a child is made by its factory in the impl of the children's trait; start arguments are the variant's further fields",
    ),
    (
        &[
            "strategy",
            "max_restarts",
            "within",
            "auto_shutdown",
            "backoff",
        ],
        "that is an option of the whole supervisor: `#[supervisor(…)]`",
    ),
];

fn all_of_child() -> String {
    format!("the options of `#[child]` are {}", list(CHILD_OPTIONS))
}

pub(crate) fn unknown_child_option(name: &str) -> Message {
    let near = nearest(name, CHILD_OPTIONS).map(|near| format!("did you mean `{near}`?"));
    Message::new(format!("unknown option `{name}` of `#[child]`"))
        .maybe_help(foreign(name, CHILD_FOREIGN).or(near))
        .help(all_of_child())
}

pub(crate) fn not_a_child_option(text: &str) -> Message {
    Message::new(format!("`{text}` is not an option of `#[child]`")).help(all_of_child())
}

pub(crate) fn child_with_equals() -> Message {
    Message::new("the options of `#[child]` are given in parentheses")
        .help("write `#[child(restart = transient)]`")
}

pub(crate) fn flag_with_value(name: &str) -> Message {
    Message::new(format!("`{name}` has no value")).help(format!("write `#[child({name})]`"))
}

pub(crate) fn child_of_an_actor(variant: &str) -> Message {
    Message::new(format!(
        "`{variant}` is marked as a child, but this is not a supervisor"
    ))
    .help("write `#[supervisor]` in place of `#[actor]`: a supervisor is an actor, and can have messages as well")
}

pub(crate) fn no_children(name: &str) -> Message {
    Message::new(format!("the supervisor `{name}` has nothing to supervise"))
        .help("add a variant for each child, as in `#[child] Worker(Worker)`")
        .help("an actor that only has messages is declared with `#[actor]`")
}

pub(crate) fn child_without_type(variant: &str) -> Message {
    Message::new(format!(
        "the child `{variant}` does not say which actor it is"
    ))
    .help(format!(
        "write `{variant}({variant})`, with the enum of the actor or supervisor"
    ))
}

pub(crate) fn child_with_names(variant: &str, ty: &str) -> Message {
    Message::new(format!("the fields of the child `{variant}` have no names"))
        .help(format!(
            "write `{variant}({ty}, …)`: the actor's enum, then the start arguments"
        ))
        .note("a child variant is a declaration: no value of it is ever made")
}

pub(crate) fn arguments_of_declared(variant: &str) -> Message {
    Message::new(format!("`{variant}` has start arguments, but is started with its supervisor"))
        .help("write `#[child(dynamic)]` for a child that is started later, by `start_…` with its arguments")
        .help("what every start needs goes in the supervisor's state, where the factory finds it")
}

pub(crate) fn significant_permanent(variant: &str) -> Message {
    Message::new(format!("`{variant}` is permanent, and so cannot be significant"))
        .help("write `restart = transient` or `restart = temporary`, or remove `significant`")
        .note("a significant child ends its supervisor when it is not restarted; a permanent one always is")
}

pub(crate) fn significant_never(variant: &str) -> Message {
    Message::new(format!(
        "`significant` has no effect on `{variant}`: the supervisor never shuts itself down"
    ))
    .help("write `#[supervisor(auto_shutdown = any_significant)]`, or `all_significant`")
}

pub(crate) fn nobody_significant() -> Message {
    Message::new("`auto_shutdown` has no effect: no child is significant")
        .help("mark the children whose end is to end the supervisor: `#[child(restart = transient, significant)]`")
}

pub(crate) fn count_of_dynamic(variant: &str) -> Message {
    Message::new(format!("`{variant}` is dynamic, and so has no `count`"))
        .help("remove `count`, or remove `dynamic`")
        .note("a dynamic child is started as often as it is asked for; a `count` of children is started with the supervisor")
}

pub(crate) fn child_of_itself(name: &str) -> Message {
    Message::new(format!(
        "`{name}` would start itself as its own child, without end"
    ))
    .help("write `#[child(dynamic)]` for a tree that grows as it is needed")
}

pub(crate) fn mark_on_child(mark: &str, variant: &str) -> Message {
    Message::new(format!(
        "`#[{mark}]` has no effect on the child `{variant}`"
    ))
    .help(format!("remove `#[{mark}]`, or remove `#[child]`"))
    .note("a child is an actor of its own, not a message")
}

pub(crate) fn reserved(variant: &str, method: &str) -> Message {
    Message::new(format!(
        "the method of `{variant}` would be called `{method}`, which every supervisor's handle has already"
    ))
    .help(format!("choose another name: `#[method(my_{method})]`, or rename the variant"))
}

pub(crate) fn same_method(variant: &str, other: &str, method: &str) -> Message {
    Message::new(format!(
        "`{variant}` and `{other}` would both have the method `{method}`"
    ))
    .help("give one of them another name, with `#[method(name)]`")
}

pub(crate) fn slower_than_allowed(child: &str, limit: &str) -> String {
    Message::new(format!(
        "the children of `{child}` may take longer to stop than the {limit} that it has itself"
    ))
    .help("give it a longer `shutdown`, or remove it: a supervisor takes as long as its children may")
    .help("or give its children shorter ones: they are stopped one after the other, within 5s each unless they say so")
    .to_string()
}

pub(crate) fn async_handler() -> Message {
    Message::new("the handler of a supervisor is a `fn`, not an `async fn`")
        .help("remove `async`; for slow work let a child do it, or answer later: `#[reply(T, deferred)]`")
        .note("a supervisor that waits in a handler could not restart its children meanwhile")
}
