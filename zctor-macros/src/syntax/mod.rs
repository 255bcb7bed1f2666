//! Items as far as the macros need them: what a function takes and gives, and never what is in its body.
//!
//! The names are those of `syn`, whose own types for items come with a reader for all expressions there
//! are. Without it `syn` builds in two thirds of the time, and a body may be written in whatever the
//! compiler reads.

pub(crate) mod constants;
mod function;
mod item_enum;
mod item_impl;
mod kind;

use syn::Token;
use syn::punctuated::Punctuated;

pub(crate) use function::{FnArg, ImplItemFn, Pat, PatType, Receiver, ReceiverKind};
pub(crate) use item_enum::ItemEnum;
pub(crate) use item_impl::{ImplItem, ItemImpl};
pub(crate) use kind::{Kind, kind};

/// Leaves out what is not to be kept, and puts new commas between the rest.
pub(crate) fn retain<T>(all: &mut Punctuated<T, Token![,]>, keep: impl Fn(&T) -> bool) {
    for one in std::mem::take(all) {
        if keep(&one) {
            all.push(one);
        }
    }
}
