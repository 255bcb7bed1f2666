//! `impl Protocol for Counter`: names, the table of variants, and the envelope's conversions.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use super::envelope::port_name;
use super::locals::{duration, local, message, slots};
use super::seal::seal;
use super::vouch::Vouching;
use crate::model::actor::{Actor, Style, Variant};
use crate::model::declared::{Overflow, Thread};
use crate::model::names::ours;
use crate::tokens;
use crate::wording::options as say;

pub(super) fn protocol(actor: &Actor, vouching: &Vouching<'_>) -> TokenStream {
    let names = &actor.names;
    let (zp, text, handle, kind, envelope) = (
        &names.private,
        &names.text,
        &names.handle,
        &names.kind,
        &names.envelope,
    );
    let (parameters, arguments, clause) = (
        actor.generics.parameters(),
        actor.generics.arguments(),
        vouching.clause(),
    );
    let protocol = &actor.generics.actor;
    let plain = actor.generics.clause();
    let is_supervisor = actor.supervisor.is_some();
    let (mailbox, room) = (mailbox(actor), room(actor));
    let queue = if actor.mailbox.lock_free {
        quote!(LockFree)
    } else {
        quote!(Locked)
    };
    // Documentation shows the path of a constant, but not the call of a function.
    let thread = match actor.thread {
        Thread::Shared => None,
        Thread::Dedicated => Some(quote!(const THREAD: #zp::Thread = #zp::dedicated();)),
    };
    let mut table = Vec::new();
    for (number, variant) in actor.variants.iter().enumerate() {
        table.push(row(zp, number, variant));
    }
    let seal = tokens::each(&actor.variants, |variant| seal(actor, variant));
    let left_out = tokens::each(&actor.left_out, |(ident, cfg)| {
        let name = &names.actor;
        quote!(#cfg #name::#ident { .. } => loop {},)
    });
    // A second variant of one name is the compiler's to report, and only that.
    let twins = actor.left_out.iter().any(|(ident, _)| {
        let mut variants = actor.variants.iter();
        variants.any(|variant| variant.ident == *ident)
    });
    let twins = twins.then(|| quote!(#[allow(unreachable_patterns)] _ => loop {},));
    let open = tokens::each(&actor.variants, |variant| {
        let (cfg, ident, message) = (&variant.cfg, &variant.ident, message(actor, variant));
        let fields = slots(&variant.fields, |field| &field.slot);
        let port = variant.ask.as_ref().map(|_| local("port"));
        let taken = super::envelope::port(actor, variant).map(|ty| {
            let ports = local("ports");
            quote!((&&#zp::PortBy::<#ty>::new()).zctor_take(#port, #ports);)
        });
        quote!(#cfg #envelope::#ident { #fields #port } => { #taken #message })
    });
    let kinds = tokens::each(&actor.variants, |variant| {
        let (cfg, ident) = (&variant.cfg, &variant.ident);
        quote!(#cfg #envelope::#ident { .. } => #kind::#ident,)
    });
    let (port, fault, value) = (local("port"), local("fault"), local("value"));
    let ports = local("ports");
    let asks = actor.variants.iter().any(|variant| variant.ask.is_some());
    let by_port = asks.then(|| quote!(use #zp::{SoundPort as _, UnsoundPort as _};));
    let nothing = super::locals::nothing(actor, &quote!(#envelope));
    let supervises = actor.supervisor.as_ref().map(|supervisor| {
        let time = super::supervisor::stop_time(actor, supervisor);
        quote! {
            const SUPERVISES: #zp::Option<&'static #zp::Supervision> =
                #zp::Some(&<Self as #zp::Supervisor>::SUPERVISION);
            const STOP_TIME: #zp::StopTime = #time;
        }
    });
    let ticks = ticks(actor);
    let refuse = tokens::each(&actor.variants, |variant| {
        let (cfg, ident) = (&variant.cfg, &variant.ident);
        match &variant.ask {
            Some(ask) => {
                let kind = port_name(ask);
                quote!(#cfg #envelope::#ident { #port, .. } => #zp::#kind::refuse(#port, #fault),)
            }
            None => quote!(#cfg #envelope::#ident { .. } => {}),
        }
    });
    let latest = super::latest::key(actor, vouching);
    let gather = super::batches::gather(actor);
    let constants = super::flow::constants(actor);
    quote! {
        #room
        #constants
        #[doc(hidden)]
        impl #parameters #zp::Table for #protocol #plain {
            const ROWS: &'static [#zp::Variant] = &[#(#table),*];
            const SUPERVISES: #zp::bool = #is_supervisor;
        }
        impl #parameters #zp::Protocol for #protocol #clause {
            const NAME: &'static #zp::str = #text;
            const VARIANTS: &'static [#zp::Variant] = #zp::rows::<Self>();
            const MAILBOX: #zp::Mailbox = #mailbox;
            #thread
            #ticks
            #supervises
            type Envelope = #envelope #arguments;
            type Queue = #zp::#queue;
            #gather
            #latest
            type Kind = #kind;
            type Handle = #handle #arguments;
            fn seal_with<__ZctorPorts: #zp::PortMaker>(self, #ports: &mut __ZctorPorts) -> #envelope #arguments {
                #by_port
                match self { #seal #left_out #twins }
            }
            fn open_with<__ZctorPorts: #zp::PortTaker>(#value: #envelope #arguments, #ports: &mut __ZctorPorts) -> Self {
                #by_port
                match #value { #open #nothing }
            }
            fn kind(#value: &#envelope #arguments) -> #kind {
                match *#value { #kinds #nothing }
            }
            fn refuse(#value: #envelope #arguments, #fault: #zp::Fault) {
                match #value { #refuse #nothing }
            }
        }
    }
}

/// What the actor sends to itself by the clock.
fn ticks(actor: &Actor) -> Option<TokenStream> {
    let zp = &actor.names.private;
    let mut ticking = Vec::new();
    for variant in &actor.variants {
        if let Some(period) = variant.every {
            ticking.push((variant, period));
        }
    }
    if ticking.is_empty() {
        return None;
    }
    let rows = tokens::with_commas(&ticking, |(variant, period)| {
        let (cfg, period) = (&variant.cfg, duration(zp, *period));
        let message = message(actor, variant);
        quote!(#cfg #zp::Every::new(#period, || #message))
    });
    Some(quote! {
        const EVERY: &'static [#zp::Every<Self>] = &[#rows];
    })
}

fn mailbox(actor: &Actor) -> TokenStream {
    let zp = &actor.names.private;
    let mailbox = match &actor.mailbox.capacity {
        None => quote!(#zp::Mailbox::unbounded()),
        Some(capacity) => {
            let overflow = match actor.overflow {
                Overflow::Wait => quote!(Wait),
                Overflow::Reject => quote!(Reject),
                Overflow::DropNewest => quote!(DropNewest),
                Overflow::DropOldest => quote!(DropOldest),
            };
            let at = capacity.clone().into_iter().next();
            let at = ours(at.map_or_else(Span::call_site, |token| token.span()));
            quote_spanned!(at=> #zp::Mailbox::bounded(#capacity, #zp::Overflow::#overflow))
        }
    };
    if actor.mailbox.lock_free {
        quote!(#zp::Mailbox::lock_free(#mailbox))
    } else {
        mailbox
    }
}

/// A capacity that is a constant has to be more than nothing. One that is a parameter of the enum is
/// not known before the actor is spawned.
fn room(actor: &Actor) -> Option<TokenStream> {
    let capacity = actor.mailbox.capacity.as_ref()?;
    let path = syn::parse2::<Path>(capacity.clone()).ok()?;
    let parameter = path
        .get_ident()
        .is_some_and(|name| actor.generics.names.contains(name));
    if parameter {
        return None;
    }
    let (zp, at) = (&actor.names.private, ours(path.span()));
    let message = say::zero_capacity(actor.mailbox.lock_free).to_string();
    let panic = super::locals::panic_at(zp, &message, at);
    Some(quote! {
        const _: () = if #capacity == 0 { #panic };
    })
}

fn row(zp: &TokenStream, number: usize, variant: &Variant) -> TokenStream {
    let (cfg, text, method) = (
        &variant.cfg,
        &variant.text,
        crate::model::names::plain(&variant.method),
    );
    let fields = tokens::with_commas(&variant.fields, |field| {
        let (cfg, text) = (&field.cfg, &field.text);
        quote!(#cfg #text)
    });
    let style = match variant.style {
        Style::Unit => quote!(Unit),
        Style::Tuple => quote!(Tuple),
        Style::Struct => quote!(Struct),
    };
    let ask = variant.ask.is_some();
    let row = quote!(#zp::Variant::new(#text, #method, &[#fields], #zp::Style::#style, #ask));
    let row = if variant.high {
        quote!(#zp::Variant::high(#row))
    } else {
        row
    };
    let deferred = variant
        .ask
        .as_ref()
        .is_some_and(|ask| ask.deferred.is_some());
    let row = match deferred {
        true => quote!(#zp::Variant::deferred(#row)),
        false => row,
    };
    let row = match &variant.latest {
        Some(_) => quote!(#zp::Variant::latest(#row)),
        None => row,
    };
    let row = match variant.idempotent {
        true => quote!(#zp::Variant::idempotent(#row)),
        false => row,
    };
    let row = super::flow::row(zp, number, variant, row);
    quote!(#cfg #row)
}
