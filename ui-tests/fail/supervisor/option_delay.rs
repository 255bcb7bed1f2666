use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor(delay = "1s")]
enum Shop {
    #[child]
    Worker(Worker),
}

fn main() {}
