//! A public enum of a private module, with types that are not public.
#![deny(warnings)]

use zctor::prelude::*;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Load(u8);

#[derive(Debug)]
struct Oops;

impl std::fmt::Display for Oops {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("oops")
    }
}

impl std::error::Error for Oops {}

mod inner {
    use crate::{Load, Oops};

    #[zctor::actor]
    pub enum Hidden<T: Clone> {
        #[latest(by = load)]
        Put { load: Load, more: T },
        #[reply(Load, error = Oops)]
        #[idempotent]
        Get(Option<Load>),
        Count(u8, String),
    }
}

use inner::{Hidden, HiddenActor};

struct State(Load);

#[handlers]
impl HiddenActor<Load> for State {
    fn put(&mut self, load: Load, more: Load) {
        self.0 = Load(load.0 + more.0);
    }
    fn get(&self, value: Option<Load>) -> Result<Load, Oops> {
        value.map(|_| self.0.clone()).ok_or(Oops)
    }
    fn count(&mut self, _: u8, _: String) {}
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let hidden = Hidden::spawn(&system, State(Load(0)));
    hidden.put(Load(1), Load(2))?;
    hidden.count(1, String::new())?;
    assert!(hidden.get(None).wait().is_err());
    assert_eq!(hidden.get(Some(Load(0))).wait()?.0, 3);
    system.shutdown().wait()
}
