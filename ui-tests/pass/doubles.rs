//! Doubles: by whatever name, of whatever visibility, and in some builds only.
#![deny(warnings, missing_docs, missing_debug_implementations)]

/// As another crate would have them.
pub mod counter {
    use zctor::prelude::*;

    /// The double is made where tests are compiled.
    #[cfg_attr(test, actor(mailbox = 4, double))]
    #[cfg_attr(not(test), actor(mailbox = 4))]
    #[derive(Debug)]
    pub enum Counter {
        /// Adds.
        Add(i64),
    }

    /// The other way round.
    #[cfg_attr(not(test), actor(double = pub_name::Fake))]
    #[cfg(any())]
    pub enum Nothing {}

    #[cfg_attr(not(test), actor(double = FakeLamp, handle = Switch))]
    #[cfg_attr(test, actor(handle = Switch))]
    pub(crate) enum Lamp<T: Send + 'static = u8, const N: usize = 2> {
        Dim([T; N]),
        #[reply(Option<T>, deferred)]
        #[deprecated]
        Last,
        #[reply((), error = T)]
        On,
    }
}

use counter::{Counter, FakeLamp};
use zctor::sim::Sim;

#[allow(deprecated)]
fn main() {
    println!("{:?}", Counter::Add(1));
    let sim = Sim::new(1);
    let lamp = FakeLamp::<u8, 2>::new(sim.system());
    lamp.on_dim(|levels| assert_eq!(levels, [1, 2]))
        .expect_last(|reply| reply.send(Some(2)))
        .expect_on(|| Err(7));
    let handle: counter::Switch = lamp.handle();
    handle.dim([1, 2]).unwrap();
    assert_eq!(handle.last().wait().unwrap(), Some(2));
    assert!(handle.on().wait().is_err());
    lamp.verify().wait();
}
