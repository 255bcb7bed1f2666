use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor]
enum Kitchen {
    #[child(count = 2)]
    Oven(Worker),
    #[child(shutdown = "1s")]
    Cook(Worker),
}

#[supervisor]
enum House {
    #[child(shutdown = "10s")]
    Kitchen(Kitchen),
    #[child(shutdown = "11s")]
    Second(Kitchen),
}

fn main() {}
