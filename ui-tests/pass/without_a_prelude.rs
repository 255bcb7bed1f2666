//! Handlers in a module without any prelude.
mod counter {
    #[zctor::actor(double)]
    pub enum Counter<K> {
        Add { by: i64, key: K },
        #[reply(i64)]
        Get,
    }
}

#[no_implicit_prelude]
mod tally {
    use super::counter::{Counter, CounterActor};

    pub struct Tally(i64);

    #[::zctor::handlers]
    impl CounterActor<u8> for Tally {
        fn add(&mut self, by: i64, key: u8) {
            self.0 += by * ::std::convert::Into::<i64>::into(key);
        }
        async fn get(&mut self) -> i64 {
            self.0
        }
    }

    pub fn main() -> ::zctor::Result<()> {
        use ::zctor::Spawn;
        let system = ::zctor::System::new()?;
        let counter = Counter::spawn(&system, Tally(0));
        counter.add(5, 2)?;
        ::std::assert_eq!(counter.get().wait()?, 10);
        system.shutdown().wait()
    }
}

fn main() -> zctor::Result<()> {
    tally::main()
}
