//! Lifetimes are refused, those with names and those without.

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Generics, ItemEnum, Lifetime, ParenthesizedGenericArguments, Type, TypeFnPtr, TypeReference,
};

use crate::diag::Report;
use crate::model::declared::Marks;
use crate::parse::value::compact;
use crate::wording::checks as say;

pub(super) fn check(generics: &Generics, report: &mut Report) {
    for parameter in generics.lifetimes() {
        report.on(
            &parameter.lifetime,
            say::lifetime(&parameter.lifetime.to_string()),
        );
    }
}

/// The answers of handlers, likewise.
pub(crate) fn borrows_answer(ty: &mut Type, report: &mut Report) {
    let answer = true;
    Borrows { report, answer }.visit_type_mut(ty);
}

/// References without a lifetime. They are reported, and then live for ever: a handler gets what lives so
/// long for whatever it takes. It does not give it, so of an answer nothing is known then.
pub(super) fn borrows(item: &mut ItemEnum, marks: &mut [Marks], report: &mut Report) {
    let mut borrows = Borrows {
        report,
        answer: false,
    };
    for field in item
        .variants
        .iter_mut()
        .flat_map(|variant| &mut variant.fields)
    {
        borrows.visit_type_mut(&mut field.ty);
    }
    borrows.answer = true;
    let replies = marks.iter_mut().filter_map(|marks| marks.reply.as_mut());
    for reply in replies.filter_map(|given| given.value.as_mut()) {
        borrows.visit_type_mut(&mut reply.answer);
        if let Some(error) = &mut reply.error {
            borrows.visit_type_mut(error);
        }
    }
}

struct Borrows<'a> {
    report: &'a mut Report,
    answer: bool,
}

impl VisitMut for Borrows<'_> {
    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        if reference.lifetime.is_none() {
            let written = compact(&reference.to_token_stream());
            let owned = owned(&reference.elem);
            let message = if self.answer {
                say::borrowed_answer(&written, &owned)
            } else {
                say::borrowed(&written, Some(&owned))
            };
            self.report.on(&*reference, message);
            let forever = Lifetime::new("'static", reference.and_token.span);
            reference.lifetime = Some(forever);
        }
        visit_mut::visit_type_reference_mut(self, reference);
    }

    fn visit_type_mut(&mut self, ty: &mut Type) {
        if matches!(ty, Type::ImplTrait(_) | Type::Infer(_)) {
            let written = compact(&ty.to_token_stream());
            self.report.on(&*ty, say::unnamed_field(&written));
            *ty = self.report.latest_as_type();
            return;
        }
        let borrows = matches!(ty, Type::Reference(reference) if reference.lifetime.is_none());
        visit_mut::visit_type_mut(self, ty);
        if borrows && self.answer {
            *ty = self.report.latest_as_type();
        }
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident == "_" {
            self.report.at(lifetime.span(), say::borrowed("'_", None));
            *lifetime = Lifetime::new("'static", lifetime.span());
        }
    }

    // The lifetimes of a function's parameters and result are its own.
    fn visit_type_fn_ptr_mut(&mut self, _: &mut TypeFnPtr) {}
    fn visit_parenthesized_generic_arguments_mut(&mut self, _: &mut ParenthesizedGenericArguments) {
    }
}

/// The type that owns what a reference to `ty` borrows.
fn owned(ty: &Type) -> String {
    match ty {
        Type::Path(path) if path.path.is_ident("str") => "String".to_owned(),
        Type::Path(path) if path.path.is_ident("Path") => "PathBuf".to_owned(),
        Type::Slice(slice) => format!("Vec<{}>", compact(&slice.elem.to_token_stream())),
        other => compact(&other.to_token_stream()),
    }
}
