use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor]
enum Shop {
    #[child(start = new)]
    Worker(Worker),
}

fn main() {}
