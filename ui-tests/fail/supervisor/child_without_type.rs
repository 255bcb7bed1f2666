use zctor::prelude::*;

#[supervisor]
enum Shop {
    #[child]
    Worker,
}

fn main() {}
