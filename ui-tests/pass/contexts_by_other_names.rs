//! The context of a handler under an alias, and parameters that look like one.
use zctor::prelude::*;

#[actor]
enum Counter {
    Add { by: i64 },
    #[reply(i64)]
    Get { cx: &'static std::sync::Mutex<i64> },
    Quit,
}

type Ctx<'a> = &'a mut Context<Counter>;
type CounterContext = Context<Counter>;

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn add(&mut self, by: i64, _ctx: &mut CounterContext) {
        self.0 += by;
    }
    fn get(&mut self, cx: &'static std::sync::Mutex<i64>) -> i64 {
        self.0 + *cx.lock().unwrap()
    }
    fn quit(&mut self, context: &mut CounterContext) {
        end(context);
    }
}

fn end(ctx: Ctx<'_>) {
    ctx.stop();
}

static MORE: std::sync::Mutex<i64> = std::sync::Mutex::new(2);

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let counter = Counter::spawn(&system, Tally(0));
    counter.add(5)?;
    assert_eq!(counter.get(&MORE).wait()?, 7);
    counter.quit()?;
    system.shutdown().wait()
}
