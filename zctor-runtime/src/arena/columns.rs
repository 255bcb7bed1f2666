//! Values by type, and text: what is stored in an arena.

use std::any::Any;
use std::fmt;
use std::ops::Range;
use std::slice::IterMut;

/// All values of a type are in one row, and all text is in one string.
#[derive(Default)]
pub struct Columns {
    text: String,
    /// A row for each type. They are few, so they are looked through.
    rows: Vec<Box<dyn Row>>,
}

/// A `Vec<T>`, whatever `T` is.
trait Row: Any + Send {
    fn clear(&mut self);
    /// The memory that it has.
    fn bytes(&self) -> usize;
}

impl<T: Send + 'static> Row for Vec<T> {
    fn clear(&mut self) {
        Vec::clear(self);
    }

    fn bytes(&self) -> usize {
        self.capacity().saturating_mul(size_of::<T>())
    }
}

impl Columns {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// To be appended to, and changed in place, but not to be cut.
    pub(super) fn text_mut(&mut self) -> &mut String {
        &mut self.text
    }

    pub(super) fn row<T: Send + 'static>(&self) -> Option<&Vec<T>> {
        let mut rows = self.rows.iter().map(|row| &**row as &dyn Any);
        rows.find_map(|row| row.downcast_ref())
    }

    pub(super) fn row_mut<T: Send + 'static>(&mut self) -> Option<&mut Vec<T>> {
        let mut rows = self.rows.iter_mut().map(|row| &mut **row as &mut dyn Any);
        rows.find_map(|row| row.downcast_mut())
    }

    /// Appends what `fill` appends to the row of its type, and tells where it is.
    pub(super) fn append<T: Send + 'static>(
        &mut self,
        fill: impl FnOnce(&mut Vec<T>),
    ) -> Range<usize> {
        if self.row::<T>().is_none() {
            self.rows.push(Box::new(Vec::<T>::new()));
        }
        let Some(row) = self.row_mut() else {
            return 0..0;
        };
        let start = row.len();
        fill(row);
        start..row.len()
    }

    /// Drops all values, also if a drop panics, and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        let mut rows = Clearing(self.rows.iter_mut());
        for row in rows.0.by_ref() {
            row.clear();
        }
    }

    /// The memory that it has.
    pub(super) fn bytes(&self) -> usize {
        let rows = self.rows.iter().map(|row| row.bytes());
        rows.fold(self.text.capacity(), usize::saturating_add)
    }
}

/// Rows that are to be cleared.
struct Clearing<'a>(IterMut<'a, Box<dyn Row>>);

impl Drop for Clearing<'_> {
    fn drop(&mut self) {
        self.0.by_ref().for_each(|row| row.clear());
    }
}

impl fmt::Debug for Columns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Columns")
            .field("bytes", &self.bytes())
            .finish_non_exhaustive()
    }
}
