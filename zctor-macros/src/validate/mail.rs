//! The mailbox and its policy, and the limits of asks.

use crate::diag::Report;
use crate::model::declared::{Mailbox, Marks, Options, Overflow};
use crate::model::names::plain;
use crate::syntax::ItemEnum;
use crate::wording::checks as say;

/// The mailbox, its policy, and whether tells wait.
pub(super) fn mail(options: &Options, report: &mut Report) -> (Mailbox, Overflow, bool) {
    let policy = options.overflow.as_ref().and_then(|given| given.value);
    let given = options.mailbox.as_ref();
    // A mistaken capacity is still a capacity: the methods are what they will be.
    let mistaken = given.is_some_and(|given| given.value.is_none());
    let mailbox = given.and_then(|given| given.value.clone());
    let mailbox = mailbox.unwrap_or_default();
    let bounded = mistaken || mailbox.capacity.is_some();
    if let (Some(given), false) = (&options.overflow, bounded || options.uncertain) {
        report.at(given.at, say::overflow_without_mailbox(mailbox.lock_free));
    }
    let overflow = policy.unwrap_or(Overflow::Wait);
    (mailbox, overflow, bounded && overflow == Overflow::Wait)
}

/// Limits that nothing is subject to, and what `#[internal]` makes void.
pub(super) fn limits(options: &Options, marks: &[Marks], item: &ItemEnum, report: &mut Report) {
    let asks = marks
        .iter()
        .any(|marks| marks.reply.is_some() || marks.uncertain);
    if let (Some(given), false, false) = (&options.timeout, asks, item.variants.is_empty()) {
        report.at(given.at, say::timeout_without_asks());
    }
    for (variant, marks) in item.variants.iter().zip(marks) {
        let name = plain(&variant.ident);
        if let (Some(priority), Some(_)) = (&marks.priority, &marks.internal) {
            report.at(priority.at, say::internal_with_priority(&name));
        }
        match (&marks.reply, &marks.timeout, &marks.internal) {
            (Some(reply), _, Some(internal)) => {
                report.at(internal.at, say::internal_here(&name));
                report.at(reply.at, say::internal_with_reply(&name));
            }
            (None, Some(timeout), _) if !marks.uncertain => {
                report.at(timeout.at, say::timeout_without_reply(&name))
            }
            _ => {}
        }
    }
}
