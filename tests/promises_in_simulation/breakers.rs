//! Circuit breakers: when they open, for how long, and how many calls they try.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, Instant};

use zctor::prelude::*;
use zctor::sim::Faults;
use zctor::{CircuitBreaker, CircuitState};

use super::{MS, Notes, promise};

const FAILURES: u32 = 2;
const TRIALS: u32 = 2;
/// Shorter than calls can take, so that old ones end in a later term.
const RECOVERY: Duration = Duration::from_millis(20);
const SUCCESSES: u32 = 3;

#[actor]
enum Upstream {
    #[reply(u32, error = Down)]
    #[breaker(failures = FAILURES, recovery = "20ms", trials = TRIALS, successes = SUCCESSES)]
    #[timeout("50ms")]
    Fetch(u32),
}

#[derive(Debug)]
struct Down;

/// It is down for a while, and takes its time.
struct Server;

#[handlers]
impl UpstreamActor for Server {
    async fn fetch(&mut self, value: u32, ctx: &mut Context<Upstream>) -> Result<u32, Down> {
        let takes = MS * (ctx.random() % 30) as u32;
        ctx.system().sleep(takes).await;
        match ctx.random() % 3 {
            0 => Err(Down),
            _ => Ok(value),
        }
    }
}

#[supervisor(max_restarts = 1000)]
enum Site {
    #[child]
    Upstream(Upstream),
}

struct Ground;

impl SiteChildren for Ground {
    fn upstream(&mut self, _: &SiteHandle) -> Child<Upstream> {
        Upstream::child(Server)
    }
}

/// What is known of a breaker from outside.
#[derive(Default)]
struct Seen {
    /// Grows with each change of its state.
    term: u64,
    state: Option<CircuitState>,
    since: Option<Instant>,
    in_a_row: u32,
    trying: u32,
    succeeded: u32,
    wrong: Notes<String>,
}

impl Seen {
    fn see(&mut self, state: CircuitState, now: Instant) {
        if self.state != Some(state) {
            self.state = Some(state);
            self.term += 1;
            self.since = Some(now);
            (self.in_a_row, self.trying, self.succeeded) = (0, 0, 0);
        }
    }

    fn check(&mut self, holds: bool, what: &str) {
        if !holds {
            // Without its time: instants differ from run to run.
            let (state, row) = (self.state, self.in_a_row);
            let (trying, succeeded) = (self.trying, self.succeeded);
            self.wrong.add(format!(
                "{what}: {state:?}, {row} failures, {trying} tried, {succeeded} succeeded"
            ));
        }
    }

    /// A call was let through when it was in the state that it is in now.
    fn admitted(&mut self, before: CircuitState, open_for: Duration) -> u64 {
        match self.state {
            Some(CircuitState::HalfOpen) => {
                if before == CircuitState::Open {
                    self.check(open_for >= RECOVERY, "tried before its recovery");
                }
                self.trying += 1;
                self.check(self.trying <= TRIALS, "too many trials at once");
                self.check(
                    self.trying + self.succeeded <= SUCCESSES,
                    "more trials than needed",
                );
            }
            Some(CircuitState::Closed) => {}
            _ => self.check(false, "let through while it is open"),
        }
        self.term
    }

    /// It has ended, and `after` is the state that it has brought about.
    fn settled(&mut self, term: u64, failed: bool, after: CircuitState, now: Instant) {
        if term == self.term {
            match self.state {
                Some(CircuitState::Closed) => {
                    self.in_a_row = if failed { self.in_a_row + 1 } else { 0 };
                    let opens = self.in_a_row >= FAILURES;
                    self.check((after == CircuitState::Open) == opens, "opens by failures");
                }
                Some(CircuitState::HalfOpen) => {
                    self.trying -= 1;
                    self.succeeded += u32::from(!failed);
                    let expected = match (failed, self.succeeded >= SUCCESSES) {
                        (true, _) => CircuitState::Open,
                        (false, true) => CircuitState::Closed,
                        (false, false) => CircuitState::HalfOpen,
                    };
                    self.check(after == expected, "goes on from half-open");
                }
                _ => {}
            }
        } else {
            self.check(
                self.state == Some(after),
                "moved by a call of an earlier term",
            );
        }
        self.see(after, now);
    }
}

#[actor]
enum Client {
    #[reply(())]
    Run(u32),
}

struct Person {
    upstream: UpstreamHandle,
    breaker: CircuitBreaker,
    seen: Arc<Mutex<Seen>>,
}

#[handlers]
impl ClientActor for Person {
    async fn run(&mut self, value: u32, ctx: &mut Context<Client>) {
        for number in 0..value {
            let now = ctx.now();
            let before = self.breaker.state();
            let call = self.upstream.fetch(number).send();
            let mut call = pin!(call);
            let first = poll_fn(|cx| Poll::Ready(call.as_mut().poll(cx))).await;
            let turned_away = matches!(&first, Poll::Ready(Err(AskError::CircuitOpen { .. })));
            let term = {
                let mut seen = self.seen.lock().unwrap();
                let open_for = seen.since.map_or(Duration::ZERO, |since| now - since);
                seen.see(self.breaker.state(), now);
                match turned_away {
                    true => None,
                    false => Some(seen.admitted(before, open_for)),
                }
            };
            let outcome = match first {
                Poll::Ready(outcome) => outcome,
                Poll::Pending => call.await,
            };
            if let Some(term) = term {
                let now = ctx.now();
                let after = self.breaker.state();
                let mut seen = self.seen.lock().unwrap();
                seen.settled(term, outcome.is_err(), after, now);
            } else {
                ctx.system().sleep(RECOVERY / 2).await;
            }
            let rest = MS * (ctx.random() % 20) as u32;
            ctx.system().sleep(rest).await;
        }
    }
}

#[test]
fn half_open_tries_a_few_calls() {
    let faults = Faults::new()
        .panic::<Upstream>(20)
        .hold::<Upstream>(30, 40 * MS);
    promise(
        3_200,
        move |explorer| explorer.faults(faults.clone()).fail_on_crash(),
        |system| async move {
            let site = Site::start(&system, Ground).await.unwrap();
            let upstream = site.upstream();
            let breaker = upstream.breaker(UpstreamKind::Fetch).unwrap();
            let seen = Arc::new(Mutex::new(Seen::default()));
            let wrong = seen.lock().unwrap().wrong.clone();
            system.always("what is known of the breaker", move || wrong.are_none());
            seen.lock().unwrap().state = Some(CircuitState::Closed);
            let clients: Vec<_> = (0..4)
                .map(|_| {
                    let person = Person {
                        upstream: upstream.clone(),
                        breaker: breaker.clone(),
                        seen: Arc::clone(&seen),
                    };
                    Client::spawn(&system, person)
                })
                .collect();
            let runs: Vec<_> = clients.iter().map(|client| client.run(8).send()).collect();
            for run in runs {
                run.await.unwrap();
            }
        },
    );
}
