//! The hook `ready`, in the forms that it can have.

use zctor::prelude::*;

#[actor]
enum Gate<T: Send + 'static> {
    Open,
    #[reply(bool)]
    Pass(T),
}

struct First(bool);
struct Second(bool);
struct Third(bool);

#[handlers]
impl<T: Send + 'static> GateActor<T> for First {
    /// Whether the gate is open.
    #[inline]
    fn ready(&self, next: GateKind) -> bool {
        match next {
            GateKind::Open => true,
            GateKind::Pass => self.0,
        }
    }
    fn open(&mut self) {
        self.0 = true;
    }
    fn pass(&mut self, _: T) -> bool {
        self.0
    }
}

#[handlers]
impl GateActor<u8> for Second {
    #[cfg(any())]
    fn ready(&self, _: GateKind) -> bool {
        false
    }
    #[cfg(all())]
    fn ready(&self, next: <Gate<u8> as Protocol>::Kind) -> core::primitive::bool {
        self.0 || next == GateKind::Open
    }
    fn open(&mut self) {
        self.0 = true;
    }
    fn pass(&mut self, _: u8) -> bool {
        self.0
    }
}

macro_rules! ready {
    () => {
        fn ready(&self, next: GateKind) -> bool {
            self.0 || next == GateKind::Open
        }
    };
}

#[handlers]
impl GateActor<u8> for Third {
    ready!();
    fn open(&mut self) {
        self.0 = true;
    }
    fn pass(&mut self, _: u8) -> bool {
        self.0
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    for gate in [
        Gate::<u8>::spawn(&system, First(false)),
        Gate::spawn(&system, Second(false)),
        Gate::spawn(&system, Third(false)),
    ] {
        let pass = gate.pass(1).send();
        gate.open()?;
        assert!(pass.wait()?);
    }
    system.shutdown().wait()
}
