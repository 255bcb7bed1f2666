//! What a handler can do with time.

use std::fmt;
use std::time::Duration;

use crate::context::Context;
use crate::protocol::Protocol;
use crate::timers::{TimerKey, TimerName};

impl<P: Protocol> Context<P> {
    /// Sends `message` to this actor after `delay`. It does not count against
    /// the mailbox's capacity, and does not keep the actor alive.
    pub fn send_after(&mut self, delay: Duration, message: P) -> TimerKey {
        let (cell, own) = self.parts();
        own.timers.after(cell, delay, message, None)
    }

    /// Sends what `make` makes to this actor, first after one `period`, then
    /// every period.
    ///
    /// The ticks come at whole numbers of periods after this call, however long
    /// their handlers take, and at most one waits at a time: when handlers are
    /// slower than the period, the ticks that were missed meanwhile are left
    /// out. There is never a burst to catch up.
    ///
    /// # Panics
    /// If `period` is zero.
    ///
    /// ```
    /// use std::time::Duration;
    /// use zctor::prelude::*;
    ///
    /// #[actor]
    /// enum Clock { #[internal] Tick }
    /// #[derive(Default)]
    /// struct Hand { ticks: u32 }
    /// #[handlers]
    /// impl ClockActor for Hand {
    ///     fn on_start(&mut self, ctx: &mut Context<Clock>) {
    ///         ctx.send_every(Duration::from_millis(2), || Clock::Tick);
    ///     }
    ///     fn tick(&mut self, ctx: &mut Context<Clock>) {
    ///         self.ticks += 1;
    ///         if self.ticks == 3 { ctx.stop() }
    ///     }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// let system = System::new()?;
    /// let clock = Clock::spawn(&system, Hand::default());
    /// clock.stopped().wait()?;
    /// # system.shutdown().wait() }
    /// ```
    pub fn send_every(
        &mut self,
        period: Duration,
        make: impl FnMut() -> P + Send + 'static,
    ) -> TimerKey {
        assert!(!period.is_zero(), "the period of `send_every` is zero");
        let (cell, own) = self.parts();
        own.timers.every(cell, period, Box::new(make), None)
    }

    /// Starts what `#[every]` declares.
    #[inline]
    pub(crate) fn start_ticks(&mut self) {
        for tick in P::EVERY {
            let (cell, own) = self.parts();
            own.timers
                .every(cell, tick.period, Box::new(tick.make), None);
        }
    }

    /// Takes a timer back. It does not fire after this, also if its message
    /// was waiting already. False if it had fired for the last time, or was
    /// cancelled before.
    ///
    /// ```
    /// use std::time::Duration;
    /// use zctor::prelude::*;
    ///
    /// #[actor]
    /// enum Egg { Boil }
    /// struct Pot;
    /// #[handlers]
    /// impl EggActor for Pot {
    ///     fn boil(&mut self, ctx: &mut Context<Egg>) {
    ///         let timer = ctx.send_after(Duration::from_secs(240), Egg::Boil);
    ///         assert!(ctx.cancel(timer));
    ///         assert!(!ctx.cancel(timer));
    ///         ctx.stop();
    ///     }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// # let egg = Egg::spawn(&system, Pot);
    /// # egg.boil()?;
    /// # assert!(egg.stopped().wait()?.is_orderly());
    /// # system.shutdown().wait() }
    /// ```
    pub fn cancel(&mut self, timer: TimerKey) -> bool {
        self.parts_if_any()
            .is_some_and(|(cell, own)| own.timers.cancel(cell, timer))
    }

