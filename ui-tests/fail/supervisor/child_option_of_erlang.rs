use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor]
enum Shop {
    #[child(type = worker, id = "w")]
    Worker(Worker),
}

fn main() {}
