use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor]
enum Shop {
    #[child(simple_one_for_one)]
    Worker(Worker),
}

fn main() {}
