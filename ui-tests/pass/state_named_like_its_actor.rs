//! The state of an actor may have the name of its enum, if one of them is in another module.
use zctor::prelude::*;

mod shop {
    use zctor::prelude::*;

    #[actor(double)]
    pub enum Counter {
        Add { by: i64 },
        #[doc(hidden)]
        Hidden,
    }
}

use shop::Counter as Msg;

struct Counter(i64);

#[handlers(Msg)]
impl shop::CounterActor for Counter {
    fn add(&mut self, by: i64, ctx: &mut Context<shop::Counter>) {
        self.0 += by;
        ctx.stop();
    }
    fn hidden(&mut self) {}
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    Msg::spawn(&system, Counter(1)).add(1)?;
    system.shutdown().wait()
}
