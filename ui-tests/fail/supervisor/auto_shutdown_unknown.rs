use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor(auto_shutdown = any)]
enum Shop {
    #[child]
    Worker(Worker),
}

fn main() {}
