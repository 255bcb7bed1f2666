use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor(backoff(min = "0s"))]
enum Shop {
    #[child]
    Worker(Worker),
}

fn main() {}
