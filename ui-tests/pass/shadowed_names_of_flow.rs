//! The same for everything that says how many messages come, and when, and for supervisors.
#![allow(dead_code, unused_macros, non_camel_case_types, non_upper_case_globals)]

mod core {}
mod std {}
mod alloc {}
mod zctor {}

struct Result;
struct Option;
struct Vec;
struct Box;
struct String;
struct Duration;
struct Batch;
struct Reply;
struct Rate;
struct Child;
struct Supervision;
struct PhantomData;
struct Infallible;
trait Send {}
trait Sync {}
trait Sized {}
trait Clone {}
trait Copy {}
trait Debug {}
trait Hash {}
trait Hasher {}
trait Eq {}
trait PartialEq {}
trait Into {}
trait From {}
trait Fn {}
trait FnMut {}
trait FnOnce {}
trait Future {}
trait Iterator {}
trait Sound {}
trait MessageField {}
struct str;
struct bool;
struct usize;
struct u8;
struct u32;
struct u64;

#[allow(non_snake_case)]
fn Ok() {}
#[allow(non_snake_case)]
fn Err() {}
#[allow(non_snake_case)]
fn Some() {}
const None: i8 = 0;
fn ready() {}
fn drop() {}

macro_rules! panic {
    () => {
        compile_error!("not this one")
    };
}
macro_rules! vec {
    () => {
        compile_error!("not this one")
    };
}
macro_rules! matches {
    () => {
        compile_error!("not this one")
    };
}

#[::zctor::actor(double, mailbox = lock_free(8), overflow = drop_oldest)]
enum Api<T: ::std::clone::Clone> {
    #[every("1h")]
    Tick,
    #[reply(i64)]
    #[breaker(calls = 20, slow = "1s")]
    #[idempotent]
    Guarded { key: i64, what: T },
    #[reply(i64, error = ::zctor::Failure, deferred)]
    #[limit(100, per = "1s", overflow = wait)]
    #[timeout("1s")]
    Limited(i64),
    #[batch(max = 4)]
    Many { a: i64, b: i64 },
    #[batch]
    #[reply(i64)]
    Asked(i64),
    #[latest(by = key)]
    Place { key: i64 },
    #[latest]
    Last,
    #[priority(high)]
    Now,
    #[internal]
    Own(i64),
}

struct State(i64);

#[::zctor::handlers]
impl ApiActor<i32> for State {
    fn tick(&mut self) {}
    fn guarded(&self, key: i64, what: i32) -> i64 {
        key + i64::from(what)
    }
    fn limited(&self, value: i64, reply: ::zctor::Reply<i64, ::zctor::Failure>) {
        reply.send(self.0 + value);
    }
    fn many(&mut self, batch: ::zctor::Batch<(i64, i64)>) {
        for (a, b) in batch {
            self.0 += a + b;
        }
    }
    fn asked(&mut self, batch: ::zctor::Batch<(i64, ::zctor::Reply<i64>)>) {
        for (value, reply) in batch {
            reply.send(value);
        }
    }
    fn place(&mut self, key: i64) {
        self.0 += key;
    }
    fn last(&mut self) {}
    async fn now(&mut self) {}
    fn own(&mut self, _: i64) {}
    fn ready(&self, _: ApiKind) -> ::std::primitive::bool {
        true
    }
    fn on_start(&mut self, _: &mut ::zctor::Context<Api<i32>>) -> ::zctor::Result<()> {
        ::std::result::Result::Ok(())
    }
}

#[::zctor::supervisor(strategy = one_for_all, backoff, auto_shutdown = any_significant)]
enum Shop {
    #[child(restart = transient, significant)]
    Api(Api<i32>),
    #[child(count = 2, shutdown = "1s")]
    Spare(Api<i32>),
    #[child(dynamic, restart = permanent)]
    Visit(Api<i32>, i64),
    #[reply(i64)]
    Audit,
}

struct Premises;

impl ShopChildren for Premises {
    fn api(&mut self, _: &ShopHandle) -> ::zctor::Child<Api<i32>> {
        ::zctor::Spawn::child(State(0))
    }
    fn spare(&mut self, _: &ShopHandle, _: ::std::primitive::usize) -> ::zctor::Child<Api<i32>> {
        ::zctor::Spawn::child(State(0))
    }
    fn visit(&mut self, _: &ShopHandle, value: i64) -> ::zctor::Child<Api<i32>> {
        ::zctor::Spawn::child(State(value))
    }
}

#[::zctor::handlers]
impl ShopActor for Premises {
    fn audit(&self) -> i64 {
        3
    }
}

fn main() -> ::zctor::Result<()> {
    let system = ::zctor::System::new()?;
    let shop = <Shop as ::zctor::Supervisor>::start(&system, Premises).wait()?;
    let api = shop.api();
    ::std::assert_eq!(api.guarded(4, 1).wait()?, 5);
    api.many(1, 2)?;
    api.flush_many()?;
    ::std::assert_eq!(api.asked(7).wait()?, 7);
    ::std::assert_eq!(shop.audit().wait()?, 3);
    let visit = shop.start_visit(4).wait()?;
    ::std::assert_eq!(visit.limited(1).wait()?, 5);
    system.shutdown().wait()
}
