use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[actor]
#[supervisor]
enum Shop {
    #[child]
    Worker(Worker),
}

fn main() {}
