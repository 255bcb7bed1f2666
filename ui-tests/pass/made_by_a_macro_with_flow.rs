//! Fragments in every attribute of flow, of supervisors, and in visibilities; zctor from `$crate`.
use zctor::Batch;
use zctor::prelude::*;

mod vendor {
    pub use zctor;
}

macro_rules! api {
    ($vis:vis $name:ident, $trait:ident, $state:ident, $count:expr, $per:literal, $many:expr, $method:ident, $ty:ty, $error:ty, $path:path, $field:ident, $number:literal) => {
        #[$crate::vendor::zctor::actor(crate = $crate::vendor::zctor, double)]
        $vis enum $name {
            #[limit($count, per = $per, burst = $many)]
            #[method($method)]
            Add { $field: $ty },
            #[reply($ty, error = $error)]
            #[breaker(failures = $many, recovery = $per, ignore = $path)]
            #[timeout($per)]
            Get,
            #[batch(max = $many, within = $per)]
            Many($ty),
            #[latest(by = $field)]
            Place { $field: $ty },
            #[latest(by = $number)]
            Other($ty, u8),
            #[every($per)]
            Tick,
        }

        $vis struct $state($ty);

        #[$crate::vendor::zctor::handlers(crate = $crate::vendor::zctor)]
        impl $trait for $state {
            fn $method(&mut self, $field: $ty) {
                self.0 += $field;
            }
            fn get(&self) -> std::result::Result<$ty, $error> {
                Ok(self.0)
            }
            fn many(&mut self, batch: Batch<$ty>) {
                self.0 += batch.into_iter().sum::<$ty>();
            }
            fn place(&mut self, $field: $ty) {
                self.0 += $field;
            }
            fn other(&mut self, first: $ty, _: u8) {
                self.0 += first;
            }
            fn tick(&mut self) {}
        }
    };
}

fn is_harmless(error: &AskError<std::fmt::Error>) -> bool {
    error.is_timeout()
}

api!(pub(crate) Api, ApiActor, State, 100, "1h", 50, plus, i64, std::fmt::Error, is_harmless, by, 0);

macro_rules! shop {
    ($name:ident, $children:ident, $handle:ident, $strategy:ident, $most:expr, $time:literal, $count:expr, $child:ty, $make:expr) => {
        #[supervisor(strategy = $strategy, max_restarts = $most, within = $time)]
        enum $name {
            #[child(count = $count, shutdown = $time)]
            Packer($child),
        }

        impl $children for Premises {
            fn packer(&mut self, _: &$handle, _: usize) -> Child<$child> {
                $make
            }
        }
    };
}

struct Premises;
shop!(Shop, ShopChildren, ShopHandle, one_for_all, 5, "1m", 3, Api, Api::child(State(0)));

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let api = Api::spawn(&system, State(0));
    api.plus(5)?;
    api.many(2)?;
    api.flush_many()?;
    api.place(1)?;
    api.other(1, 1)?;
    assert_eq!(api.get().wait()?, 9);
    let shop = Shop::start(&system, Premises).wait()?;
    assert_eq!(shop.packers().len(), 3);
    system.shutdown().wait()
}
