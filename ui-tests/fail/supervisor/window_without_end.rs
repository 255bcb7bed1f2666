use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor(within = "infinity")]
enum Shop {
    #[child]
    Worker(Worker),
}

fn main() {}
