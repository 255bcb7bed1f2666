//! What is written down of orders: a file of lines, `accepted 7` and `done 7`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;
use std::sync::Arc;

/// Where the file is. It is removed with the last of these.
#[derive(Clone)]
pub(crate) struct Journal(Arc<Place>);

struct Place(PathBuf);

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The file, open to be written.
pub(crate) struct Pen(File);

impl Pen {
    pub(crate) fn write(&mut self, what: &str, order: u64) -> io::Result<()> {
        // One line, one write: a crash leaves no half of it.
        self.0.write_all(format!("{what} {order}\n").as_bytes())
    }
}

/// What has become of the orders.
#[derive(Default)]
pub(crate) struct Account {
    accepted: BTreeSet<u64>,
    /// How many times each was done.
    done: BTreeMap<u64, u32>,
    accepted_twice: usize,
}

impl Journal {
    pub(crate) fn temporary() -> io::Result<Journal> {
        let name = format!("zctor-shop-{}.journal", std::process::id());
        let path = std::env::temp_dir().join(name);
        File::create(&path)?;
        Ok(Journal(Arc::new(Place(path))))
    }

    pub(crate) fn pen(&self) -> io::Result<Pen> {
        let file = OpenOptions::new().append(true).open(&self.0.0)?;
        Ok(Pen(file))
    }

    pub(crate) fn account(&self) -> io::Result<Account> {
        let mut account = Account::default();
        for line in BufReader::new(File::open(&self.0.0)?).lines() {
            let line = line?;
            let Some((what, Ok(order))) = line.split_once(' ').map(|(what, n)| (what, n.parse()))
            else {
                return Err(io::Error::other(format!("the journal has a line `{line}`")));
            };
            match what {
                "accepted" if account.accepted.insert(order) => {}
                "accepted" => account.accepted_twice += 1,
                _ => *account.done.entry(order).or_default() += 1,
            }
        }
        Ok(account)
    }
}

impl Account {
    pub(crate) fn accepted(&self) -> u64 {
        self.accepted.len() as u64
    }

    pub(crate) fn is_accepted(&self, order: u64) -> bool {
        self.accepted.contains(&order)
    }

    pub(crate) fn is_done(&self, order: u64) -> bool {
        self.done.contains_key(&order)
    }

    pub(crate) fn accept(&mut self, order: u64) {
        self.accepted.insert(order);
    }

    pub(crate) fn finish(&mut self, order: u64) {
        *self.done.entry(order).or_default() += 1;
    }

    pub(crate) fn done(&self) -> u64 {
        self.done.len() as u64
    }

    pub(crate) fn open(&self) -> impl Iterator<Item = u64> {
        let orders = self.accepted.iter().copied();
        orders.filter(|order| !self.is_done(*order))
    }

    fn lost(&self) -> usize {
        self.open().count()
    }

    fn doubled(&self) -> usize {
        self.done.values().filter(|times| **times > 1).count() + self.accepted_twice
    }

    pub(crate) fn is_balanced(&self) -> bool {
        self.lost() == 0 && self.doubled() == 0
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (accepted, done) = (self.accepted.len(), self.done.len());
        let (lost, doubled) = (self.lost(), self.doubled());
        write!(
            f,
            "account: {accepted} accepted, {done} done, {lost} lost, {doubled} doubled"
        )
    }
}
