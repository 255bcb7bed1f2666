use zctor::prelude::*;

#[supervisor]
enum Tree {
    #[child]
    Branch(Tree),
}

fn main() {}
