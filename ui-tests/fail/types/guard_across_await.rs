use std::sync::{Arc, Mutex};
use zctor::prelude::*;

#[actor]
enum Counter {
    Add { by: i64 },
}

struct Tally {
    total: Arc<Mutex<i64>>,
}

async fn log(total: i64) {
    println!("{total}");
}

#[handlers]
impl CounterActor for Tally {
    async fn add(&mut self, by: i64) {
        let mut total = self.total.lock().unwrap();
        *total += by;
        log(*total).await;
    }
}

fn main() {}
