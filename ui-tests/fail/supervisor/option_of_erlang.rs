use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor(intensity = 3, period = "5s")]
enum Shop {
    #[child]
    Worker(Worker),
}

fn main() {}
