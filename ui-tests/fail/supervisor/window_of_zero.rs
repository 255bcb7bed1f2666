use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor(within = "0s")]
enum Shop {
    #[child]
    Worker(Worker),
}

fn main() {}
