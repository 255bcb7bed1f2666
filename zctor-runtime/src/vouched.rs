//! What the types of messages have to be.
//!
//! `#[actor]` implements these for the type of each field and each answer, where the user wrote it:
//! there the compiler says what a type lacks, and the lines below are what it shows of the reason.
//! `P` stands for the actor's enum, and `N` tells fields of one type apart.

use std::hash::Hasher;

use crate::protocol::{Again, LatestKey, Variant};

/// What the rest of generated code has to know of an enum and its envelope.
pub trait Sound: Send + 'static {}

/// What handlers are checked against: it is there even where the enum is not sound.
pub trait Table {
    /// One row for each variant.
    const ROWS: &'static [Variant];
    /// Whether it is a supervisor.
    const SUPERVISES: bool;
}

/// A field of a message.
#[rustfmt::skip]
pub trait MessageField<P, const N: usize>
where
    Self: Send + 'static, // a message moves to the thread of its actor: `Arc` can, and `Rc` cannot
{
}

/// What an ask is answered with, or the error of that.
#[rustfmt::skip]
pub trait AnswerOfAnAsk<P, const N: usize>
where
    Self: Send + 'static, // a reply moves to the thread of its caller: `Arc` can, and `Rc` cannot
{
}

/// A field of a message that may be sent again.
pub trait RepeatedField<P, const N: usize>: Again + Sized {}

/// A field that messages are told apart by.
pub trait KeyField<P, const N: usize>: LatestKey + Sized {}

/// The field once more.
pub fn again<P, const N: usize, T: RepeatedField<P, N>>(field: &T) -> T {
    field.once_more()
}

/// The copy of the field under which its message waits.
pub fn key<P, const N: usize, T: KeyField<P, N>>(field: &T) -> T {
    field.copied()
}

/// Whether another message has the same key.
pub fn same_key<P, const N: usize, T: KeyField<P, N>>(one: &T, other: &T) -> bool {
    one.equals(other)
}

/// Hashes a key.
pub fn hash_key<P, const N: usize, T: KeyField<P, N>>(key: &T, state: &mut impl Hasher) {
    key.hashed(state);
}

/// What is done with a field that messages are told apart by, where nothing vouches for it. All of it
/// is got from one function: for the compiler what its type lacks is then one mistake.
#[derive(Debug)]
pub struct ByKey<T> {
    pub key: fn(&T) -> T,
    pub same_key: fn(&T, &T) -> bool,
    pub hash_key: fn(&T, &mut dyn Hasher),
}

/// See `ByKey`.
#[must_use]
pub fn by_key<T: LatestKey>() -> ByKey<T> {
    ByKey {
        key: T::copied,
        same_key: T::equals,
        hash_key: |key, mut state| key.hashed(&mut state),
    }
}

/// The field once more, where nothing vouches for it.
pub fn again_unvouched<T: Again>(field: &T) -> T {
    field.once_more()
}
