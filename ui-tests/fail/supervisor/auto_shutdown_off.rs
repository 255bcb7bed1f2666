use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor(auto_shutdown = off)]
enum Shop {
    #[child]
    Worker(Worker),
}

fn main() {}
