use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor]
enum Shop {
    #[child(shutdown = "0s")]
    Worker(Worker),
}

fn main() {}
