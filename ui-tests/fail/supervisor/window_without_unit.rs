use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor(within = 60)]
enum Shop {
    #[child]
    Worker(Worker),
}

fn main() {}
