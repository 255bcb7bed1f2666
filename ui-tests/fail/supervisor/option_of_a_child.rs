use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor(restart = transient)]
enum Shop {
    #[child]
    Worker(Worker),
}

fn main() {}
