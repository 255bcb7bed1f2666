//! Supervisors of all forms, with nothing to warn of.

#![deny(warnings)]

use zctor::prelude::*;

#[actor]
enum Worker {
    #[reply(u32)]
    Work,
}

struct Hands(u32);

#[handlers]
impl WorkerActor for Hands {
    fn work(&self) -> u32 {
        self.0
    }
}

const DESKS: usize = 2;
const MOST: u32 = 5;

/// A private supervisor of which not everything is used.
#[supervisor(
    strategy = rest_for_one,
    max_restarts = MOST,
    within = "1m 30s",
    auto_shutdown = all_significant,
    backoff(min = "100ms", max = "1s"),
    mailbox = 16,
    timeout = "5s"
)]
#[derive(Clone, Debug, PartialEq)]
enum Shop {
    /// The first.
    #[child(shutdown = "100ms")]
    First(Worker),
    #[cfg(any())]
    #[child]
    Never(Missing),
    #[child(restart = transient, significant, count = DESKS, shutdown = brutal)]
    Desk(Worker),
    #[child(restart = temporary, shutdown = infinity)]
    #[method(third)]
    Other(Worker),
    #[child(dynamic)]
    Visit(Worker, u32, String),
    #[child(dynamic, restart = permanent)]
    Branch(Shop),
    #[child]
    Inner(Inner),
    Ring { bell: String },
    #[reply(u32)]
    Audit,
}

#[supervisor]
enum Inner {
    #[child]
    Only(Worker),
}

#[derive(Clone)]
struct Premises;

impl ShopChildren for Premises {
    fn first(&mut self, _: &ShopHandle) -> Child<Worker> {
        Worker::child(Hands(1))
    }
    fn desk(&mut self, _: &ShopHandle, index: usize) -> Child<Worker> {
        Worker::child(Hands(index as u32))
    }
    fn third(&mut self, _: &ShopHandle) -> Child<Worker> {
        Worker::child(Hands(3))
    }
    fn visit(&mut self, shop: &ShopHandle, number: u32, _name: String) -> Child<Worker> {
        assert_eq!(shop.desks().len(), DESKS);
        Worker::child(Hands(number))
    }
    fn branch(&mut self, _: &ShopHandle) -> Child<Shop> {
        Shop::child(self.clone())
    }
    fn inner(&mut self, _: &ShopHandle) -> Child<Inner> {
        Inner::child(Premises)
    }
}

impl InnerChildren for Premises {
    fn only(&mut self, _: &InnerHandle) -> Child<Worker> {
        Worker::child(Hands(9))
    }
}

#[handlers]
impl ShopActor for Premises {
    async fn on_start(&mut self) {}
    fn ring(&mut self, bell: String, ctx: &mut Context<Shop>) {
        let _ = ctx.start_visit(7, bell);
    }
    fn audit(&self) -> u32 {
        12
    }
}

fn main() {
    let system = System::new().unwrap();
    let shop = Shop::start(&system, Premises).wait().unwrap();
    assert_eq!(shop.first().work().wait().unwrap(), 1);
    assert_eq!(shop.desk(1).work().wait().unwrap(), 1);
    assert_eq!(shop.third().work().wait().unwrap(), 3);
    let visit = shop.start_visit(8, String::new()).wait().unwrap();
    assert_eq!(visit.work().wait().unwrap(), 8);
    let branch = shop.start_branch().wait().unwrap();
    assert_eq!(branch.inner().only().work().wait().unwrap(), 9);
    assert_eq!(shop.audit().wait().unwrap(), 12);
    assert_eq!(ShopChild::Desk(1).to_string(), "desk[1]");
    assert_eq!(Shop::Audit, Shop::Audit.clone());
    shop.ring("ding".into()).wait().unwrap();
    shop.terminate_child(ShopChild::Other).wait().unwrap();
    system.shutdown().wait().unwrap();
}
