use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor]
enum Shop {
    #[child]
    CountChildren(Worker),
    #[child]
    Stop(Worker),
}

fn main() {}
