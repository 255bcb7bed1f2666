//! Handlers that borrow the state and the context while they wait.
use std::time::Duration;
use zctor::prelude::*;

#[actor]
enum Store {
    Keep { name: String },
    #[reply(String)]
    Joined { with: String },
    #[reply(usize)]
    Longest,
}

#[derive(Default)]
struct Names(Vec<String>);

async fn pause() {
    std::future::ready(()).await;
}

async fn longest(names: &[String]) -> usize {
    pause().await;
    names.iter().map(String::len).max().unwrap_or(0)
}

#[handlers]
impl StoreActor for Names {
    async fn on_start(&mut self, ctx: &mut Context<Store>) -> Result<(), Failure> {
        ctx.send_after(Duration::from_secs(3600), Store::Keep { name: String::new() });
        pause().await;
        Ok(())
    }
    async fn keep(&mut self, name: String) {
        let names = &mut self.0;
        pause().await;
        names.push(name);
    }
    async fn joined(&self, with: String, ctx: &mut Context<Store>) -> String {
        let first = self.0.first();
        let label = ctx.label();
        pause().await;
        let joined = self.0.join(&with);
        assert!(first.is_some() && label.protocol() == "Store");
        joined
    }
    async fn longest(&mut self) -> Result<usize, std::num::TryFromIntError> {
        let longest = u8::try_from(longest(&self.0).await)?;
        Ok(usize::from(longest))
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let store = Store::spawn(&system, Names::default());
    store.keep("a".to_owned())?;
    store.keep("bcd".to_owned())?;
    assert_eq!(store.joined("-".to_owned()).wait()?, "a-bcd");
    assert_eq!(store.longest().wait()?, 3);
    system.shutdown().wait()
}
