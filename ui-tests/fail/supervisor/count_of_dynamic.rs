use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor]
enum Shop {
    #[child(dynamic, count = 4)]
    Worker(Worker),
}

fn main() {}
