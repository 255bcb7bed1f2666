use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor]
enum Shop {
    #[child(strategy = one_for_all)]
    Worker(Worker),
}

fn main() {}
