use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor]
enum Shop {
    #[child]
    Worker(Worker),
    #[reply(u32)]
    Audit,
}

struct Hands;

#[handlers]
impl WorkerActor for Hands {
    fn work(&mut self) {}
}

struct Premises;

impl ShopChildren for Premises {
    fn worker(&mut self, _: &ShopHandle) -> Child<Worker> {
        Worker::child(Hands)
    }
}

#[handlers]
impl ShopActor for Premises {
    async fn audit(&mut self) -> u32 {
        7
    }
}

fn main() {}
