use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor]
enum Shop {
    #[child(count = 0)]
    Worker(Worker),
}

fn main() {}
