use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor]
enum Shop {
    #[child]
    Clerk(Worker),
    #[child(count = 2)]
    Packer(Worker),
}

struct Premises;

impl ShopChildren for Premises {
    fn clerk(&mut self) -> Child<Worker> {
        loop {}
    }
    fn packer(&mut self, _: &ShopHandle) -> Child<Worker> {
        loop {}
    }
}

fn main() {}
