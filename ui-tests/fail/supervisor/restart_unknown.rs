use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor]
enum Shop {
    #[child(restart = always)]
    Worker(Worker),
}

fn main() {}
