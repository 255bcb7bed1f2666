use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

#[supervisor]
enum Shop {
    #[child(dynamic)]
    Visit { worker: Worker, name: String },
}

fn main() {}
