use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor]
enum Shop {
    #[child(restat = transient)]
    Worker(Worker),
}

fn main() {}
