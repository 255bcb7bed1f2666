use zctor::prelude::*;

#[actor]
enum Till {
    Pay(u32),
}

#[supervisor(double)]
enum Shop {
    #[child]
    Till(Till),
}

struct Premises;

impl ShopChildren for Premises {
    fn till(&mut self, _: &ShopHandle) -> Child<Till> {
        todo!()
    }
}

fn main() {}
