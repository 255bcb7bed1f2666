//! What can be stored in an arena.

use std::ops::Range;

use super::columns::Columns;

/// What a [`Stored`](crate::arena::Stored) can name: any `T` that is `Send` and
/// `'static`, a slice of such, and `str`. There are no others.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored in an arena that travels",
    note = "what travels is `Send`, and borrows nothing"
)]
pub trait Storable {
    #[doc(hidden)]
    fn of(columns: &Columns, range: Range<usize>) -> Option<&Self>;

    #[doc(hidden)]
    fn of_mut(columns: &mut Columns, range: Range<usize>) -> Option<&mut Self>;
}

impl<T: Send + 'static> Storable for T {
    fn of(columns: &Columns, range: Range<usize>) -> Option<&T> {
        columns.row()?.get(range.start)
    }

    fn of_mut(columns: &mut Columns, range: Range<usize>) -> Option<&mut T> {
        columns.row_mut()?.get_mut(range.start)
    }
}

impl<T: Send + 'static> Storable for [T] {
    fn of(columns: &Columns, range: Range<usize>) -> Option<&[T]> {
        columns.row()?.get(range)
    }

    fn of_mut(columns: &mut Columns, range: Range<usize>) -> Option<&mut [T]> {
        columns.row_mut()?.get_mut(range)
    }
}

impl Storable for str {
    fn of(columns: &Columns, range: Range<usize>) -> Option<&str> {
        columns.text().get(range)
    }

    fn of_mut(columns: &mut Columns, range: Range<usize>) -> Option<&mut str> {
        columns.text_mut().get_mut(range)
    }
}
