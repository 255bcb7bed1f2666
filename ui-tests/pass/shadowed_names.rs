//! What is generated does not care what the names of the prelude mean to the user.
#![allow(dead_code, unused_macros, non_camel_case_types, non_upper_case_globals)]

mod core {}
mod std {}

struct Result;
struct Option;
struct Vec;
struct Box;
struct String;
struct Duration;
struct Handle;
struct Context;
struct Ask;
struct Tell;
struct Port;
trait Send {}
trait Sync {}
trait Sized {}
trait Clone {}
trait Copy {}
trait Debug {}
trait Hash {}
trait Eq {}
trait PartialEq {}
trait Into {}
trait From {}
trait Deref {}
trait Future {}
trait Output {}
trait Protocol {}
trait Kind {}
struct str;
struct bool;
struct usize;
struct u64;

#[allow(non_snake_case)]
fn Ok() {}
#[allow(non_snake_case)]
fn Err() {}
#[allow(non_snake_case)]
fn Some() {}
const None: u8 = 0;
fn ready() {}
fn drop() {}

macro_rules! panic {
    () => {
        compile_error!("not this one")
    };
}

macro_rules! assert {
    () => {
        compile_error!("not this one")
    };
}

#[::zctor::actor(double, timeout = "5s", mailbox = 4)]
enum Counter<T> {
    Add { by: i64, what: T },
    #[reply(i64)]
    Get,
    #[reply(i64, error = ::zctor::Failure)]
    Try { count: u8 },
    #[internal]
    Tick,
}

struct Tally(i64);

#[::zctor::handlers]
impl CounterActor<u8> for Tally {
    fn add(&mut self, by: i64, what: u8) {
        self.0 += by + i64::from(what);
    }
    fn get(&self) -> i64 {
        self.0
    }
    fn r#try(&self, count: u8) -> ::std::result::Result<i64, ::zctor::Failure> {
        ::std::result::Result::Ok(self.0 + i64::from(count))
    }
    async fn tick(&mut self) {}
}

fn main() -> ::zctor::Result<()> {
    use ::zctor::Spawn as _;
    let system = ::zctor::System::new()?;
    let counter = Counter::spawn(&system, Tally(0));
    counter.add(4, 1).wait()?;
    ::std::assert_eq!(counter.get().wait()?, 5);
    ::std::assert_eq!(counter.r#try(2).wait()?, 7);
    system.shutdown().wait()
}
