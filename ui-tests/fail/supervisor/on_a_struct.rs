use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor(strategy = one_for_all)]
struct Shop {
    worker: Worker,
}

fn main() {}
