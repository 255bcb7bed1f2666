use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor("one_for_one")]
enum Shop {
    #[child]
    Worker(Worker),
}

fn main() {}
