//! Types are named from where the enum stands, the handlers may stand elsewhere.
use zctor::prelude::*;

#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Cents(i64);

#[derive(Debug)]
pub struct Overdrawn;

impl std::fmt::Display for Overdrawn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("overdrawn")
    }
}

impl std::error::Error for Overdrawn {}

pub mod bank {
    pub mod account {
        use super::super::Cents;

        pub const ROOM: usize = 16;

        #[zctor::actor(mailbox = self::ROOM, overflow = reject)]
        pub enum Account {
            Deposit(super::super::Cents),
            #[reply(Cents, error = super::super::Overdrawn)]
            Withdraw(Cents),
        }
    }
}

struct Balance(i64);

#[handlers]
impl bank::account::AccountActor for Balance {
    fn deposit(&mut self, amount: Cents) {
        self.0 += amount.0;
    }
    fn withdraw(
        &mut self,
        amount: Cents,
        ctx: &mut Context<bank::account::Account>,
    ) -> Result<Cents, Overdrawn> {
        assert_eq!(ctx.handle().capacity(), Some(16));
        self.0 = self.0.checked_sub(amount.0).filter(|rest| *rest >= 0).ok_or(Overdrawn)?;
        Ok(Cents(self.0))
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let account = bank::account::Account::spawn(&system, Balance(0));
    account.deposit(Cents(5))?;
    assert_eq!(account.withdraw(Cents(2)).wait()?, Cents(3));
    assert!(matches!(account.withdraw(Cents(9)).wait(), Err(AskError::Failed(Overdrawn))));
    system.shutdown().wait()
}
