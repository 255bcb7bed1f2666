//! A small web service of actors: tokio's sockets and timers, and hyper, in
//! handlers.
//!
//! ```text
//! visitors ──HTTP──▶ an actor for each connection ─▶ cache ──HTTP──▶ upstream
//! ```
//!
//! It visits itself, prints an account and ends. With a number of rounds it
//! goes on for longer; Ctrl-C or SIGTERM make it finish what it has begun.
//!
//! ```sh
//! cargo run --example tokio_http --features tokio -- 10000
//! ```

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use http_body_util::{BodyExt, Empty, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
#[cfg(unix)]
use tokio::signal::unix::SignalKind;
use tokio::time::{sleep, timeout};
use zctor::prelude::*;

const PATIENCE: Duration = Duration::from_millis(200);
const LONGEST_VISIT: Duration = Duration::from_secs(5);

/// A status and a text.
type Page = (u16, String);

/// Pages of the upstream, each fetched once.
#[actor(timeout = "2s")]
enum Cache {
    #[reply(Page)]
    Fetch { path: String },
    #[reply((u32, u32))]
    Account,
}

struct Pages {
    upstream: SocketAddr,
    known: HashMap<String, String>,
    hits: u32,
    misses: u32,
}

#[handlers]
impl CacheActor for Pages {
    async fn fetch(&mut self, path: String) -> Page {
        if let Some(text) = self.known.get(&path) {
            self.hits += 1;
            return (200, text.clone());
        }
        self.misses += 1;
        match timeout(PATIENCE, get(self.upstream, &path)).await {
            Ok(Ok((200, text))) => {
                self.known.insert(path, text.clone());
                (200, text)
            }
            Ok(Ok(other)) => other,
            Ok(Err(error)) => (502, error.to_string()),
            Err(_) => (504, format!("nothing within {PATIENCE:?}")),
        }
    }
    fn account(&self) -> (u32, u32) {
        (self.hits, self.misses)
    }
}

/// What is behind a door.
#[derive(Clone)]
enum Site {
    Upstream,
    Cached(CacheHandle),
}

impl Site {
    async fn page(&self, path: String) -> Page {
        match self {
            Site::Cached(cache) => {
                let page = cache.fetch(path).await;
                page.unwrap_or_else(|error| (503, error.to_string()))
            }
            Site::Upstream if path == "/never" => std::future::pending().await,
            Site::Upstream if path.starts_with("/page/") => {
                sleep(Duration::from_millis(5)).await;
                (200, format!("This is {path}."))
            }
            Site::Upstream => (404, "no such page".to_owned()),
        }
    }
}

/// Opens a door to a site: whoever comes in is served by an actor.
async fn open(system: System, site: Site) -> Result<SocketAddr, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    // A task of tokio beside the actors, which ends with the system.
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // Its handle is dropped at once, so it ends when it has served.
            let _ = Connection::spawn(&system, site.clone()).serve(stream);
        }
    });
    Ok(address)
}

#[actor]
enum Connection {
    Serve(TcpStream),
}

#[handlers]
impl ConnectionActor for Site {
    async fn serve(&mut self, value: TcpStream) {
        let site = &*self;
        let service = service_fn(|request: Request<Incoming>| async move {
            let (status, text) = site.page(request.uri().path().to_owned()).await;
            let mut response = Response::new(Full::new(Bytes::from(text)));
            *response.status_mut() = status.try_into().unwrap_or_default();
            Ok::<_, Infallible>(response)
        });
        let mut server = hyper::server::conn::http1::Builder::new();
        let served = server
            .keep_alive(false)
            .serve_connection(TokioIo::new(value), service);
        // A visitor who leaves, or stays for ever, is no failure of ours.
        let _ = timeout(LONGEST_VISIT, served).await;
    }
}

async fn get(address: SocketAddr, path: &str) -> Result<Page, Failure> {
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let request = Request::get(path).header("host", address.to_string());
    let response = sender
        .send_request(request.body(Empty::<Bytes>::new())?)
        .await?;
    let status = response.status().as_u16();
    let body = response.into_body().collect().await?.to_bytes();
    Ok((status, String::from_utf8_lossy(&body).into_owned()))
}

/// Opens both sites and visits one, until it is told to leave.
#[actor]
enum Tour {
    #[reply(String)]
    Walk { rounds: u32 },
}

#[derive(Default)]
struct Guide {
    statuses: BTreeMap<u16, u32>,
}

#[handlers]
impl TourActor for Guide {
    async fn walk(&mut self, rounds: u32, ctx: &mut Context<Tour>) -> Result<String, Failure> {
        let pages = Pages {
            upstream: open(ctx.system(), Site::Upstream).await?,
            known: HashMap::new(),
            hits: 0,
            misses: 0,
        };
        let cache = Cache::spawn(&ctx.system(), pages);
        let address = open(ctx.system(), Site::Cached(cache.clone())).await?;
        println!("listening on http://{address}");
        let end = tokio::select! {
            () = told_to_leave() => "interrupted",
            walked = self.visit(address, rounds) => { walked?; "done" }
        };
        let (hits, misses) = cache.account().await?;
        Ok(format!(
            "{end}: {:?}, {hits} hits and {misses} misses",
            self.statuses
        ))
    }
}

impl Guide {
    async fn visit(&mut self, address: SocketAddr, rounds: u32) -> Result<(), Failure> {
        for round in 0..rounds {
            let page = format!("/page/{}", round % 5);
            let never = if round == 0 { "/never" } else { "/nowhere" };
            // Both at the same time.
            let (first, second) = tokio::join!(get(address, &page), get(address, never));
            for (status, _) in [first?, second?] {
                *self.statuses.entry(status).or_default() += 1;
            }
        }
        Ok(())
    }
}

/// By Ctrl-C, and where there is such a signal by SIGTERM.
async fn told_to_leave() {
    #[cfg(unix)]
    if let Ok(mut terminate) = tokio::signal::unix::signal(SignalKind::terminate()) {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        return;
    }
    let _ = tokio::signal::ctrl_c().await;
}

fn main() -> zctor::Result<()> {
    let rounds = match std::env::args().nth(1) {
        Some(rounds) => rounds.parse()?,
        None => 20,
    };
    let system = System::builder()
        .name("web")
        .tokio()
        .shutdown_limit(LONGEST_VISIT)
        .build()?;
    let tour = Tour::spawn(&system, Guide::default());
    println!("{}", tour.walk(rounds).wait()?);
    // What is being served is served to its end.
    system.shutdown().wait()
}
