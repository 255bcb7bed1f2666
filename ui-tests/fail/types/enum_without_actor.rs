use zctor::prelude::*;

enum Counter {
    Add { by: i64 },
}

fn watch(counter: Handle<Counter>) {
    drop(counter);
}

fn main() {}
