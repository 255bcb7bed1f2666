use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor(strategy, max_restarts)]
enum Shop {
    #[child]
    Worker(Worker),
}

fn main() {}
