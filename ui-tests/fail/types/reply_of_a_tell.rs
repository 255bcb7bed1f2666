use zctor::prelude::*;

#[derive(Debug)]
struct Overdrawn;

#[actor]
enum Account {
    Take { amount: i64 },
}

struct Balance(i64);

#[handlers]
impl AccountActor for Balance {
    async fn take(&mut self, amount: i64, reply: Reply<i64, Overdrawn>, ctx: &mut Context<Account>) {
        self.0 -= amount;
        reply.send(self.0);
        ctx.stop();
    }
}

fn main() {}
