use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64)]
    Get,
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn get(&self) -> impl Future<Output = i64> {
        std::future::ready(self.0)
    }
}

fn main() {}
