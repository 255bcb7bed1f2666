//! Ticks, circuit breakers and rate limits, in every form.

#![deny(warnings)]

use zctor::prelude::*;

const MANY: u32 = 20;

mod limits {
    pub(crate) const SHARE: u8 = 40;
}

fn is_harmless<E>(error: &AskError<E>) -> bool {
    error.is_timeout()
}

#[actor(mailbox = 8)]
enum Api<const N: u32> {
    #[every("1h")]
    #[internal]
    Tick,
    #[every("1h")]
    Tock,
    #[reply(u32)]
    #[breaker]
    Plain,
    #[reply(u32)]
    #[breaker(failures = N, successes = MANY, trials = 3, ignore = is_harmless)]
    InARow,
    #[reply(u32, error = std::fmt::Error)]
    #[breaker(calls = MANY, minimum = 5, rate = limits::SHARE, slow = "1s", slow_rate = 90, ignore = is_harmless::<std::fmt::Error>)]
    OfCalls { a: u8, b: String },
    #[reply(u32, deferred)]
    #[breaker(time = "1m 30s", recovery = "5s")]
    #[limit(N, per = "1s", burst = MANY, overflow = wait)]
    #[timeout("1s")]
    OfTime(u8),
    #[idempotent]
    #[reply(u32, error = String)]
    #[breaker]
    #[limit(1000, per = "1s", overflow = wait)]
    Again { a: u8, #[cfg(any())] b: Nowhere, #[cfg(all())] c: String },
    #[idempotent]
    #[reply(u32)]
    #[batch]
    AgainMany(u32),
    #[limit(MANY, per = "1s")]
    Rejects(u8),
    #[limit(MANY, per = "1s", overflow = reject)]
    #[priority(high)]
    High,
    #[cfg(any())]
    #[limit(NOWHERE, per = "1s", overflow = wait)]
    Never,
    #[cfg(all())]
    #[limit(MANY, per = "1s", overflow = wait)]
    Waits(u8),
}

struct State;

#[handlers]
impl<const N: u32> ApiActor<N> for State {
    fn tick(&mut self) {}
    fn tock(&mut self) {}
    fn plain(&self) -> u32 {
        1
    }
    fn in_a_row(&self) -> u32 {
        2
    }
    fn of_calls(&self, a: u8, b: String) -> Result<u32, std::fmt::Error> {
        Ok(u32::from(a) + b.len() as u32)
    }
    fn of_time(&mut self, value: u8, reply: Reply<u32>) {
        reply.send(u32::from(value));
    }
    fn again(&self, a: u8, c: String) -> Result<u32, String> {
        if a > 0 { Ok(u32::from(a)) } else { Err(c) }
    }
    fn again_many(&mut self, batch: zctor::Batch<(u32, Reply<u32>)>) {
        batch.for_each(|(value, reply)| reply.send(value));
    }
    fn rejects(&mut self, _value: u8) {}
    fn high(&mut self) {}
    fn waits(&mut self, _value: u8) {}
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let api = Api::<4>::spawn(&system, State);
    api.tock().wait()?;
    assert_eq!(api.plain().wait()?, 1);
    assert_eq!(api.in_a_row().wait()?, 2);
    assert_eq!(api.of_calls(3, "b".to_owned()).wait()?, 4);
    assert_eq!(api.of_time(5).wait()?, 5);
    let retry = zctor::Retry::times(1);
    assert_eq!(api.again(3, "c".to_owned()).wait()?, 3);
    assert_eq!(api.again(3, "c".to_owned()).retry(retry).wait()?, 3);
    assert_eq!(api.again_many(5).retry(retry).when(|_| true).wait()?, 5);
    api.rejects(1).wait()?;
    api.high()?;
    api.waits(1).wait()?;
    let settings = api.breaker(ApiKind::InARow).expect("it has one");
    assert_eq!(settings.metrics().succeeded, 1);
    system.shutdown().wait()
}
