use std::rc::Rc;
use zctor::prelude::*;

#[actor]
enum Counter {
    Add { by: i64 },
    #[reply(i64)]
    Get,
}

struct Tally {
    total: Rc<i64>,
}

#[handlers]
impl CounterActor for Tally {
    fn add(&mut self, by: i64) {
        self.total = Rc::new(*self.total + by);
    }
    fn get(&self) -> i64 {
        *self.total
    }
}

fn main() {}
