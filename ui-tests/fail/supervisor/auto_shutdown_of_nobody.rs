use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor(auto_shutdown = all_significant)]
enum Shop {
    #[child]
    Worker(Worker),
}

fn main() {}
