use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64)]
    Get,
}

async fn read(counter: &CounterHandle) -> zctor::Result<String> {
    let total: String = counter.get().await?;
    Ok(total)
}

fn main() {}
