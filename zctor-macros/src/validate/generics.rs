//! Lifetimes are refused, those with names and those without.

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{
    GenericArgument, Generics, Ident, Lifetime, ParenthesizedGenericArguments, PathArguments, Type,
    TypeFnPtr, TypeParamBound, TypeReference,
};

use crate::diag::Report;
use crate::model::declared::Marks;
use crate::parse::value::compact;
use crate::syntax::ItemEnum;
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
    let of = Of::Handler;
    Borrows { report, of }.visit_type_mut(ty);
}

/// References without a lifetime. They are reported, and then live for ever: a handler gets what lives so
/// long for whatever it takes. It does not give it, so of an answer nothing is known then.
pub(super) fn borrows(item: &mut ItemEnum, marks: &mut [Marks], report: &mut Report) {
    let mut borrows = Borrows {
        report,
        of: Of::Field,
    };
    for variant in &mut item.variants {
        for field in &mut variant.fields {
            borrows.visit_type_mut(&mut field.ty);
        }
    }
    borrows.of = Of::Reply;
    for marks in marks {
        if let Some(given) = &mut marks.reply
            && let Some(reply) = &mut given.value
        {
            borrows.visit_type_mut(&mut reply.answer);
            if let Some(error) = &mut reply.error {
                borrows.visit_type_mut(error);
            }
        }
    }
}

/// Whose type it is.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    Field,
    /// What a variant says that it is answered with.
    Reply,
    /// What a handler returns.
    Handler,
}

struct Borrows<'a> {
    report: &'a mut Report,
    of: Of,
}

impl VisitMut for Borrows<'_> {
    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        if reference.lifetime.is_none() {
            let written = compact(&reference.to_token_stream());
            let owned = owned(&reference.elem);
            let message = match self.of {
                Of::Field => say::borrowed(&written, Some(&owned)),
                Of::Reply | Of::Handler => say::borrowed_answer(&written, Some(&owned)),
            };
            self.report.on(&*reference, message);
            let forever = Lifetime::new("'static", reference.and_token.span);
            reference.lifetime = Some(forever);
        }
        visit_mut::visit_type_reference_mut(self, reference);
    }

    fn visit_type_mut(&mut self, ty: &mut Type) {
        // Of what a handler returns the compiler knows what a `_` stands for, and says it.
        let open = match ty {
            Type::ImplTrait(_) => true,
            Type::Infer(_) => self.of != Of::Handler,
            _ => false,
        };
        if open {
            let written = compact(&ty.to_token_stream());
            let message = match self.of {
                Of::Field => say::unnamed_field(&written),
                Of::Reply | Of::Handler => say::unnamed_answer(&written),
            };
            self.report.on(&*ty, message);
            *ty = self.report.latest_as_type();
            return;
        }
        let borrows = is_borrowed(ty);
        visit_mut::visit_type_mut(self, ty);
        if borrows && self.of != Of::Field {
            *ty = self.report.latest_as_type();
        }
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident == "_" {
            let message = match self.of {
                Of::Field => say::borrowed("'_", None),
                Of::Reply | Of::Handler => say::borrowed_answer("'_", None),
            };
            self.report.at(lifetime.span(), message);
            *lifetime = Lifetime::new("'static", lifetime.span());
        }
    }

    // The lifetimes of a function's parameters and result are its own.
    fn visit_type_fn_ptr_mut(&mut self, _: &mut TypeFnPtr) {}
    fn visit_parenthesized_generic_arguments_mut(&mut self, _: &mut ParenthesizedGenericArguments) {
    }
}

/// Whether a lifetime without a name is in the type itself, and not only in a part of it.
fn is_borrowed(ty: &Type) -> bool {
    let anonymous = |lifetime: &Lifetime| lifetime.ident == "_";
    match ty {
        Type::Reference(reference) => reference.lifetime.as_ref().is_none_or(anonymous),
        Type::Path(path) => path.path.segments.iter().any(|segment| {
            let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
                return false;
            };
            arguments.args.iter().any(
                |argument| matches!(argument, GenericArgument::Lifetime(one) if anonymous(one)),
            )
        }),
        _ => false,
    }
}

/// The type that owns what a reference to `ty` borrows.
fn owned(ty: &Type) -> String {
    match ty {
        Type::Path(path) if path.path.is_ident("str") => "String".to_owned(),
        Type::Path(path) => {
            let mut path = path.clone();
            if let Some(last) = path.path.segments.last_mut() {
                let of_that_name = OWNED.iter().find(|(name, _)| last.ident == name);
                if let Some((_, owned)) = of_that_name {
                    last.ident = Ident::new(owned, last.ident.span());
                }
            }
            compact(&path.to_token_stream())
        }
        Type::Slice(slice) => format!("Vec<{}>", compact(&slice.elem.to_token_stream())),
        Type::Paren(inner) => owned(&inner.elem),
        Type::TraitObject(object) => {
            let written = compact(&object.to_token_stream());
            let sends = object.bounds.iter().any(|bound| {
                let last = match bound {
                    TypeParamBound::Trait(bound) => bound.path.segments.last(),
                    _ => None,
                };
                last.is_some_and(|last| last.ident == "Send")
            });
            let send = if sends { "" } else { " + Send" };
            format!("Box<{written}{send}>")
        }
        other => compact(&other.to_token_stream()),
    }
}

/// Types that are only ever borrowed, and those that own them.
const OWNED: &[(&str, &str)] = &[
    ("Path", "PathBuf"),
    ("OsStr", "OsString"),
    ("CStr", "CString"),
];
