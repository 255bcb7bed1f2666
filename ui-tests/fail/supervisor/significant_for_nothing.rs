use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor]
enum Shop {
    #[child(significant, restart = transient)]
    Worker(Worker),
}

fn main() {}
