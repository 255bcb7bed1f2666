//! Lifetimes are refused.

use syn::Generics;

use crate::diag::Report;
use crate::wording::checks as say;

pub(super) fn check(generics: &Generics, report: &mut Report) {
    for parameter in generics.lifetimes() {
        report.on(
            &parameter.lifetime,
            say::lifetime(&parameter.lifetime.to_string()),
        );
    }
}
