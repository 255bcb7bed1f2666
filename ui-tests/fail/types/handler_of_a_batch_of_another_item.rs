use zctor::prelude::*;

#[actor]
enum Counter {
    #[batch]
    Write(u32, char),
    #[reply(u8)]
    #[batch]
    Get(u32),
}

struct State;

#[handlers]
impl CounterActor for State {
    fn write(&mut self, batch: zctor::Batch<u32>) {
        drop(batch);
    }
    fn get(&mut self, batch: zctor::Batch<u32>) {
        drop(batch);
    }
}

fn main() {}
