//! Arrays whose lengths are anything the compiler can evaluate.
#![deny(warnings)]

use zctor::prelude::*;

const SIZE: usize = 2;

#[actor]
enum Store {
    Sum([u8; 2 * SIZE + 1]),
    Call([u8; size_of::<u16>()], [u8; "ab".len()]),
    Choice(Vec<[u8; if SIZE > 1 { 2 } else { 3 }]>),
    Block { by: [[u8; SIZE]; { const MORE: usize = 1; SIZE + MORE }] },
    #[reply([u8; match SIZE { 2 => 2, _ => 1 }])]
    Get,
}

struct Room(u8);

#[handlers]
impl StoreActor for Room {
    fn sum(&mut self, all: [u8; 2 * SIZE + 1]) {
        self.0 += all[4];
    }

    fn call(&mut self, first: [u8; size_of::<u16>()], second: [u8; "ab".len()]) {
        self.0 += first[1] + second[1];
    }

    fn choice(&mut self, all: Vec<[u8; if SIZE > 1 { 2 } else { 3 }]>) {
        self.0 += all[0][1];
    }

    fn block(&mut self, by: [[u8; SIZE]; { const MORE: usize = 1; SIZE + MORE }]) {
        self.0 += by[2][1];
    }

    fn get(&self) -> [u8; match SIZE { 2 => 2, _ => 1 }] {
        [self.0; { SIZE }]
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let store = Store::spawn(&system, Room(0));
    store.sum([1; 5])?;
    store.call([1; 2], [1; 2])?;
    store.choice(vec![[1; 2]])?;
    store.block([[1; 2]; 3])?;
    assert_eq!(store.get().wait()?, [5; 2]);
    system.shutdown().wait()
}
