use zctor::prelude::*;

#[derive(Debug)]
struct Overdrawn;

#[actor]
enum Account {
    #[reply(i64, error = Overdrawn)]
    Take { amount: i64 },
}

struct Balance(i64);

#[handlers]
impl AccountActor for Balance {
    fn take(&mut self, amount: i64) -> Result<i64, i64> {
        self.0 -= amount;
        Ok(self.0)
    }
}

fn main() {}
