//! Actors that watch one another, and have work beside their mailboxes, leave
//! no memory behind when they end, in whatever way.

mod support;

use std::alloc::System as Heap;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use support::{eventually, within};
use zctor::prelude::*;
use zctor::{Exit, Recipient, Subscription, Topic};

#[global_allocator]
static COUNTING: &StatsAlloc<Heap> = &INSTRUMENTED_SYSTEM;

/// A stream that ends never and gives nothing, or the same for ever.
struct Endless {
    silent: bool,
    with: NodeHandle,
}

impl zctor::Stream for Endless {
    type Item = NodeHandle;

    fn poll_next(self: Pin<&mut Self>, _: &mut TaskContext<'_>) -> Poll<Option<NodeHandle>> {
        if self.silent {
            return Poll::Pending;
        }
        Poll::Ready(Some(self.with.clone()))
    }
}

#[actor]
enum Node {
    /// Ties itself to the other in every way.
    Tie(NodeHandle),
    #[internal]
    Met(NodeHandle),
    #[internal]
    Gone(Exit),
    #[internal]
    Piped(Recipient<NodeHandle>),
    #[internal]
    Quiet,
    Fail,
    #[reply(())]
    Ping,
}

struct Knot {
    known: Vec<NodeHandle>,
    heard: Vec<Recipient<NodeHandle>>,
    subscribed: Vec<Subscription>,
}

fn knot() -> Knot {
    Knot {
        known: Vec::new(),
        heard: Vec::new(),
        subscribed: Vec::new(),
    }
}

#[handlers]
impl NodeActor for Knot {
    fn tie(&mut self, value: NodeHandle, ctx: &mut Context<Node>) -> Result<(), Failure> {
        ctx.monitor(&value, Node::Gone);
        ctx.monitor_incarnation(&value, Node::Gone);
        ctx.link(&value);
        let own = ctx.handle();
        let recipient = value.recipient(Node::Met);
        ctx.pipe(async { recipient }, Node::Piped);
        ctx.pipe(std::future::pending(), |never: NodeHandle| Node::Met(never));
        for silent in [true, false] {
            let with = own.clone();
            ctx.attach(Endless { silent, with }, Node::Met);
        }
        let named = ctx.system().topic("met")?;
        let other = named.subscribe(value.recipient(Node::Met));
        named.subscribe(own.recipient(Node::Met)).detach();
        named.publish(own.clone());
        let unnamed = Topic::new();
        unnamed.subscribe(value.recipient(Node::Met)).detach();
        unnamed.publish(own.clone());
        self.subscribed.push(other);
        let child = ctx.spawn_child(Node::child(knot()))?;
        ctx.monitor(&child, Node::Gone);
        ctx.timer("met")
            .after(Duration::from_secs(3600), Node::Met(own));
        ctx.set_receive_timeout(Duration::from_secs(3600), || Node::Quiet);
        self.known.push(value);
        Ok(())
    }
    fn met(&mut self, _value: NodeHandle) {}
    fn gone(&mut self, _value: Exit) {}
    fn piped(&mut self, value: Recipient<NodeHandle>) {
        self.heard.push(value);
    }
    fn quiet(&mut self) {}
    fn fail(&mut self, ctx: &mut Context<Node>) {
        ctx.fail(Failure::msg("on purpose"));
    }
    fn ping(&self) {}
}

fn round(system: &System, number: u32) {
    let (one, other) = (Node::spawn(system, knot()), Node::spawn(system, knot()));
    one.tie(other.clone()).unwrap();
    if number.is_multiple_of(2) {
        other.tie(one.clone()).unwrap();
    }
    if number.is_multiple_of(3) {
        let _ = one.ping().wait();
    }
    let seat = Node::reserve(system);
    seat.handle().tie(one.clone()).unwrap();
    match number % 4 {
        0 => one.kill(),
        1 if number < 40 => one.fail().unwrap(),
        2 => other.kill(),
        _ => {
            one.stop();
            other.stop();
        }
    }
    // Each of them holds itself, and perhaps the other.
    one.stop();
    other.stop();
    one.stopped().wait().unwrap();
    other.stopped().wait().unwrap();
}

// One test, since the counter is for the whole program.
#[test]
fn what_was_tied_is_freed() {
    within(120, || {
        let system = System::builder().workers(2).build().unwrap();
        (0..200).for_each(|number| round(&system, number));
        eventually("all have ended", || system.actor_count() == 0);
        std::thread::sleep(Duration::from_millis(50));
        let heap = Region::new(COUNTING);
        (200..1_200).for_each(|number| round(&system, number));
        eventually("all have ended", || system.actor_count() == 0);
        // A round takes some ten thousand bytes. Queues may have grown.
        let left = || {
            let change = heap.change();
            change.bytes_allocated as i64 - change.bytes_deallocated as i64
        };
        eventually("the memory is free", || left() < 100_000);
        system.shutdown().wait().unwrap();
    });
}
