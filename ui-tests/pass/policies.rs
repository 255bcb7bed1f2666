//! Each policy of a mailbox has the methods that go with it.
use zctor::prelude::*;

mod limits {
    pub const ROOM: usize = 2;
}

#[actor(mailbox = unbounded)]
enum Unbounded {
    Ping,
}

#[actor(mailbox = 1_000)]
enum Waits {
    Ping,
}

#[actor(mailbox = limits::ROOM, overflow = wait)]
enum WaitsToo {
    Ping,
}

#[actor(mailbox = 0x10, overflow = reject,)]
enum Rejects {
    Ping,
}

#[actor(mailbox = 3usize, overflow = drop_newest)]
enum DropsNewest {
    Ping,
}

#[actor(overflow = drop_oldest, mailbox = crate::limits::ROOM)]
enum DropsOldest {
    Ping,
}

#[actor(mailbox = lock_free)]
enum LockFree {
    Ping,
}

#[actor(mailbox = lock_free(1_000))]
enum LockFreeWaits {
    Ping,
}

#[actor(mailbox = lock_free(limits::ROOM), overflow = reject)]
enum LockFreeRejects {
    Ping,
}

struct Quiet;

#[handlers]
impl UnboundedActor for Quiet {
    fn ping(&mut self) {}
}
#[handlers]
impl WaitsActor for Quiet {
    fn ping(&mut self) {}
}
#[handlers]
impl WaitsTooActor for Quiet {
    fn ping(&mut self) {}
}
#[handlers]
impl RejectsActor for Quiet {
    fn ping(&mut self) {}
}
#[handlers]
impl DropsNewestActor for Quiet {
    fn ping(&mut self) {}
}
#[handlers]
impl DropsOldestActor for Quiet {
    fn ping(&mut self) {}
}
#[handlers]
impl LockFreeActor for Quiet {
    fn ping(&mut self) {}
}
#[handlers]
impl LockFreeWaitsActor for Quiet {
    fn ping(&mut self) {}
}
#[handlers]
impl LockFreeRejectsActor for Quiet {
    fn ping(&mut self) {}
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    Unbounded::spawn(&system, Quiet).ping()?;
    Waits::spawn(&system, Quiet).ping().wait()?;
    WaitsToo::spawn(&system, Quiet).ping().try_now()?;
    Rejects::spawn(&system, Quiet).ping()?;
    DropsNewest::spawn(&system, Quiet).ping()?;
    DropsOldest::spawn(&system, Quiet).ping()?;
    LockFree::spawn(&system, Quiet).ping()?;
    LockFreeWaits::spawn(&system, Quiet).ping().wait()?;
    LockFreeRejects::spawn(&system, Quiet).ping()?;
    let capacities = [
        Unbounded::MAILBOX.capacity(),
        Waits::MAILBOX.capacity(),
        WaitsToo::MAILBOX.capacity(),
        Rejects::MAILBOX.capacity(),
        DropsNewest::MAILBOX.capacity(),
        DropsOldest::MAILBOX.capacity(),
    ];
    assert_eq!(capacities, [None, Some(1000), Some(2), Some(16), Some(3), Some(2)]);
    assert_eq!(LockFree::MAILBOX.capacity(), None);
    assert_eq!(LockFreeWaits::MAILBOX.capacity(), Some(1000));
    assert_eq!(LockFreeRejects::MAILBOX.capacity(), Some(2));
    assert!(LockFree::MAILBOX.is_lock_free() && LockFreeWaits::MAILBOX.is_lock_free());
    assert!(!Unbounded::MAILBOX.is_lock_free() && !Waits::MAILBOX.is_lock_free());
    system.shutdown().wait()
}
