//! From the facts to code: one file for each thing that is made.

mod as_written;
mod batches;
mod dispatch;
mod documented;
mod double;
mod envelope;
mod flow;
mod handle;
mod interface;
mod kind;
mod latest;
mod locals;
mod probes;
mod protocol;
mod seal;
mod supervisor;
mod vouch;

pub(crate) use documented::documented;
use locals::allow_deprecated;
pub(crate) use locals::{GENERICS, holds};
use proc_macro2::TokenStream;
use quote::quote;

use crate::model::actor::Actor;

/// Everything that is made from an enum, and the enum itself.
pub(crate) fn actor(actor: &Actor) -> TokenStream {
    let item = &actor.item;
    // A supervisor may have no messages, and then needs no handlers.
    let handled = actor.supervisor.is_none() || !actor.variants.is_empty();
    let interface = handled.then(|| interface::interface(actor));
    let supervisor = actor.supervisor.as_ref();
    let children = supervisor.map(|supervisor| supervisor::probes(actor, supervisor));
    let probes = probes::probes(actor, children);
    let made = supervisor.map(|supervisor| supervisor::items(actor, supervisor));
    let supervises = supervisor.map(|supervisor| supervisor::inside(actor, supervisor));
    let handle = handle::structure(actor);
    let kind = kind::kind(actor);
    let double = double::structure(actor);
    let vouching = &vouch::Vouching::new(actor);
    let inside = [
        vouching.impls(),
        envelope::envelope(actor, vouching),
        batches::batches(actor).unwrap_or_default(),
        latest::keys(actor, vouching).unwrap_or_default(),
        handle::methods(actor, vouching),
        batches::methods(actor).unwrap_or_default(),
        kind::implementation(actor),
        vouching.sound(),
        protocol::protocol(actor, vouching),
        dispatch::handled_by(actor, vouching),
        double::implementation(actor).unwrap_or_default(),
    ];
    let (cfg, zp) = (&actor.cfg, &actor.names.private);
    let allow = allow_deprecated(actor);
    quote! {
        #item
        #cfg
        #allow
        const _: () = {
            #probes
        };
        #interface
        #handle
        #kind
        #double
        #made
        #cfg
        #allow
        #[cfg_attr(doc, #zp::documented)]
        const _: () = {
            #(#inside)*
            #supervises
        };
    }
}
