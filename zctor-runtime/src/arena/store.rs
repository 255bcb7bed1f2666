//! What an arena that travels holds from one actor to the next.

use std::fmt;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use super::columns::Columns;
use super::storable::Storable;
use super::stored::{ArenaError, Key, Stored};

/// The part of an [`Arena`](crate::arena::Arena) that travels: values, slices
/// and text, each behind a [`Stored`] that finds it again. An arena dereferences
/// to it.
///
/// Values are kept by type, side by side, and text in one string. So what is
/// stored is moved when it grows, and is found by place, not by address. The
/// memory stays when the arena is reset.
pub struct Store {
    key: Key,
    columns: Columns,
}

/// So that no two arenas of a process have the same number.
static ARENAS: AtomicU64 = AtomicU64::new(0);

impl Store {
    pub(super) fn new() -> Store {
        Store {
            key: Key {
                arena: ARENAS.fetch_add(1, Relaxed),
                round: 0,
            },
            columns: Columns::default(),
        }
    }

    /// Drops what is stored. A panic of a value's drop leaves it empty to all
    /// who ask: the handles are void before.
    pub(super) fn clear(&mut self) {
        self.key.round += 1;
        self.columns.clear();
    }

    /// The same, and gives the memory back.
    pub(super) fn shrink(&mut self) {
        self.columns = Columns::default();
    }

    pub(super) fn bytes(&self) -> usize {
        self.columns.bytes()
    }

