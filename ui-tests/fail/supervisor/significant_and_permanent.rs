use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor(auto_shutdown = any_significant)]
enum Shop {
    #[child(significant)]
    Worker(Worker),
}

fn main() {}
