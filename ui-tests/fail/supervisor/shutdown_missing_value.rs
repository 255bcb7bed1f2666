use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor]
enum Shop {
    #[child(shutdown, restart =, count)]
    Worker(Worker),
}

fn main() {}
