use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor(backoff(factor = 2))]
enum Shop {
    #[child]
    Worker(Worker),
}

fn main() {}
