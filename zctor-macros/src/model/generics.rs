//! The enum's generics, in the forms that generated items need.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{GenericParam, Ident, Lifetime, Type, WherePredicate, parse_quote};

use crate::syntax::{ItemEnum, retain};

/// Parameters and bounds, without lifetimes: those are refused, and read as `'static`.
pub(crate) struct Generics {
    /// With defaults: for a struct or a trait.
    pub(crate) declared: Vec<GenericParam>,
    /// Without defaults: for an impl or a function.
    pub(crate) bounded: Vec<GenericParam>,
    /// The names: `K, N`.
    pub(crate) names: Vec<Ident>,
    /// All bounds, wherever the user wrote them: in two places they are a lint's business.
    pub(crate) predicates: Vec<WherePredicate>,
    /// The enum with its arguments: `Cache<K, N>`.
    pub(crate) actor: TokenStream,
    lifetimes: Vec<Ident>,
}

impl Generics {
    /// The forms of the generics of the enum called `actor`. What `private` offers is named by it.
    pub(crate) fn new(actor: &Ident, generics: &syn::Generics, private: &TokenStream) -> Self {
        let mut arguments = Vec::new();
        let mut names = Vec::new();
        let mut lifetimes = Vec::new();
        let mut declared = Vec::new();
        let mut predicates: Vec<WherePredicate> = Vec::new();
        for parameter in &generics.params {
            match parameter {
                GenericParam::Lifetime(parameter) => {
                    lifetimes.push(parameter.lifetime.ident.clone());
                }
                GenericParam::Type(parameter) => {
                    arguments.push(parameter.ident.to_token_stream());
                    names.push(parameter.ident.clone());
                    let mut parameter = parameter.clone();
                    let mut bounds = std::mem::take(&mut parameter.bounds);
                    parameter.colon_token = None;
                    if !bounds.empty_or_trailing() {
                        bounds.push_punct(Default::default());
                    }
                    let name = &parameter.ident;
                    predicates.push(parse_quote!(#name: #bounds #private::Send + 'static));
                    declared.push(GenericParam::Type(parameter));
                }
                GenericParam::Const(parameter) => {
                    arguments.push(parameter.ident.to_token_stream());
                    names.push(parameter.ident.clone());
                    declared.push(GenericParam::Const(parameter.clone()));
                }
            }
        }
        let actor = if arguments.is_empty() {
            quote!(#actor)
        } else {
            quote!(#actor<#(#arguments),*>)
        };
        if let Some(clause) = &generics.where_clause {
            for predicate in &clause.predicates {
                if !matches!(predicate, WherePredicate::Lifetime(_)) {
                    predicates.push(predicate.clone());
                }
            }
        }
        let mut outside = Outside {
            actor: &actor,
            lifetimes: &lifetimes,
        };
        for predicate in &mut predicates {
            outside.visit_where_predicate_mut(predicate);
        }
        for parameter in &mut declared {
            outside.visit_generic_param_mut(parameter);
        }
        let mut bounded = declared.clone();
        for parameter in &mut bounded {
            match parameter {
                GenericParam::Type(parameter) => parameter.default = None,
                GenericParam::Const(parameter) => parameter.default = None,
                GenericParam::Lifetime(_) => {}
            }
        }
        Generics {
            declared,
            bounded,
            names,
            predicates,
            actor,
            lifetimes,
        }
    }

    /// `<K, const N: usize = 4>`
    pub(crate) fn declaration(&self) -> TokenStream {
        angles(&self.declared)
    }

    /// `<K, const N: usize>`
    pub(crate) fn parameters(&self) -> TokenStream {
        angles(&self.bounded)
    }

    /// `<K, N>`
    pub(crate) fn arguments(&self) -> TokenStream {
        angles(&self.names)
    }

    /// `where K: Eq,`
    pub(crate) fn clause(&self) -> TokenStream {
        let predicates = &self.predicates;
        if predicates.is_empty() {
            TokenStream::new()
        } else {
            quote!(where #(#predicates,)*)
        }
    }

    /// The first of the names that is neither that of a parameter nor taken; the last one never is.
    pub(crate) fn free(&self, names: &[&str], taken: &dyn Fn(&Ident) -> bool) -> Ident {
        let mut free = "__Zctor";
        for name in names {
            free = name;
            let ident = Ident::new(name, Span::call_site());
            if !self.names.contains(&ident) && !taken(&ident) {
                break;
            }
        }
        Ident::new(free, Span::call_site())
    }

    /// Takes the lifetimes out of the enum itself.
    pub(crate) fn settle(&self, item: &mut ItemEnum) {
        if self.lifetimes.is_empty() {
            return;
        }
        let generics = &mut item.generics;
        retain(&mut generics.params, |parameter| {
            !matches!(parameter, GenericParam::Lifetime(_))
        });
        if let Some(clause) = &mut generics.where_clause {
            retain(&mut clause.predicates, |predicate| {
                !matches!(predicate, WherePredicate::Lifetime(_))
            });
        }
        let mut outside = Outside {
            actor: &self.actor,
            lifetimes: &self.lifetimes,
        };
        outside.visit_generics_mut(&mut item.generics);
        for variant in &mut item.variants {
            outside.visit_variant_mut(variant);
        }
    }

    /// A type of the enum as it reads outside of it: `Self` is spelled out.
    pub(crate) fn outside(&self, ty: &Type) -> Type {
        let mut ty = ty.clone();
        Outside {
            actor: &self.actor,
            lifetimes: &self.lifetimes,
        }
        .visit_type_mut(&mut ty);
        ty
    }
}

fn angles(parameters: &[impl ToTokens]) -> TokenStream {
    if parameters.is_empty() {
        TokenStream::new()
    } else {
        quote!(<#(#parameters),*>)
    }
}

/// Spells `Self` out, and reads lifetimes of the enum as `'static`.
struct Outside<'a> {
    actor: &'a TokenStream,
    lifetimes: &'a [Ident],
}

impl VisitMut for Outside<'_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if let Type::Path(path) = ty
            && path.qself.is_none()
            && path.path.leading_colon.is_none()
            && path
                .path
                .segments
                .first()
                .is_some_and(|first| first.ident == "Self")
        {
            let actor = self.actor;
            let mut whole = match path.path.segments.len() {
                1 => quote!(#actor),
                _ => quote!(<#actor>),
            };
            for segment in path.path.segments.iter().skip(1) {
                whole.extend(quote!(::#segment));
            }
            *ty = parse_quote!(#whole);
            return;
        }
        visit_mut::visit_type_mut(self, ty);
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if self.lifetimes.contains(&lifetime.ident) {
            *lifetime = Lifetime::new("'static", lifetime.apostrophe);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(item: ItemEnum) -> Generics {
        Generics::new(&item.ident, &item.generics, &quote!(zp))
    }

    #[test]
    fn type_parameters_can_be_sent() {
        let generics = of(parse_quote!(
            enum Cache<K: Eq, const N: usize = 4>
            where
                Self: Sized, {}
        ));
        assert_eq!(
            generics.declaration().to_string(),
            "< K , const N : usize = 4 >"
        );
        assert_eq!(generics.parameters().to_string(), "< K , const N : usize >");
        assert_eq!(generics.arguments().to_string(), "< K , N >");
        assert_eq!(
            generics.clause().to_string(),
            "where K : Eq + zp :: Send + 'static , Cache < K , N > : Sized ,"
        );
    }

    #[test]
    fn free_names_are_not_those_of_parameters() {
        let generics = of(parse_quote!(
            enum Cache<F, const H: usize> {}
        ));
        let free = |names: &[&str]| generics.free(names, &|name| name == "G").to_string();
        assert_eq!(free(&["F", "G", "I", "Last"]), "I");
        assert_eq!(free(&["F", "G", "H", "Last"]), "Last");
    }

    #[test]
    fn lifetimes_are_read_as_static() {
        let generics = of(parse_quote!(
            enum Message<'a, T> {}
        ));
        assert_eq!(generics.actor.to_string(), "Message < T >");
        let ty = generics.outside(&parse_quote!(&'a str));
        assert_eq!(ty.to_token_stream().to_string(), "& 'static str");
    }

    #[test]
    fn self_is_spelled_out() {
        let generics = of(parse_quote!(
            enum Tree<T> {}
        ));
        let ty = generics.outside(&parse_quote!(Vec<(Self, Self::Item)>));
        assert_eq!(
            ty.to_token_stream().to_string(),
            "Vec < (Tree < T > , < Tree < T > > :: Item) >"
        );
    }
}
