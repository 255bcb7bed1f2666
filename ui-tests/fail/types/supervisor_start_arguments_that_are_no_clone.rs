use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

struct NotClone;

#[supervisor]
enum Shop {
    #[child(dynamic)]
    Guest(Worker, NotClone),
    #[child(dynamic, restart = transient)]
    Lodger(Worker, NotClone),
}

fn main() {}
