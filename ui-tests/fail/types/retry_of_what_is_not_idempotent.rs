use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64)]
    Get,
}

fn again(counter: &CounterHandle) {
    let _ = counter.get().retry(zctor::Retry::times(3));
}

fn main() {}
