use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[actor]
enum Shop {
    #[child]
    Worker(Worker),
    Open,
}

fn main() {}
