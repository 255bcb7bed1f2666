use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor]
enum Shop {
    #[child(replicas = 4)]
    Worker(Worker),
}

fn main() {}
