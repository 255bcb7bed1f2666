use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64)]
    Get,
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn get(&mut self, reply: Reply<i64>) {
        reply.send(self.0);
    }
}

fn main() {}