    /// Stores a value. It is dropped when the arena is reset or dropped.
    ///
    /// ```
    /// use zctor::arena::Arena;
    ///
    /// let mut arena = Arena::new();
    /// let age = arena.put(36_u32);
    /// *arena.get_mut(age).unwrap() += 1;
    /// assert_eq!(arena.get(age), Ok(&37));
    /// ```
    pub fn put<T: Send + 'static>(&mut self, value: T) -> Stored<T> {
        let range = self.columns.append(|row| row.push(value));
        Stored::new(self.key, range)
    }

    /// Stores what an iterator gives, as a slice.
    ///
    /// ```
    /// use zctor::arena::{Arena, Stored};
    ///
    /// let mut arena = Arena::new();
    /// let squares: Stored<[u32]> = arena.put_all((1..4).map(|n| n * n));
    /// assert_eq!(arena.get(squares).unwrap(), [1, 4, 9]);
    /// ```
    pub fn put_all<T: Send + 'static>(
        &mut self,
        values: impl IntoIterator<Item = T>,
    ) -> Stored<[T]> {
        let range = self.columns.append(|row| row.extend(values));
        Stored::new(self.key, range)
    }

    /// Stores a copy of a text.
    ///
    /// ```
    /// use zctor::arena::Arena;
    ///
    /// let mut arena = Arena::new();
    /// let name = arena.put_str("Ada");
    /// assert_eq!(arena.get(name), Ok("Ada"));
    /// ```
    pub fn put_str(&mut self, text: &str) -> Stored<str> {
        self.put_text(|all| all.push_str(text))
    }

    /// Stores a text that is formatted in place:
    /// `arena.put_fmt(format_args!("{name}: {price}"))`.
    ///
    /// # Panics
    /// As [`format!`]: if a `Display` says that it has failed.
    ///
    /// ```
    /// use zctor::arena::Arena;
    ///
    /// let mut arena = Arena::new();
    /// let price = 7;
    /// let line = arena.put_fmt(format_args!("tea: {price}"));
    /// assert_eq!(arena.get(line), Ok("tea: 7"));
    /// ```
    pub fn put_fmt(&mut self, text: fmt::Arguments<'_>) -> Stored<str> {
        self.put_text(|all| {
            let written = fmt::Write::write_fmt(all, text);
            written.expect("a `Display` has failed");
        })
    }

    fn put_text(&mut self, append: impl FnOnce(&mut String)) -> Stored<str> {
        let all = self.columns.text_mut();
        let start = all.len();
        append(all);
        let end = all.len();
        Stored::new(self.key, start..end)
    }

    /// What was stored there: a `&T`, `&[T]` or `&str`.
    ///
    /// # Errors
    /// If it is in another arena, or was there before the last reset.
    pub fn get<T: Storable + ?Sized>(&self, stored: Stored<T>) -> Result<&T, ArenaError> {
        let range = stored.range(self.key)?;
        T::of(&self.columns, range).ok_or(ArenaError::Reset)
    }

    /// The same, to be changed.
    ///
    /// # Errors
    /// As [`get`](Store::get).
    pub fn get_mut<T: Storable + ?Sized>(
        &mut self,
        stored: Stored<T>,
    ) -> Result<&mut T, ArenaError> {
        let range = stored.range(self.key)?;
        T::of_mut(&mut self.columns, range).ok_or(ArenaError::Reset)
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("bytes", &self.bytes())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    /// Numbers that look random, the same for each seed.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: u64) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0 % sides
        }
    }

    /// What was stored, with the round of the store.
    enum Put {
        Number(u64, Stored<u64>, u64),
        Text(u64, Stored<str>, String),
        Row(u64, Stored<[u64]>, Vec<u64>),
        Own(u64, Stored<String>, String),
        Nothing(u64, Stored<()>),
    }

    impl Put {
        fn one(store: &mut Store, round: u64, dice: &mut Dice) -> Put {
            let number = dice.roll(1_000);
            let text = "é".repeat(dice.roll(5) as usize) + &number.to_string();
            let row: Vec<u64> = (0..dice.roll(4)).map(|at| number + at).collect();
            match dice.roll(6) {
                0 => Put::Number(round, store.put(number), number),
                1 => Put::Text(round, store.put_str(&text), text),
                2 => Put::Text(round, store.put_fmt(format_args!("{text}")), text),
                3 => Put::Row(round, store.put_all(row.iter().copied()), row),
                4 => Put::Own(round, store.put(text.clone()), text),
                _ => Put::Nothing(round, store.put(())),
            }
        }

        fn change(&mut self, store: &mut Store) {
            match self {
                Put::Number(_, at, number) => {
                    if let Ok(stored) = store.get_mut(*at) {
                        *stored += 1;
                        *number += 1;
                    }
                }
                Put::Text(_, at, text) => {
                    if let Ok(stored) = store.get_mut(*at) {
                        stored.make_ascii_uppercase();
                        text.make_ascii_uppercase();
                    }
                }
                Put::Row(_, at, row) => {
                    if let Ok(stored) = store.get_mut(*at) {
                        stored.reverse();
                        row.reverse();
                    }
                }
                Put::Own(..) | Put::Nothing(..) => {}
            }
        }

        fn check(&self, store: &Store, now: u64) {
            fn same<T: ?Sized + PartialEq + fmt::Debug>(
                (round, now): (u64, u64),
                found: Result<&T, ArenaError>,
                stored: &T,
            ) {
                let expected = if round == now {
                    Ok(stored)
                } else {
                    Err(ArenaError::Reset)
                };
                assert_eq!(found, expected);
            }
            match self {
                Put::Number(round, at, number) => same((*round, now), store.get(*at), number),
                Put::Text(round, at, text) => same((*round, now), store.get(*at), &**text),
                Put::Row(round, at, row) => same((*round, now), store.get(*at), &**row),
                Put::Own(round, at, text) => same((*round, now), store.get(*at), text),
                Put::Nothing(round, at) => same((*round, now), store.get(*at), &()),
            }
        }
    }

    #[test]
    fn it_finds_what_was_put_and_nothing_else() {
        for seed in 1..=200 {
            let mut dice = Dice(0x9E37_79B9_7F4A_7C15 ^ seed);
            let (mut store, other) = (Store::new(), Store::new());
            let (mut all, mut round) = (Vec::new(), 0);
            for _ in 0..60 {
                match dice.roll(20) {
                    0 => {
                        store.clear();
                        round += 1;
                        if dice.roll(2) == 0 {
                            store.shrink();
                            assert_eq!(store.bytes(), 0);
                        }
                    }
                    1..=4 => {
                        if let Some(put) = all.last_mut() {
                            Put::change(put, &mut store);
                        }
                    }
                    _ => all.push(Put::one(&mut store, round, &mut dice)),
                }
                all.iter().for_each(|put| put.check(&store, round));
            }
            for put in &all {
                if let Put::Number(_, at, _) = put {
                    assert_eq!(other.get(*at), Err(ArenaError::Foreign));
                }
            }
        }
    }

    /// A drop that panics: the others are dropped, and nothing is found.
    #[test]
    fn it_is_empty_after_a_drop_that_panics() {
        struct Nasty;
        impl Drop for Nasty {
            fn drop(&mut self) {
                panic!("nasty");
            }
        }
        let mut store = Store::new();
        let (nasty, text) = (store.put(Nasty), store.put(String::from("text")));
        let other = Arc::new(());
        store.put(Arc::clone(&other));
        let cleared = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| store.clear()));
        assert!(cleared.is_err());
        assert_eq!(Arc::strong_count(&other), 1);
        assert_eq!(store.get(nasty).err(), Some(ArenaError::Reset));
        assert_eq!(store.get(text), Err(ArenaError::Reset));
        let again = store.put(String::from("again"));
        assert_eq!(store.get(again).map(String::as_str), Ok("again"));
        store.clear();
    }
}
