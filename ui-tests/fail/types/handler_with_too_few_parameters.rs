use zctor::prelude::*;

#[actor]
enum Bank {
    Transfer { from: u32, to: u32 },
}

struct Ledger(u32);

#[handlers]
impl BankActor for Ledger {
    fn transfer(&mut self, from: u32) {
        self.0 += from;
    }
}

fn main() {}
