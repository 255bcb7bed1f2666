use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor]
enum Shop {
    #[child(restart = never)]
    Worker(Worker),
}

fn main() {}
