use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor]
enum Shop {
    #[child]
    #[reply(u32)]
    #[timeout("5s")]
    Worker(Worker),
    #[child]
    #[priority(high)]
    #[internal]
    Other(Worker),
}

fn main() {}
