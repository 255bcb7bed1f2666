//! A crate that allows itself nothing, with a public interface and its documentation.
#![deny(
    warnings,
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    unused_qualifications,
    unused_results,
    unused_lifetimes,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    let_underscore_drop,
    elided_lifetimes_in_paths,
    rust_2018_idioms,
    future_incompatible,
    nonstandard_style,
    clippy::all,
    clippy::pedantic,
    clippy::missing_docs_in_private_items
)]
#![forbid(unsafe_code)]

use zctor::prelude::*;

/// Why nothing was taken.
#[derive(Debug, Clone, Copy)]
pub struct Overdrawn;

/// An account.
#[derive(Debug)]
#[actor(double, mailbox = 64, overflow = reject, timeout = "5s")]
pub enum Account {
    /// Adds to the balance. See [`Self::Balance`].
    Deposit {
        /// How much.
        amount: i64,
    },
    /// The balance.
    #[reply(i64)]
    Balance,
    /// Takes from the balance.
    #[reply(i64, error = Overdrawn)]
    Take(
        /// How much.
        i64,
    ),
    /// Many at once.
    Many(u8, u8, u8, u8, u8, u8, u8, u8),
    /// An older name.
    #[deprecated = "use `Deposit`"]
    Pay(i64),
    /// The hour is over.
    #[internal]
    Hour,
}

/// A generic box.
#[derive(Debug)]
#[actor(double)]
pub enum Keep<T, const N: usize = 2>
where
    T: Clone,
{
    /// Puts it in.
    Put(T),
    /// What is in it.
    #[reply(Option<T>)]
    Get,
    /// So many.
    #[reply([u8; N])]
    Size,
}

/// The balance.
#[derive(Debug, Default, Clone)]
pub struct Balance {
    /// In cents.
    cents: i64,
}

#[handlers]
impl AccountActor for Balance {
    fn deposit(&mut self, amount: i64) {
        self.cents += amount;
    }
    fn balance(&self) -> i64 {
        self.cents
    }
    fn take(&mut self, amount: i64) -> Result<i64, Overdrawn> {
        if self.cents < amount {
            return Err(Overdrawn);
        }
        self.cents -= amount;
        Ok(self.cents)
    }
    fn many(&mut self, a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8) {
        self.cents += [a, b, c, d, e, f, g, h].map(i64::from).iter().sum::<i64>();
    }
    fn pay(&mut self, amount: i64) {
        self.cents += amount;
    }
    async fn hour(&mut self) {
        self.cents += 1;
    }
}

/// What is kept.
#[derive(Debug)]
struct Kept<T>(Option<T>);

#[handlers]
impl<T: Clone + Send + 'static> KeepActor<T> for Kept<T> {
    fn put(&mut self, value: T) {
        self.0 = Some(value);
    }
    async fn get(&mut self) -> Option<T> {
        self.0.clone()
    }
    fn size(&self) -> [u8; 2] {
        [u8::from(self.0.is_some()); 2]
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let account: AccountHandle = Account::spawn(&system, Balance::default());
    account.deposit(5)?;
    account.tell(Account::Deposit { amount: 2 })?;
    account.many(1, 1, 1, 1, 1, 1, 1, 1)?;
    assert_eq!(account.take(6).wait().ok(), Some(9));
    assert!(matches!(account.take(60).wait(), Err(AskError::Failed(Overdrawn))));
    assert_eq!(account.balance().wait()?, 9);
    let keep: KeepHandle<String> = Keep::spawn(&system, Kept(None));
    keep.put("it".to_owned())?;
    assert_eq!(keep.size().wait()?, [1; 2]);
    system.shutdown().wait()
}
