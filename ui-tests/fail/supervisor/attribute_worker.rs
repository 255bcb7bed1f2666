use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor]
enum Shop {
    #[worker]
    Worker(Worker),
}

fn main() {}