    /// The timer with this name, to be set, set anew, or taken back. There is
    /// one timer of a name at a time: to set it again takes the earlier one
    /// back, also if its message was waiting already.
    ///
    /// ```
    /// use std::time::Duration;
    /// use zctor::prelude::*;
    ///
    /// /// Saves when nobody has typed for a while.
    /// #[actor]
    /// enum Editor { Type(char), #[internal] Save }
    /// #[derive(Default)]
    /// struct Page { text: String, saved: Option<String> }
    /// #[handlers]
    /// impl EditorActor for Page {
    ///     fn r#type(&mut self, value: char, ctx: &mut Context<Editor>) {
    ///         self.text.push(value);
    ///         ctx.timer("save").after(Duration::from_millis(20), Editor::Save);
    ///     }
    ///     fn save(&mut self, ctx: &mut Context<Editor>) {
    ///         assert!(!ctx.timer("save").is_set());
    ///         self.saved = Some(self.text.clone());
    ///         ctx.stop();
    ///     }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let editor = Editor::spawn(&system, Page::default());
    /// "hello".chars().try_for_each(|letter| editor.r#type(letter))?;
    /// assert!(editor.stopped().wait()?.is_orderly());
    /// # system.shutdown().wait() }
    /// ```
    pub fn timer(&mut self, name: impl Into<TimerName>) -> NamedTimer<'_, P> {
        NamedTimer {
            name: name.into(),
            ctx: self,
        }
    }

    /// Sends what `make` makes to this actor whenever it has handled nothing
    /// for `limit`: the first time that long after this call or after the last
    /// handler has returned, and again after each further `limit` of quiet.
    /// Every other message begins the time anew, those of timers and pipes as
    /// well. It takes the place of one that was set before.
    ///
    /// It does not count against the mailbox's capacity, and does not keep the
    /// actor alive.
    ///
    /// # Panics
    /// If `limit` is zero.
    ///
    /// ```
    /// use std::time::Duration;
    /// use zctor::prelude::*;
    ///
    /// #[actor]
    /// enum Session { Line(String), #[internal] Idle }
    /// struct Guest;
    /// #[handlers]
    /// impl SessionActor for Guest {
    ///     fn on_start(&mut self, ctx: &mut Context<Session>) {
    ///         ctx.set_receive_timeout(Duration::from_millis(20), || Session::Idle);
    ///     }
    ///     fn line(&mut self, _value: String) {}
    ///     fn idle(&mut self, ctx: &mut Context<Session>) { ctx.stop() }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let session = Session::spawn(&system, Guest);
    /// session.line("hello".to_owned())?;
    /// assert!(session.stopped().wait()?.is_orderly());
    /// # system.shutdown().wait() }
    /// ```
    pub fn set_receive_timeout(
        &mut self,
        limit: Duration,
        make: impl FnMut() -> P + Send + 'static,
    ) {
        assert!(
            !limit.is_zero(),
            "the limit of `set_receive_timeout` is zero"
        );
        let (cell, own) = self.parts();
        own.timers.set_quiet(cell, limit, Box::new(make));
    }

    /// Takes back what [`set_receive_timeout`](Context::set_receive_timeout)
    /// has set. False if nothing was.
    pub fn clear_receive_timeout(&mut self) -> bool {
        self.parts_if_any()
            .is_some_and(|(cell, own)| own.timers.clear_quiet(cell))
    }
}

/// A timer of an actor that has a name: see [`Context::timer`].
#[must_use = "it does nothing until it is set or cancelled"]
pub struct NamedTimer<'a, P: Protocol> {
    name: TimerName,
    ctx: &'a mut Context<P>,
}

impl<P: Protocol> NamedTimer<'_, P> {
    /// As [`Context::send_after`], in place of the earlier timer of this name.
    pub fn after(self, delay: Duration, message: P) -> TimerKey {
        let (cell, own) = self.ctx.parts();
        own.timers.after(cell, delay, message, Some(self.name))
    }

    /// As [`Context::send_every`], in place of the earlier timer of this name.
    ///
    /// # Panics
    /// If `period` is zero.
    pub fn every(self, period: Duration, make: impl FnMut() -> P + Send + 'static) -> TimerKey {
        assert!(!period.is_zero(), "the period of `every` is zero");
        let (cell, own) = self.ctx.parts();
        own.timers
            .every(cell, period, Box::new(make), Some(self.name))
    }

    /// Takes it back, also if its message was waiting already. False if it was
    /// not set.
    pub fn cancel(self) -> bool {
        self.ctx
            .parts_if_any()
            .is_some_and(|(cell, own)| own.timers.cancel_named(cell, self.name))
    }

    /// Whether it is set, and has not fired for the last time.
    #[must_use]
    pub fn is_set(self) -> bool {
        self.ctx
            .parts_if_any()
            .is_some_and(|(_, own)| own.timers.is_set(self.name))
    }
}

impl<P: Protocol> fmt::Debug for NamedTimer<'_, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NamedTimer({})", self.name)
    }
}
