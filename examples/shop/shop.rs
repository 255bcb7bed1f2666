//! The shop: a ledger, a line of workers, and a desk.

use std::collections::BTreeSet;
use std::time::Duration;

use zctor::prelude::*;

use crate::journal::{Account, Journal, Pen};
use crate::line::{Line, LineHandle, Tables};

/// Knows every order, by what is written in the journal.
#[actor]
pub(crate) enum Ledger {
    /// Writes an order down. To do so twice is to do it once.
    #[reply(())]
    Accept(u64),
    /// Writes down that it is done. To do so twice is to do it once.
    #[reply(())]
    Finish(u64),
    /// Some of the orders that are not done.
    #[reply(Vec<u64>)]
    Open {
        most: usize,
    },
    /// How many are.
    #[reply(u64)]
    Done,
    Panic,
}

/// Where orders come in.
#[actor]
pub(crate) enum Desk {
    #[reply((), error = Busy)]
    Place(u64),
    /// Sends open orders again that the line may have lost.
    #[internal]
    Remind,
    Panic,
}

/// The order was perhaps not written down: place it again.
#[derive(Debug)]
pub(crate) struct Busy;

impl std::fmt::Display for Busy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the desk is busy")
    }
}

impl std::error::Error for Busy {}

/// The desk needs the line, and both need the ledger.
#[supervisor(strategy = rest_for_one, max_restarts = 100, within = "1s")]
pub(crate) enum Shop {
    #[child(shutdown = "5s")]
    Ledger(Ledger),
    #[child]
    Line(Line),
    #[child(shutdown = "5s")]
    Desk(Desk),
}

pub(crate) struct Premises {
    journal: Journal,
}

impl Premises {
    pub(crate) fn new(journal: &Journal) -> Premises {
        let journal = journal.clone();
        Premises { journal }
    }
}

impl ShopChildren for Premises {
    fn ledger(&mut self, _: &ShopHandle) -> Child<Ledger> {
        Ledger::child(Book {
            journal: self.journal.clone(),
            account: Account::default(),
            pen: None,
        })
    }

    fn line(&mut self, shop: &ShopHandle) -> Child<Line> {
        let ledger = shop.ledger();
        Line::child(Tables { ledger })
    }

    fn desk(&mut self, shop: &ShopHandle) -> Child<Desk> {
        Desk::child(Counter {
            ledger: shop.ledger(),
            line: shop.line(),
            next: 0,
            reminded: BTreeSet::new(),
        })
    }
}

struct Book {
    journal: Journal,
    account: Account,
    pen: Option<Pen>,
}

impl Book {
    fn write(&mut self, what: &str, order: u64) -> Result<(), Failure> {
        let pen = self
            .pen
            .as_mut()
            .ok_or_else(|| Failure::msg("there is no pen"))?;
        Ok(pen.write(what, order)?)
    }
}

#[handlers]
impl LedgerActor for Book {
    /// Each incarnation begins with what those before it have written.
    fn on_start(&mut self) -> Result<(), Failure> {
        self.account = self.journal.account()?;
        self.pen = Some(self.journal.pen()?);
        Ok(())
    }

    fn accept(&mut self, value: u64) -> Result<(), Failure> {
        if !self.account.is_accepted(value) {
            self.write("accepted", value)?;
            self.account.accept(value);
        }
        Ok(())
    }

    fn finish(&mut self, value: u64) -> Result<(), Failure> {
        if !self.account.is_done(value) {
            self.write("done", value)?;
            self.account.finish(value);
        }
        Ok(())
    }

    fn open(&self, most: usize) -> Vec<u64> {
        self.account.open().take(most).collect()
    }

    fn done(&self) -> u64 {
        self.account.done()
    }

    fn panic(&mut self) {
        panic!("ink all over the book");
    }
}

struct Counter {
    ledger: LedgerHandle,
    line: LineHandle,
    next: usize,
    /// Those that were open at the last look, and may just be slow.
    reminded: BTreeSet<u64>,
}

impl Counter {
    fn pass_on(&mut self, order: u64) {
        let pickers = self.line.pickers();
        self.next = (self.next + 1) % pickers.len();
        pickers[self.next].pick(order).or_drop();
    }
}

#[handlers]
impl DeskActor for Counter {
    fn on_start(&mut self, ctx: &mut Context<Desk>) {
        ctx.send_every(Duration::from_millis(20), || Desk::Remind);
    }

    async fn place(&mut self, value: u64) -> Result<(), Busy> {
        let limit = Duration::from_millis(500);
        self.ledger
            .accept(value)
            .timeout(limit)
            .await
            .map_err(|_| Busy)?;
        self.pass_on(value);
        Ok(())
    }

    async fn remind(&mut self) {
        let limit = Duration::from_millis(500);
        let Ok(open) = self.ledger.open(100).timeout(limit).await else {
            return;
        };
        for order in &open {
            if self.reminded.contains(order) {
                self.pass_on(*order);
            }
        }
        self.reminded = open.into_iter().collect();
    }

    fn panic(&mut self) {
        panic!("the bell has fallen off the counter");
    }
}
