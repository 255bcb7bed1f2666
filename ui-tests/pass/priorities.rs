//! `#[priority(high)]` on messages of every kind, under every policy.

use zctor::prelude::*;

#[actor(mailbox = 1, overflow = wait)]
enum Press<T: Send + 'static> {
    Print(T),
    #[priority(high)]
    Cancel,
    /// Looks at the paper.
    #[priority(high)]
    #[reply(u32, error = String)]
    #[timeout("5s")]
    Look { page: u32 },
    #[cfg(any())]
    #[priority(high)]
    Never(T),
    #[priority(high)]
    #[method(press_stop)]
    #[reply((), deferred)]
    Stop,
}

#[actor(mailbox = 1, overflow = drop_oldest)]
enum Bell {
    #[priority(high)]
    Ring,
}

struct State;

#[handlers]
impl PressActor<String> for State {
    fn print(&mut self, _value: String) {}
    fn cancel(&mut self) {}
    fn look(&mut self, page: u32) -> Result<u32, String> {
        Ok(page)
    }
    fn press_stop(&mut self, reply: Reply<()>) {
        reply.send(());
    }
}

#[handlers]
impl BellActor for State {
    fn ring(&mut self) {}
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let press = Press::spawn(&system, State);
    press.print("page".to_owned()).wait()?;
    // It never waits, so it returns at once.
    press.cancel()?;
    assert_eq!(press.look(3).wait()?, 3);
    press.press_stop().wait()?;
    press.tell(Press::Cancel)?;
    let bell = Bell::spawn(&system, State);
    bell.ring()?;
    let high = |variants: &[zctor::Variant]| variants.iter().map(|row| row.is_high()).collect::<Vec<_>>();
    assert_eq!(high(Press::<String>::VARIANTS), [false, true, true, true]);
    assert_eq!(high(Bell::VARIANTS), [true]);
    system.shutdown().wait()
}
