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

#[supervisor]
enum Shop {
    #[child]
    Worker(Worker),
}

struct Premises;

#[supervisor]
impl ShopChildren for Premises {
    fn worker(&mut self, _: &ShopHandle) -> Child<Worker> {
        Worker::child(Hands)
    }
}

fn main() {}
