use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor(auto_shutdown = all)]
enum Shop {
    #[child(restart = transient, significant)]
    Worker(Worker),
}

fn main() {}
