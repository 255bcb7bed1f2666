//! A state whose messages are recorded on their way to it.

use std::future::Future;

use super::recording::Recording;
use crate::any_port::Apart;
use crate::child::{Child, Seed, Source};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::handle::Handle;
use crate::handled_by::HandledBy;
use crate::protocol::{Protocol, any_batch};
use crate::role::Role;
use crate::spawn::{ActorBuilder, Spawn, State, launch};
use crate::supervision::arguments::Arguments;
use crate::supervision::made::Made;

struct Recorder<P: Protocol, S> {
    state: S,
    recording: Recording<P>,
}

impl<P: Protocol + Clone, S> Recorder<P, S> {
    /// The same message, with the same port.
    fn record(&self, envelope: P::Envelope, ctx: &Context<P>) -> P::Envelope {
        let kind = P::kind(&envelope);
        let mut port = Apart::default();
        let message = P::open_with(envelope, &mut port);
        let incarnation = ctx.cell().incarnation();
        // An ask whose caller has gone is not handled either.
        if !port.0.as_ref().is_some_and(|port| port.is_withdrawn()) {
            self.recording
                .push(message.clone(), kind, ctx.now(), incarnation);
        }
        message.seal_with(&mut port)
    }
}

impl<P, S> Role<P> for Recorder<P, S>
where
    P: HandledBy<S> + Clone,
    S: Send + 'static,
{
    const HOLDS: bool = P::HOLDS;

    fn ready(&self, next: P::Kind) -> bool {
        P::ready(&self.state, next)
    }

    fn on_start<'a>(
        &'a mut self,
        ctx: &'a mut Context<P>,
    ) -> impl Future<Output = Result<(), Failure>> + Send + 'a {
        self.recording.begin(ctx.now());
        P::on_start(&mut self.state, ctx)
    }

    fn on_restart<'a>(
        &'a mut self,
        previous: Exit,
        ctx: &'a mut Context<P>,
    ) -> impl Future<Output = Result<(), Failure>> + Send + 'a {
        P::on_restart(&mut self.state, previous, ctx)
    }

    fn child(
        &mut self,
        supervisor: &Handle<P>,
        name: &'static str,
        index: usize,
        arguments: Option<Arguments>,
    ) -> Made {
        P::child(&mut self.state, supervisor, name, index, arguments)
    }

    fn on_stop<'a>(
        &'a mut self,
        ctx: &'a mut Context<P>,
    ) -> impl Future<Output = Result<(), Failure>> + Send + 'a {
        P::on_stop(&mut self.state, ctx)
    }

    fn collects(&mut self, envelope: P::Envelope, ctx: &Context<P>) -> P::Envelope {
        self.record(envelope, ctx)
    }

    fn dispatch_batch<'a>(
        &'a mut self,
        batch: P::Batch,
        ctx: &'a mut Context<P>,
    ) -> impl Future<Output = Result<(), Failure>> + Send + 'a {
        P::dispatch_batch(&mut self.state, batch, ctx)
    }

    fn dispatch<'a>(
        &'a mut self,
        envelope: P::Envelope,
        ctx: &'a mut Context<P>,
    ) -> impl Future<Output = Result<(), Failure>> + Send + 'a {
        // Where there are batches it was recorded when it was taken.
        let envelope = match const { any_batch(P::VARIANTS) } {
            true => envelope,
            false => self.record(envelope, ctx),
        };
        P::dispatch(&mut self.state, envelope, ctx)
    }
}

impl<P, S> ActorBuilder<P, S>
where
    P: HandledBy<S> + Spawn + Clone,
    S: Send + 'static,
{
    /// Records its messages: see [`Recording`](crate::test_kit::Recording). They are
    /// cloned for that.
    pub fn record(self, recording: &Recording<P>) -> Self {
        let recording = recording.clone();
        self.launched_by(Box::new(move |cell, state| {
            let recorder = Recorder { state, recording };
            launch(cell, recorder).map_err(|(refusal, recorder)| (refusal, recorder.state))
        }))
    }
}

impl<P: Protocol + Clone> Recording<P> {
    /// As `Counter::child(state)`, but recorded.
    pub fn child<S>(&self, state: S) -> Child<P>
    where
        P: HandledBy<S>,
        S: Send + 'static,
    {
        let recording = self.clone();
        let recorder = Recorder { state, recording };
        Child::new(Source::Once(Box::new(State(recorder))))
    }

    /// As `Counter::child_with(state)`, but recorded.
    ///
    /// ```
    /// use zctor::prelude::*;
    /// use zctor::test::Recording;
    ///
    /// #[derive(Clone)]
    /// #[actor] enum Lamp { #[reply(())] On, Break }
    /// struct Bulb;
    /// #[handlers] impl LampActor for Bulb {
    ///     fn on(&mut self) {}
    ///     fn r#break(&mut self) -> Result<(), Failure> { Err(Failure::msg("burnt out")) }
    /// }
    /// #[supervisor] enum House { #[child] Hall(Lamp) }
    /// struct Plan { recording: Recording<Lamp> }
    /// impl HouseChildren for Plan {
    ///     fn hall(&mut self, _: &HouseHandle) -> Child<Lamp> { self.recording.child(Bulb) }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::builder().quiet().build()?;
    /// let recording = Recording::new();
    /// let house = House::start(&system, Plan { recording: recording.clone() }).wait()?;
    /// house.hall().r#break()?;
    /// house.hall().on().wait()?;
    /// let states: Vec<u64> = recording.messages().iter().map(|one| one.incarnation()).collect();
    /// assert_eq!(states, [1, 2]);
    /// # system.shutdown().wait() }
    /// ```
    pub fn child_with<S>(&self, mut state: impl FnMut() -> S + Send + 'static) -> Child<P>
    where
        P: HandledBy<S>,
        S: Send + 'static,
    {
        let recording = self.clone();
        let seed = move || {
            let (state, recording) = (state(), recording.clone());
            Box::new(State(Recorder { state, recording })) as Box<dyn Seed<P>>
        };
        Child::new(Source::Again(Box::new(seed)))
    }
}
