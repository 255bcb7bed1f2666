use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor]
enum Shop {
    #[child]
    Worker(Worker),
}

struct Premises;

fn open(system: &System) {
    let _ = Shop::start(system, Premises);
}

fn main() {}
