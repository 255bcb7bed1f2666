//! Lifetimes of the trait: an actor's trait has none, as its messages have none.

use syn::visit_mut::{self, VisitMut};
use syn::{GenericArgument, GenericParam, ItemImpl, Lifetime, PathArguments};

use crate::diag::Report;
use crate::wording::checks::lifetime as say;

/// Takes them out of the trait, and reads them as `'static` elsewhere: so do the enum and its trait.
pub(super) fn take_out(head: &mut ItemImpl, report: &mut Report) {
    let last = head
        .trait_
        .as_mut()
        .and_then(|(path, _)| path.segments.last_mut());
    let Some(last) = last else {
        return;
    };
    let PathArguments::AngleBracketed(arguments) = &mut last.arguments else {
        return;
    };
    let mut taken = Taken(Vec::new());
    let all = std::mem::take(&mut arguments.args);
    for argument in all {
        match argument {
            GenericArgument::Lifetime(lifetime) => {
                report.at(lifetime.span(), say(&lifetime.to_string()));
                // Elsewhere one without a name is another one.
                if lifetime.ident != "_" {
                    taken.0.push(lifetime);
                }
            }
            other => arguments.args.push(other),
        }
    }
    if arguments.args.is_empty() {
        last.arguments = PathArguments::None;
    }
    if taken.0.is_empty() {
        return;
    }
    let parameters = std::mem::take(&mut head.generics.params);
    head.generics.params = parameters
        .into_iter()
        .filter(|parameter| match parameter {
            GenericParam::Lifetime(parameter) => !taken.0.contains(&parameter.lifetime),
            _ => true,
        })
        .collect();
    taken.visit_item_impl_mut(head);
}

struct Taken(Vec<Lifetime>);

impl VisitMut for Taken {
    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if self.0.contains(lifetime) {
            *lifetime = Lifetime::new("'static", lifetime.span());
        }
        visit_mut::visit_lifetime_mut(self, lifetime);
    }
}
