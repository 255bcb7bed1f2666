//! Three actors in a row, with an arena that travels.

use std::fmt::Write as _;
use std::sync::Arc;

use zctor::Pooled;
use zctor::arena::{Arena, Stored};
use zctor::bumpalo::collections::{String as BumpString, Vec as BumpVec};
use zctor::prelude::*;

use crate::site::{Account, HEAD, Raw, Site, body, decode};

/// What one actor hands to the next, each piece with memory of its own.
pub(crate) struct Query {
    document: String,
    from: usize,
    words: Vec<String>,
    tag: String,
}

/// The same in an arena.
#[derive(Clone, Copy)]
pub(crate) struct StoredQuery {
    document: Stored<str>,
    from: usize,
    words: Stored<[Stored<str>]>,
    tag: Stored<str>,
}

pub(crate) type Travelling = Pooled<Arena>;

#[actor(mailbox = 64)]
pub(crate) enum Parser {
    Plain { request: usize },
    InArena { arena: Travelling, request: usize },
}

#[actor(mailbox = 64)]
pub(crate) enum Searcher {
    Plain {
        query: Query,
    },
    InArena {
        arena: Travelling,
        query: StoredQuery,
    },
}

#[actor(mailbox = 64)]
pub(crate) enum Writer {
    Plain {
        tag: String,
        hits: Vec<(usize, String)>,
    },
    InArena {
        arena: Travelling,
        tag: Stored<str>,
        hits: Stored<[(usize, Stored<str>)]>,
    },
    /// Answered when there have been so many.
    #[reply(Account, deferred)]
    Close { answers: usize },
}

struct Parse {
    site: Arc<Site>,
    next: SearcherHandle,
}

fn field<'r>(mut pairs: impl Iterator<Item = (&'r str, &'r str)>, wanted: &str) -> &'r str {
    let found = pairs.find(|(name, _)| name.eq_ignore_ascii_case(wanted));
    found.map_or("", |(_, value)| value)
}

#[handlers]
impl ParserActor for Parse {
    async fn plain(&mut self, request: usize) -> Result<(), Failure> {
        let raw = Raw::of(&self.site.requests[request]);
        let words = decode(field(raw.parameters(), "q"), String::new());
        let query = Query {
            document: raw.document.to_owned(),
            from: field(raw.parameters(), "from").parse()?,
            words: words.split(' ').map(str::to_owned).collect(),
            tag: field(raw.fields(), "x-request").to_owned(),
        };
        Ok(self.next.plain(query).await?)
    }

    async fn in_arena(&mut self, mut arena: Travelling, request: usize) -> Result<(), Failure> {
        let raw = Raw::of(&self.site.requests[request]);
        let query = {
            let (bump, store) = arena.split();
            let words = decode(field(raw.parameters(), "q"), BumpString::new_in(bump));
            let words = words.split(' ').map(|word| store.put_str(word));
            let words = BumpVec::from_iter_in(words, bump);
            StoredQuery {
                document: store.put_str(raw.document),
                from: field(raw.parameters(), "from").parse()?,
                words: store.put_all(words),
                tag: store.put_str(field(raw.fields(), "x-request")),
            }
        };
        Ok(self.next.in_arena(arena, query).await?)
    }
}

struct Search {
    site: Arc<Site>,
    next: WriterHandle,
}

#[handlers]
impl SearcherActor for Search {
    async fn plain(&mut self, query: Query) -> Result<(), Failure> {
        let hits = self.site.search(&query.document, query.from, &query.words);
        let hits = hits
            .map(|(number, line)| (number, line.to_owned()))
            .collect();
        Ok(self.next.plain(query.tag, hits).await?)
    }

    async fn in_arena(&mut self, mut arena: Travelling, query: StoredQuery) -> Result<(), Failure> {
        let hits = {
            let (bump, store) = arena.split();
            let words = store.get(query.words)?.iter();
            let words = words.filter_map(|word| store.get(*word).ok());
            let words = BumpVec::from_iter_in(words, bump).into_bump_slice();
            let document = store.get(query.document)?;
            let hits = self.site.search(document, query.from, words);
            let hits = BumpVec::from_iter_in(hits, bump).into_bump_slice();
            let hits = hits
                .iter()
                .map(|(number, line)| (*number, store.put_str(line)));
            let hits = BumpVec::from_iter_in(hits, bump);
            store.put_all(hits)
        };
        Ok(self.next.in_arena(arena, query.tag, hits).await?)
    }
}

#[derive(Default)]
struct Write {
    account: Account,
    close: Option<(usize, Reply<Account>)>,
}

impl Write {
    fn close_if_all(&mut self) {
        if let Some((answers, _)) = self.close
            && answers == self.account.answers
            && let Some((_, reply)) = self.close.take()
        {
            reply.send(std::mem::take(&mut self.account));
        }
    }
}

#[handlers]
impl WriterActor for Write {
    fn plain(&mut self, tag: String, hits: Vec<(usize, String)>) {
        let hits = hits.iter().map(|(number, line)| (*number, &**line));
        let body = body(&tag, hits, String::new());
        let answer = format!("{HEAD}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        self.account.enter(&answer);
        self.close_if_all();
    }

    fn in_arena(
        &mut self,
        arena: Travelling,
        tag: Stored<str>,
        hits: Stored<[(usize, Stored<str>)]>,
    ) -> Result<(), Failure> {
        let hits = arena.get(hits)?.iter();
        let hits = hits.filter_map(|(number, line)| Some((*number, arena.get(*line).ok()?)));
        let body = body(arena.get(tag)?, hits, BumpString::new_in(arena.bump()));
        let mut answer = BumpString::new_in(arena.bump());
        write!(
            answer,
            "{HEAD}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )?;
        self.account.enter(&answer);
        self.close_if_all();
        Ok(())
    }

    fn close(&mut self, answers: usize, reply: Reply<Account>) {
        self.close = Some((answers, reply));
        self.close_if_all();
    }
}

/// The first of them, and the last.
pub(crate) fn start(system: &System, site: &Arc<Site>) -> (ParserHandle, WriterHandle) {
    let writer = Writer::spawn(system, Write::default());
    let search = Search {
        site: Arc::clone(site),
        next: writer.clone(),
    };
    let parse = Parse {
        site: Arc::clone(site),
        next: Searcher::spawn(system, search),
    };
    (Parser::spawn(system, parse), writer)
}
