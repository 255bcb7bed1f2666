use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor(max_restarts = -1)]
enum Shop {
    #[child]
    Worker(Worker),
}

fn main() {}
