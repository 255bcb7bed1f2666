use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64, deferred)]
    Get { name: String },
}

struct Tally;

#[handlers]
impl CounterActor for Tally {
    fn get(&mut self, nmae: String, reply: Reply<i64>) {
        reply.send(nmae);
    }
}

fn main() {}
