use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64)]
    Get,
}

async fn read(counter: &CounterHandle) -> zctor::Result<char> {
    let total: char = counter.get().await?;
    Ok(total)
}

fn main() {}
