use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64)]
    Get,
}

fn look(counter: &CounterHandle) -> zctor::Result<i64> {
    Ok(counter.get()?)
}

async fn watch(counter: &CounterHandle) -> zctor::Result<i64> {
    Ok(counter.get()?)
}

fn main() {}
