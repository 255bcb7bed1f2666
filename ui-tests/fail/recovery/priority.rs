use zctor::prelude::*;

#[actor(mailbox = 4)]
enum Counter {
    Add(i64),
    #[priority("high")]
    Reset,
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn add(&mut self, value: i64) {
        self.0 += value;
    }
    fn reset(&mut self) {
        self.0 = 0;
    }
}

// The method is what it will be once the value is put right.
fn reset(counter: &CounterHandle) -> Result<(), TellError<Counter>> {
    counter.reset()
}

fn main() {
    let _ = reset;
}
