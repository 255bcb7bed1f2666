//! A whole tree that only one function knows.
use zctor::prelude::*;

fn run(system: &System) -> zctor::Result<u8> {
    #[actor]
    enum Worker {
        #[reply(Size)]
        Work(Size),
    }

    type Size = u8;

    struct Hands;

    #[handlers]
    impl WorkerActor for Hands {
        fn work(&self, size: Size) -> Size {
            size + 1
        }
    }

    #[supervisor]
    enum Shop {
        #[child]
        Worker(Worker),
        #[child(dynamic)]
        Helper(Worker, Size),
        #[latest(by = 0)]
        Note(Size),
    }

    struct Premises;

    impl ShopChildren for Premises {
        fn worker(&mut self, _: &ShopHandle) -> Child<Worker> {
            Worker::child(Hands)
        }
        fn helper(&mut self, _: &ShopHandle, _: Size) -> Child<Worker> {
            Worker::child(Hands)
        }
    }

    #[handlers]
    impl ShopActor for Premises {
        fn note(&mut self, _: Size) {}
    }

    let shop = Shop::start(system, Premises).wait()?;
    shop.note(1)?;
    let helper = shop.start_helper(1).wait()?;
    Ok(shop.worker().work(1).wait()? + helper.work(2).wait()?)
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    assert_eq!(run(&system)?, 5);
    system.shutdown().wait()
}
