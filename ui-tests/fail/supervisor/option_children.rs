use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor(children = [Worker])]
enum Shop {
    #[child]
    Worker(Worker),
}

fn main() {}
