//! Handlers, factories and everything that is used, in a module without any prelude.
mod protocols {
    #[zctor::actor(double, timeout = "5s")]
    pub enum Counter<K: Clone> {
        #[limit(100, per = "1s")]
        Add { by: i64, key: K },
        #[reply(i64)]
        #[breaker]
        #[idempotent]
        Get,
        #[batch]
        Many(i64),
        #[latest(by = 0)]
        Place(u8, i64),
        #[every("1h")]
        Tick,
        #[priority(high)]
        Now,
        #[reply(i64, error = zctor::Failure, deferred)]
        Later,
    }

    #[zctor::supervisor]
    pub enum Shop {
        #[child(count = 2)]
        Counter(Counter<u8>),
        #[child(dynamic)]
        Visit(Counter<u8>, i64),
        #[reply(i64)]
        Audit,
    }
}

#[no_implicit_prelude]
mod states {
    use super::protocols::{Counter, CounterActor, CounterKind, Shop, ShopActor, ShopChildren, ShopHandle};

    pub struct Tally(i64);

    #[::zctor::handlers]
    impl CounterActor<u8> for Tally {
        fn add(&mut self, by: i64, key: u8) {
            self.0 += by * <i64 as ::std::convert::From<u8>>::from(key);
        }
        async fn get(&mut self) -> i64 {
            self.0
        }
        fn many(&mut self, batch: ::zctor::Batch<i64>) {
            for value in batch {
                self.0 += value;
            }
        }
        fn place(&mut self, key: u8, value: i64) {
            self.0 += value * <i64 as ::std::convert::From<u8>>::from(key);
        }
        fn tick(&mut self) {}
        fn now(&mut self) {}
        fn later(&mut self, reply: ::zctor::Reply<i64, ::zctor::Failure>) {
            reply.send(self.0);
        }
        fn ready(&self, _: CounterKind) -> bool {
            true
        }
        fn on_start(&mut self, _: &mut ::zctor::Context<Counter<u8>>) -> ::zctor::Result<()> {
            ::std::result::Result::Ok(())
        }
    }

    pub struct Premises;

    impl ShopChildren for Premises {
        fn counter(&mut self, _: &ShopHandle, _: usize) -> ::zctor::Child<Counter<u8>> {
            ::zctor::Spawn::child(Tally(0))
        }
        fn visit(&mut self, _: &ShopHandle, value: i64) -> ::zctor::Child<Counter<u8>> {
            ::zctor::Spawn::child(Tally(value))
        }
    }

    #[::zctor::handlers]
    impl ShopActor for Premises {
        fn audit(&self) -> i64 {
            1
        }
    }

    pub fn main() -> ::zctor::Result<()> {
        use ::zctor::Supervisor;
        let system = ::zctor::System::new()?;
        let shop = Shop::start(&system, Premises).wait()?;
        let visit = shop.start_visit(1).wait()?;
        visit.add(5, 2)?;
        ::std::assert_eq!(visit.get().wait()?, 11);
        ::std::assert_eq!(visit.later().wait()?, 11);
        ::std::assert_eq!(shop.audit().wait()?, 1);
        system.shutdown().wait()
    }
}

fn main() -> zctor::Result<()> {
    states::main()
}
