//! The way to the upstream, and what protects it.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use hyper::StatusCode;
use tokio::time::timeout;
use zctor::prelude::*;
use zctor::{CircuitState, Pool, Pooled};

use crate::http::{Connection, connect, get};

/// No more requests than this are at the upstream at a time.
const MOST: usize = 32;
/// What takes longer than this is given up. Who asked has gone by then.
const PATIENCE: Duration = Duration::from_secs(2);

/// So many may go there in a second, and so many at once.
pub(crate) const RATE: u32 = 1000;
pub(crate) const BURST: u32 = 100;

/// Asks are turned away before they reach the mailbox, in this order: while the
/// circuit is open, since half of the latest 200 have failed, and when there are
/// more of them than the rate allows.
#[actor(mailbox = 256, overflow = reject)]
pub(crate) enum Upstream {
    #[reply(Page, error = Trouble, deferred)]
    #[breaker(calls = 200, rate = 50, recovery = "300ms", successes = 3)]
    #[limit(RATE, per = "1s", burst = BURST, overflow = reject)]
    #[timeout("500ms")]
    Fetch { path: String },
    /// What came of it, and for whom it is.
    #[internal]
    Fetched {
        visit: Result<(Page, Connection), Trouble>,
        reply: Reply<Page, Trouble>,
    },
    #[internal]
    #[every("1s")]
    Tick,
}

/// The body goes back to its pool when the client has been sent it.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) body: Pooled<Vec<u8>>,
}

/// Why there is no page.
#[derive(Debug)]
pub(crate) enum Trouble {
    Status(StatusCode),
    Broken(Failure),
    TooSlow,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Status(status) => write!(f, "the upstream answered {status}"),
            Trouble::Broken(failure) => write!(f, "no way to the upstream: {failure}"),
            Trouble::TooSlow => write!(f, "nothing from the upstream in {PATIENCE:?}"),
        }
    }
}

/// No lock around any of it: only this actor's handlers have it.
pub(crate) struct Client {
    site: SocketAddr,
    bodies: Pool<Vec<u8>>,
    idle: Vec<Connection>,
    under_way: usize,
    pages: u64,
    troubles: u64,
}

impl Client {
    pub(crate) fn new(site: SocketAddr, bodies: Pool<Vec<u8>>) -> Client {
        Client {
            site,
            bodies,
            idle: Vec::new(),
            under_way: 0,
            pages: 0,
            troubles: 0,
        }
    }

    fn idle_connection(&mut self) -> Option<Connection> {
        // Those whose other end has gone are dropped.
        self.idle.retain(|connection| !connection.is_closed());
        self.idle.pop()
    }
}

#[handlers]
impl UpstreamActor for Client {
    /// What is too much now waits in the mailbox.
    fn ready(&self, next: UpstreamKind) -> bool {
        next != UpstreamKind::Fetch || self.under_way < MOST
    }

    /// Begins a visit, and goes on with the next message.
    fn fetch(&mut self, path: String, reply: Reply<Page, Trouble>, ctx: &mut Context<Upstream>) {
        self.under_way += 1;
        let (site, connection) = (self.site, self.idle_connection());
        let body = self.bodies.take();
        let visit = async move {
            let visit = timeout(PATIENCE, visit(site, connection, &path, body)).await;
            visit.unwrap_or(Err(Trouble::TooSlow))
        };
        ctx.pipe(visit, |visit| Upstream::Fetched { visit, reply });
    }

    fn fetched(&mut self, visit: Result<(Page, Connection), Trouble>, reply: Reply<Page, Trouble>) {
        self.under_way -= 1;
        match visit {
            Ok((page, connection)) => {
                self.idle.push(connection);
                self.pages += 1;
                reply.send(page);
            }
            // For the circuit breaker too this is a failure.
            Err(trouble) => {
                self.troubles += 1;
                reply.fail(trouble);
            }
        }
    }

    fn tick(&mut self, ctx: &mut Context<Upstream>) {
        let breaker = ctx.handle().breaker(UpstreamKind::Fetch);
        let state = breaker.map_or(CircuitState::Closed, |breaker| breaker.state());
        let (pages, troubles) = (self.pages, self.troubles);
        let (under_way, idle) = (self.under_way, self.idle.len());
        println!(
            "  {pages} pages, {troubles} failures, {under_way} under way, {idle} idle connections, circuit {state}"
        );
    }
}

async fn visit(
    site: SocketAddr,
    connection: Option<Connection>,
    path: &str,
    mut body: Pooled<Vec<u8>>,
) -> Result<(Page, Connection), Trouble> {
    let mut connection = match connection {
        Some(connection) => connection,
        None => connect(site).await.map_err(Trouble::Broken)?,
    };
    let head = get(&mut connection, path, &mut body).await;
    let status = head.map_err(Trouble::Broken)?.status;
    if status.is_server_error() {
        return Err(Trouble::Status(status));
    }
    Ok((Page { status, body }, connection))
}
