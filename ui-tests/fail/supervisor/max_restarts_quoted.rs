use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor(max_restarts = "3")]
enum Shop {
    #[child]
    Worker(Worker),
}

fn main() {}
