//! Enums with parameters.

use core::fmt::Debug;
use core::hash::Hash;

use zctor::prelude::*;
use zctor::{Batch, Spawn};

/// A box for whatever fits.
#[derive(Debug)]
#[actor(double)]
#[non_exhaustive]
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
    /// Puts many in.
    #[batch(max = N)]
    PutAll(T, Vec<T>),
    /// Puts it in, unless it is in.
    #[idempotent]
    #[reply(bool, error = T)]
    PutOnce(T),
}

/// What is kept.
#[derive(Debug)]
struct Kept<T>(Option<T>);

#[handlers]
impl<T: Clone + Send + 'static, const N: usize> KeepActor<T, N> for Kept<T> {
    fn put(&mut self, value: T) {
        self.0 = Some(value);
    }
    async fn get(&mut self) -> Option<T> {
        self.0.clone()
    }
    fn size(&self) -> [u8; N] {
        [u8::from(self.0.is_some()); N]
    }
    fn put_all(&mut self, batch: Batch<(T, Vec<T>)>) {
        self.0 = batch.last().map(|(value, _)| value);
    }
    fn put_once(&mut self, value: T) -> Result<bool, T> {
        if self.0.is_some() {
            Err(value)
        } else {
            self.0 = Some(value);
            Ok(true)
        }
    }
}

/// A screen of cells.
#[derive(Debug)]
#[actor(mailbox = N, overflow = reject)]
#[non_exhaustive]
pub enum Screen<K: Clone + Eq + Hash, V: Debug, const N: usize> {
    /// The latest of a cell.
    #[latest(by = key)]
    Cell {
        /// Which.
        key: K,
        /// What.
        value: V,
    },
    /// The latest of all.
    #[latest]
    Title(V),
}

#[handlers]
impl<K, V, const N: usize> ScreenActor<K, V, N> for Kept<V>
where
    K: Clone + Eq + Hash + Send + 'static,
    V: Debug + Send + 'static,
{
    fn cell(&mut self, _key: K, value: V) {
        self.0 = Some(value);
    }
    fn title(&mut self, value: V) {
        self.0 = Some(value);
    }
}

/// Parameters that are called like those of what is made.
#[derive(Debug)]
#[actor(double)]
#[non_exhaustive]
pub enum Clash<F, H: Hash> {
    /// A function, or not.
    Call(F),
    /// What can be hashed.
    #[reply(H)]
    Mix(H),
}

#[handlers]
impl<F, H: Hash> ClashActor<F, H> for Kept<F> {
    fn call(&mut self, value: F) {
        self.0 = Some(value);
    }
    fn mix(&mut self, value: H) -> H {
        value
    }
}

/// A supervisor of whatever can be spawned.
#[supervisor]
#[derive(Debug)]
#[non_exhaustive]
pub enum Crew<P: Spawn, const N: usize = 3> {
    /// One of them.
    #[child(count = N)]
    Member(P),
}

/// Makes a crew.
#[derive(Debug)]
struct Make<F>(F);

impl<P: Spawn, const N: usize, F> CrewChildren<P, N> for Make<F>
where
    F: FnMut(usize) -> Child<P> + Send + 'static,
{
    fn member(&mut self, _: &CrewHandle<P, N>, index: usize) -> Child<P> {
        (self.0)(index)
    }
}

/// What the enums above are used by.
///
/// # Errors
///
/// If one of them ends before its time.
#[inline]
pub fn uses(system: &System) -> zctor::Result<Option<String>> {
    let keep: KeepHandle<String> = Keep::spawn(system, Kept(None));
    keep.put("it".to_owned())?;
    let screen = Screen::<u8, u8, 3>::spawn(system, Kept(None));
    screen.cell(1, 2)?;
    Clash::<u8, u8>::spawn(system, Kept(None)).call(1)?;
    let make = Make(|index| Keep::<usize>::child(Kept(Some(index))));
    let crew = Crew::<_, 4>::start(system, make).wait()?;
    for member in crew.members() {
        member.put(1)?;
    }
    keep.get().wait().map_err(Into::into)
}
