use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor(backoff(min = "10s", max = "1s"))]
enum Shop {
    #[child]
    Worker(Worker),
}

fn main() {}
