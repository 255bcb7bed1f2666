//! The values of `thread`.

use zctor::prelude::*;

#[actor(thread = dedicated, mailbox = 4, overflow = reject)]
enum Own {
    #[reply(Option<String>)]
    Where,
}

#[actor(thread = shared)]
enum Common {
    #[reply(Option<String>)]
    Where,
}

#[actor]
enum Plain {
    Go,
}

struct Here;

fn name() -> Option<String> {
    std::thread::current().name().map(str::to_owned)
}

#[handlers]
impl OwnActor for Here {
    fn r#where(&self) -> Option<String> {
        name()
    }
}

#[handlers]
impl CommonActor for Here {
    fn r#where(&self) -> Option<String> {
        name()
    }
}

fn main() -> zctor::Result<()> {
    assert_eq!(Own::THREAD, zctor::Thread::Dedicated);
    assert_eq!(Common::THREAD, zctor::Thread::Shared);
    assert_eq!(Plain::THREAD, zctor::Thread::Shared);
    let system = System::builder().name("here").workers(1).build()?;
    let own = Own::spawn(&system, Here);
    let common = Common::spawn(&system, Here);
    assert_eq!(own.r#where().wait()?.as_deref(), Some("here-Own#1"));
    assert_eq!(common.r#where().wait()?.as_deref(), Some("here-0"));
    system.shutdown().wait()
}
