//! Supervisors of all forms.

use zctor::prelude::*;

use crate::account::{Account, Balance};

/// So many desks.
const DESKS: usize = 2;

/// So many restarts.
const MOST: u32 = 5;

/// A bank: all options of a supervisor and of children.
#[supervisor(
    strategy = rest_for_one,
    max_restarts = MOST,
    within = "1m 30s",
    auto_shutdown = all_significant,
    backoff(min = "100ms", max = "1s"),
    mailbox = 16,
    timeout = "5s"
)]
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Bank {
    /// The first.
    #[child(shutdown = "100ms")]
    First(Account),
    #[cfg(windows)]
    #[child]
    Never(Nowhere),
    /// Several desks.
    #[child(restart = transient, significant, count = DESKS, shutdown = brutal)]
    Desk(Account),
    /// Under another name.
    #[child(restart = temporary, shutdown = infinity)]
    #[method(third)]
    Other(Account),
    /// Who comes.
    #[child(dynamic)]
    Visit(Account, u32, String),
    /// Another bank.
    #[child(dynamic, restart = permanent)]
    Branch(Self),
    /// An older child.
    #[deprecated]
    #[child]
    Old(Account),
    /// Another supervisor.
    #[child]
    Inner(Inner),
    /// A bell.
    Ring {
        /// Its sound.
        bell: String,
    },
    /// How much there is.
    #[reply(i64)]
    Audit,
}

/// A supervisor without messages.
#[supervisor(strategy = one_for_all, auto_shutdown = any_significant)]
#[derive(Debug)]
#[non_exhaustive]
pub enum Inner {
    /// The only one.
    #[child(restart = temporary, significant)]
    Only(Account),
}

/// A private one.
#[supervisor(strategy = one_for_one, max_restarts = 3, within = "60s", auto_shutdown = never)]
enum Vault {
    /// One.
    #[child]
    Gold(Account),
    /// Several.
    #[child(count = 2)]
    Silver(Account),
    /// Some.
    #[child(dynamic)]
    Coin(Account, u8),
    /// It opens.
    Open,
}

/// Where they are.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Premises;

impl BankChildren for Premises {
    #[inline]
    fn first(&mut self, _: &BankHandle) -> Child<Account> {
        Account::child(Balance::default())
    }
    #[inline]
    fn desk(&mut self, _: &BankHandle, _index: usize) -> Child<Account> {
        Account::child(Balance::default())
    }
    #[inline]
    fn third(&mut self, _: &BankHandle) -> Child<Account> {
        Account::child(Balance::default())
    }
    #[inline]
    fn visit(&mut self, supervisor: &BankHandle, _number: u32, _name: String) -> Child<Account> {
        drop(supervisor.desks());
        Account::child(Balance::default())
    }
    #[inline]
    fn branch(&mut self, _: &BankHandle) -> Child<Bank> {
        Bank::child(*self)
    }
    #[inline]
    fn old(&mut self, _: &BankHandle) -> Child<Account> {
        Account::child(Balance::default())
    }
    #[inline]
    fn inner(&mut self, _: &BankHandle) -> Child<Inner> {
        Inner::child(*self)
    }
}

impl InnerChildren for Premises {
    #[inline]
    fn only(&mut self, _: &InnerHandle) -> Child<Account> {
        Account::child(Balance::default())
    }
}

#[handlers]
impl BankActor for Premises {
    async fn on_start(&mut self) {}
    fn ring(&mut self, bell: String, ctx: &mut Context<Bank>) {
        drop(ctx.start_visit(7, bell));
    }
    fn audit(&self) -> i64 {
        12
    }
}

impl VaultChildren for Premises {
    fn gold(&mut self, _: &VaultHandle) -> Child<Account> {
        Account::child(Balance::default())
    }
    fn silver(&mut self, _: &VaultHandle, _index: usize) -> Child<Account> {
        Account::child(Balance::default())
    }
    fn coin(&mut self, _: &VaultHandle, _value: u8) -> Child<Account> {
        Account::child(Balance::default())
    }
}

#[handlers]
impl VaultActor for Premises {
    fn open(&mut self) {}
}

/// What the supervisors above are used by.
///
/// # Errors
///
/// If one of them ends before its time.
#[inline]
pub fn uses(system: &System) -> zctor::Result<i64> {
    let bank = Bank::start(system, Premises).wait()?;
    bank.first().deposit(1, None)?;
    bank.third().deposit(1, None)?;
    bank.desk(1).deposit(1, None)?;
    bank.inner().only().deposit(1, None)?;
    bank.start_visit(8, String::new())
        .wait()?
        .deposit(1, None)?;
    bank.start_branch().wait()?.ring("ding".to_owned()).wait()?;
    bank.terminate_child(BankChild::Other).wait()?;
    Vault::start(system, Premises).wait()?.open()?;
    bank.audit().wait().map_err(Into::into)
}
