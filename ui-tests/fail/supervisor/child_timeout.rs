use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor]
enum Shop {
    #[child(brutal_kill)]
    Worker(Worker),
}

fn main() {}
