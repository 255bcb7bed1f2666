use zctor::prelude::*;

#[actor]
enum Counter {
    #[batch]
    Write(u32),
}

struct State;

#[handlers]
impl CounterActor for State {
    fn write(&mut self, value: u32) {
        let _ = value;
    }
}

fn main() {}
