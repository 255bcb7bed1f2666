use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor]
enum Shop {
    #[child(shutdown = "infinity")]
    Worker(Worker),
}

fn main() {}
