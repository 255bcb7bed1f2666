use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor(within = "5s", within = "6s")]
enum Shop {
    #[child]
    Worker(Worker),
}

fn main() {}
