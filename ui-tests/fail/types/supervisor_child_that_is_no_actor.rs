use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor]
enum Shop {
    #[child]
    Worker(Worker),
    #[child]
    Number(u32),
}

fn main() {}
