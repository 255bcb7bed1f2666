//! An HTTP gateway in front of an upstream that cannot be relied on.
//!
//! ```text
//! clients ──HTTP──▶ Front ─▶ breaker, limit ─▶ Upstream ──HTTP──▶ Site
//!                     └────▶ AccessLog ─▶ a file
//! ```
//!
//! Everything is in this program, and all of it talks over real connections: the
//! clients, the gateway, and the site behind it, which now and then answers with
//! an error or late, and is killed and restarted on the way. At the end there is
//! a report, and what it says is checked. Ctrl-C or SIGTERM end it before that;
//! what has begun is finished.
//!
//! | what | where |
//! |---|---|
//! | `#[breaker]`, `#[limit]`, `#[timeout]`, `#[every]`, deferred replies, pipes, `ready` | `upstream.rs` |
//! | `#[batch]`, the arena of a message, an actor with a thread of its own | `access_log.rs` |
//! | errors of asks as statuses of HTTP, a pooled buffer as a body | `front.rs` |
//! | a supervisor | `gateway.rs` |
//! | the events of the system | `circuit.rs` |
//!
//! ```sh
//! cargo run --release --example gateway --features tokio,arena -- --seconds 6
//! ```

mod access_log;
mod checks;
mod circuit;
mod front;
mod gateway;
mod http;
mod load;
mod log_file;
mod report;
mod site;
mod story;
mod upstream;

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Parser;
use tokio::runtime::Handle;
use zctor::Pool;
use zctor::prelude::*;

use crate::circuit::Circuit;
use crate::front::Front;
use crate::gateway::{Gateway, Parts};
use crate::load::Load;
use crate::log_file::LogFile;
use crate::report::{chapters, head};
use crate::site::Site;
use crate::story::Story;

#[derive(Parser)]
struct Options {
    /// How long it takes, about.
    #[arg(long, default_value_t = 6.0)]
    seconds: f64,
    /// How many clients there are.
    #[arg(long, default_value_t = 64)]
    clients: u64,
}

#[tokio::main]
async fn main() -> zctor::Result<()> {
    let options = Options::parse();
    let part = Duration::try_from_secs_f64(options.seconds / 3.5)?;
    let system = System::builder()
        .name("gateway")
        .tokio_handle(Handle::current())
        .build()?;
    let circuit = Circuit::watch(&system);
    let site = Site::open().await?;
    let file = LogFile::temporary()?;
    let bodies = Pool::builder(Vec::new).reset(Vec::clear).build()?;
    let parts = Parts {
        site: site.address(),
        log: Arc::new(file.open()?),
        bodies: bodies.clone(),
    };
    let gateway = Gateway::start(&system, parts).await?;
    let front = Front::open(&gateway).await?;
    println!(
        "http://{} is the gateway of http://{}",
        front.address(),
        site.address()
    );

    let mut story = Story {
        load: Load::start(front.address(), options.clients),
        site,
        circuit,
        phases: Vec::new(),
    };
    let end = tokio::select! {
        told = told_to_leave() => { told?; "interrupted" }
        played = story.play(part) => { played?; "done" }
    };
    let samples = story.load.stop().await;
    let over = Instant::now();
    front.close().await;
    let written = gateway.log().written().await?;
    system.shutdown().await?;

    let chapters = chapters(&story.phases, over, &samples, story.circuit.changes());
    println!("{}", head());
    chapters.iter().for_each(|chapter| println!("{chapter}"));
    let mut wrong = checks::always(&chapters, options.clients, file.lines()?);
    if end == "done" {
        wrong.extend(checks::in_the_end(&chapters));
    }
    if !wrong.is_empty() {
        return Err(Failure::msg(wrong.join("\n")));
    }
    let pages = bodies.stats();
    println!(
        "{end}: {} requests answered, {} log lines in {} writes, {} buffers for {} pages",
        samples.len(),
        written.lines,
        written.writes,
        pages.made(),
        pages.taken()
    );
    Ok(())
}

/// By Ctrl-C, and where there is such a signal by SIGTERM.
async fn told_to_leave() -> io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            _ = terminate.recv() => Ok(()),
            left = tokio::signal::ctrl_c() => left,
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
