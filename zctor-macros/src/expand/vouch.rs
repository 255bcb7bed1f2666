//! Vouching: what crosses between actors is checked once, where the user wrote it, and believed
//! everywhere else.
//!
//! For each field and each answer there is an impl, at the user's type, of a trait of ours that has
//! the requirement as its supertrait. Such an impl is the one place where the compiler looks whether
//! that is so. The impls of the enum itself have a clause that names it, from which the compiler takes
//! the requirement as given: a mistaken type is one error, however much is made from it. The clauses
//! have a lifetime that they do not need, so that the compiler does not judge them by themselves.
//!
//! An impl cannot be on a parameter, and a clause cannot have a condition: types of parameters, and
//! those under a `#[cfg]`, are checked by probes, and then wherever they are used.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Lifetime, Type};

use crate::model::actor::{Actor, Field, Variant};
use crate::model::names::spoken_of;
use crate::tokens;

/// What is asked of a type, as the name of the trait that asks it.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum As {
    Field,
    Answer,
    Again,
    Key,
}

impl As {
    fn name(self) -> Ident {
        let name = match self {
            As::Field => "MessageField",
            As::Answer => "AnswerOfAnAsk",
            As::Again => "RepeatedField",
            As::Key => "KeyField",
        };
        Ident::new(name, Span::call_site())
    }
}

/// What stands for the enum where something is vouched for. The enum itself would thereby be taken
/// for public, with all of its fields.
fn mark(actor: &Actor) -> TokenStream {
    let (name, arguments) = (
        Ident::new(MARK, Span::call_site()),
        actor.generics.arguments(),
    );
    quote!(#name #arguments)
}

const MARK: &str = "__ZctorFields";

/// The lifetime of the clauses that are believed.
pub(super) const BELIEVED: &str = "'__zctor";

fn life() -> Lifetime {
    Lifetime::new(BELIEVED, Span::call_site())
}

/// A type that is vouched for. One that comes again is not vouched for again, since the compiler
/// compares each two impls of a trait that are on the same type.
struct Vouched<'a> {
    ty: &'a Type,
    text: String,
    what: As,
}

/// Whether the type can be vouched for where there are these conditions.
pub(super) fn vouches(actor: &Actor, variant: &Variant, field: Option<&Field>, ty: &Type) -> bool {
    let conditional = !variant.cfg.is_empty() || field.is_some_and(|field| !field.cfg.is_empty());
    !conditional
        && !matches!(ty, Type::Verbatim(_))
        && (!names_any(ty, &actor.generics.names) || covers(ty))
}

/// Whether the type is one of those that cover their parameters, so that an impl can be on it.
fn covers(ty: &Type) -> bool {
    let Type::Path(path) = ty else {
        return false;
    };
    let last = path.path.segments.last();
    path.qself.is_none() && last.is_some_and(|last| COVERING.iter().any(|name| last.ident == name))
}

const COVERING: &[&str] = &[
    "Arc", "Rc", "Weak", "Cell", "RefCell", "Mutex", "RwLock", "Vec", "VecDeque", "Option",
    "Result", "HashMap", "HashSet", "BTreeMap", "BTreeSet",
];

pub(super) fn names_any(ty: &Type, names: &[Ident]) -> bool {
    !names.is_empty() && tokens::mention(ty.to_token_stream(), names)
}

/// What is vouched for in an actor, found out once.
pub(super) struct Vouching<'a> {
    actor: &'a Actor,
    /// Each has its place here for its number.
    all: Vec<Vouched<'a>>,
}

impl<'a> Vouching<'a> {
    pub(super) fn new(actor: &'a Actor) -> Self {
        let mut vouching = Vouching {
            actor,
            all: Vec::new(),
        };
        for variant in &actor.variants {
            for field in &variant.fields {
                let ty = &field.ty;
                if !vouches(actor, variant, Some(field), ty) {
                    continue;
                }
                vouching.vouch(ty, As::Field);
                if variant.idempotent {
                    vouching.vouch(ty, As::Again);
                }
                if variant.key().is_some_and(|key| key.slot == field.slot) {
                    vouching.vouch(ty, As::Key);
                }
            }
            for ty in variant.answers() {
                if vouches(actor, variant, None, ty) {
                    vouching.vouch(ty, As::Answer);
                }
            }
        }
        vouching
    }

    fn vouch(&mut self, ty: &'a Type, what: As) {
        let text = ty.to_token_stream().to_string();
        if self.number(what, &text).is_none() {
            self.all.push(Vouched { ty, text, what });
        }
    }

