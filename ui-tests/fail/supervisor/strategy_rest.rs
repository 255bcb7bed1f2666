use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor(strategy = rest_for_all)]
enum Shop {
    #[child]
    Worker(Worker),
}

fn main() {}
