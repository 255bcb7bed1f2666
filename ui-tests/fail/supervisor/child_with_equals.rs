use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor]
enum Shop {
    #[child = transient]
    Worker(Worker),
}

fn main() {}