    /// The number of what is asked of a type.
    fn number(&self, what: As, text: &str) -> Option<usize> {
        let mut all = self.all.iter();
        all.position(|vouched| vouched.what == what && vouched.text == text)
    }

    /// A function for a field that may be repeated or that messages are told apart by. Where nothing
    /// vouches for it, what its type lacks is said at each use in the same words, and so once.
    pub(super) fn function(&self, of: &Field, what: As, name: &str) -> TokenStream {
        let (zp, ty) = (&self.actor.names.private, &of.ty);
        let name = Ident::new(name, Span::call_site());
        match self.number(what, &ty.to_token_stream().to_string()) {
            Some(number) => {
                let mark = mark(self.actor);
                quote!(#zp::#name::<#mark, #number, #ty>)
            }
            None if what == As::Again => quote!(#zp::again_unvouched::<#ty>),
            None => quote!((#zp::by_key::<#ty>().#name)),
        }
    }

    /// The impls, each at its type: that is where the compiler reports what it lacks.
    pub(super) fn impls(&self) -> TokenStream {
        let actor = self.actor;
        let (parameters, clause) = (actor.generics.parameters(), actor.generics.clause());
        let (vis, mark) = (&actor.vis, mark(actor));
        if self.all.is_empty() {
            return TokenStream::new();
        }
        let mut impls = TokenStream::new();
        for (number, Vouched { ty, what, .. }) in self.all.iter().enumerate() {
            let (zp, name) = (&actor.names.private, what.name());
            let span = spoken_of(ty.span());
            let number = quote_spanned!(span=> #number);
            impls.extend(quote! {
                #[doc(hidden)]
                impl #parameters #zp::#name<#mark, #number> for #ty #clause {}
            });
        }
        let (zp, protocol) = (&actor.names.private, &actor.generics.actor);
        let name = Ident::new(MARK, Span::call_site());
        quote! {
            #[doc(hidden)]
            #vis struct #name #parameters(#zp::PhantomData<fn() -> #protocol>) #clause;
            #impls
        }
    }

    /// A clause for each type of those, from which `Send` follows.
    fn clauses(&self) -> TokenStream {
        let actor = self.actor;
        let (zp, mark, life) = (&actor.names.private, mark(actor), life());
        let (mut seen, mut clauses) = (Vec::new(), TokenStream::new());
        for (number, Vouched { ty, text, what }) in self.all.iter().enumerate() {
            let crosses = matches!(what, As::Field | As::Answer);
            if crosses && !seen.contains(&text) {
                seen.push(text);
                let name = what.name();
                clauses.extend(quote!(for<#life> #ty: #zp::#name<#mark, #number>,));
            }
        }
        clauses
    }

    /// That the enum and its envelope are sound, of which the rest need not know why.
    pub(super) fn sound(&self) -> TokenStream {
        let (actor, clauses) = (self.actor, self.clauses());
        if clauses.is_empty() {
            return TokenStream::new();
        }
        let (zp, protocol, envelope) = (
            &actor.names.private,
            &actor.generics.actor,
            &actor.names.envelope,
        );
        let (parameters, arguments) = (actor.generics.parameters(), actor.generics.arguments());
        let clause = and(actor.generics.clause(), clauses);
        quote! {
            #[doc(hidden)]
            impl #parameters #zp::Sound for #protocol #clause {}
            #[doc(hidden)]
            impl #parameters #zp::Sound for #envelope #arguments #clause {}
        }
    }

    /// The clause of what needs the enum and its envelope to be sound.
    pub(super) fn clause(&self) -> TokenStream {
        and(self.actor.generics.clause(), self.by_name())
    }

    fn by_name(&self) -> TokenStream {
        let actor = self.actor;
        let mut all = self.all.iter();
        if !all.any(|vouched| matches!(vouched.what, As::Field | As::Answer)) {
            return TokenStream::new();
        }
        let (zp, protocol, envelope) = (
            &actor.names.private,
            &actor.generics.actor,
            &actor.names.envelope,
        );
        let (arguments, life) = (actor.generics.arguments(), life());
        quote! {
            for<#life> #protocol: #zp::Sound,
            for<#life> #envelope #arguments: #zp::Sound,
        }
    }

    /// The clause of what also has fields and answers in its hands.
    pub(super) fn whole_clause(&self) -> TokenStream {
        let mut more = self.by_name();
        more.extend(self.clauses());
        and(self.actor.generics.clause(), more)
    }
}

/// Both end with a comma, if there is anything in them.
fn and(clause: TokenStream, more: TokenStream) -> TokenStream {
    match (clause.is_empty(), more.is_empty()) {
        (_, true) => clause,
        (true, false) => quote!(where #more),
        (false, false) => quote!(#clause #more),
    }
}
