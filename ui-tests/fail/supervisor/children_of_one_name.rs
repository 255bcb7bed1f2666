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
    #[method(worker)]
    Helper(Worker),
    #[child(count = 2)]
    Desk(Worker),
    /// A message.
    Desks,
}

fn main() {}
