use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor(backoff = "1s")]
enum Shop {
    #[child]
    Worker(Worker),
}

fn main() {}
