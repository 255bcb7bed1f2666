//! Constants of every form in the types of messages.

use zctor::prelude::*;

/// The least of them.
pub const LEAST: usize = 2;

/// Something with a number in its type.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Sized<const N: usize>(pub [u8; N]);

/// What is measured.
#[non_exhaustive]
#[actor]
#[derive(Debug)]
pub enum Measure<const N: usize = { if LEAST > 1 { 4 } else { 2 } }> {
    /// A sum, and a call.
    Sum([u8; 2 * LEAST + 1], [u8; size_of::<u16>()]),
    /// Without another word for it.
    Choice(Vec<[u8; if LEAST > 1 { 2 } else { 3 }]>),
    /// A range, and an array.
    Range([u8; (0..LEAST).end], [u8; [LEAST, 2].len()]),
    /// As the argument of a type.
    Held {
        /// What is held.
        by: Sized<{ LEAST + 1 }>,
        /// And what more.
        more: Sized<
            {
                const MORE: usize = 1;
                LEAST + MORE
            },
        >,
    },
    /// What is left.
    #[reply(Sized<{ if LEAST > 1 { 2 } else { 1 } }>)]
    Left,
}

/// The state of one.
#[derive(Debug, Default)]
pub struct Tape(Vec<u8>);

#[handlers(Measure<{ if LEAST > 1 { 4 } else { 2 } }>)]
impl MeasureActor<{ if LEAST > 1 { 4 } else { 2 } }> for Tape {
    fn sum(&mut self, first: [u8; 2 * LEAST + 1], second: [u8; size_of::<u16>()]) {
        self.0.extend(first.iter().chain(second.iter()));
    }
    fn choice(&mut self, all: Vec<[u8; if LEAST > 1 { 2 } else { 3 }]>) {
        drop(all);
    }
    fn range(&mut self, _: [u8; (0..LEAST).end], _: [u8; [LEAST, 2].len()]) {}
    fn held(&mut self, by: Sized<{ LEAST + 1 }>, more: Sized<{ LEAST + 1 }>) {
        self.0.extend(by.0.iter().chain(more.0.iter()));
    }
    fn left(&self) -> Sized<{ if LEAST > 1 { 2 } else { 1 } }> {
        Sized([u8::from(self.0.is_empty()); LEAST])
    }
}
