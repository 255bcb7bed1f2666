use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

struct Hands;

#[handlers]
impl WorkerActor for Hands {
    fn work(&mut self) {}
}

#[actor]
enum Other {
    Rest,
}

#[supervisor]
enum Shop {
    #[child]
    Other(Other),
}

struct Premises;

impl ShopChildren for Premises {
    fn other(&mut self, _: &ShopHandle) -> Child<Other> {
        Worker::child(Hands)
    }
}

fn main() {}
