//! One actor that does it all, with `ctx.arena()`.

use std::fmt::Write as _;
use std::sync::Arc;

use zctor::arena::Bump;
use zctor::bumpalo::collections::{String as BumpString, Vec as BumpVec};
use zctor::prelude::*;

use crate::site::{Account, HEAD, Raw, Site, body, decode};

#[actor(mailbox = 64)]
pub(crate) enum Server {
    Plain {
        request: usize,
    },
    InArena {
        request: usize,
    },
    #[reply(Account)]
    Close,
}

struct Desk {
    site: Arc<Site>,
    account: Account,
}

fn plain(raw: &Raw<'_>, site: &Site) -> String {
    let fields = raw
        .fields()
        .map(|(name, value)| (name.to_lowercase(), value));
    let fields: Vec<(String, &str)> = fields.collect();
    let parameters = raw.parameters();
    let parameters = parameters.map(|(name, value)| (name, decode(value, String::new())));
    let parameters: Vec<(&str, String)> = parameters.collect();

    let tag = fields.iter().find(|(name, _)| name == "x-request");
    let from = parameters.iter().find(|(name, _)| *name == "from");
    let from = from.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
    let words = parameters.iter().find(|(name, _)| *name == "q");
    let words = words.map_or("", |(_, value)| value).split(' ');
    let words: Vec<&str> = words.collect();

    let hits: Vec<_> = site.search(raw.document, from, &words).collect();
    let tag = tag.map_or("0", |(_, value)| value);
    let body = body(tag, hits.into_iter(), String::new());
    format!("{HEAD}\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

fn in_arena<'a>(raw: &Raw<'a>, site: &Site, arena: &'a Bump) -> &'a str {
    let fields = raw.fields().map(|(name, value)| {
        let name = arena.alloc_str(name);
        name.make_ascii_lowercase();
        (&*name, value)
    });
    let fields = BumpVec::from_iter_in(fields, arena);
    let parameters = raw.parameters();
    let parameters =
        parameters.map(|(name, value)| (name, decode(value, BumpString::new_in(arena))));
    let parameters = BumpVec::from_iter_in(parameters, arena);

    let tag = fields.iter().find(|(name, _)| *name == "x-request");
    let from = parameters.iter().find(|(name, _)| *name == "from");
    let from = from.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
    let words = parameters.iter().find(|(name, _)| *name == "q");
    let words = words.map_or("", |(_, value)| value).split(' ');
    let words = BumpVec::from_iter_in(words, arena);

    let hits = BumpVec::from_iter_in(site.search(raw.document, from, &words), arena);
    let tag = tag.map_or("0", |(_, value)| value);
    let body = body(tag, hits.into_iter(), BumpString::new_in(arena));
    let mut answer = BumpString::new_in(arena);
    let _ = write!(
        answer,
        "{HEAD}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    answer.into_bump_str()
}

#[handlers]
impl ServerActor for Desk {
    fn plain(&mut self, request: usize) {
        let request = Raw::of(&self.site.requests[request]);
        self.account.enter(&plain(&request, &self.site));
    }
    fn in_arena(&mut self, request: usize, ctx: &mut Context<Server>) {
        let arena = ctx.arena();
        let request = Raw::of(&self.site.requests[request]);
        self.account.enter(in_arena(&request, &self.site, &arena));
    }
    fn close(&mut self) -> Account {
        std::mem::take(&mut self.account)
    }
}

pub(crate) fn start(system: &System, site: &Arc<Site>) -> ServerHandle {
    let desk = Desk {
        site: Arc::clone(site),
        account: Account::default(),
    };
    Server::spawn(system, desk)
}
