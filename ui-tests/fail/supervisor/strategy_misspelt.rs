use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor(strategy = one_for_al)]
enum Shop {
    #[child]
    Worker(Worker),
}

fn main() {}
