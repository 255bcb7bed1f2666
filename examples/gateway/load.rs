//! Clients: each has a connection, and asks for one page after the other.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use hyper::header::RETRY_AFTER;
use tokio::task::JoinSet;
use tokio::time::sleep;
use zctor::prelude::*;

use crate::http::{Connection, connect, get};
use crate::site::page;

/// How long a client waits between two requests, in milliseconds; more or less,
/// by a random number.
const PAUSE: u64 = 100;

pub(crate) struct Load {
    orders: Arc<Orders>,
    clients: JoinSet<Vec<Sample>>,
}

#[derive(Default)]
struct Orders {
    hurry: AtomicBool,
    stop: AtomicBool,
}

/// One request, and what came of it.
#[derive(Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) begun: Instant,
    pub(crate) took: Duration,
    /// None if the gateway has not answered.
    pub(crate) answer: Option<Answer>,
}

#[derive(Clone, Copy)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Whether it has the page that was asked for, or says when to come again.
    pub(crate) is_sound: bool,
}

impl Load {
    pub(crate) fn start(gateway: SocketAddr, clients: u64) -> Load {
        let orders = Arc::new(Orders::default());
        let client = |number| client(gateway, number, Arc::clone(&orders));
        Load {
            clients: (0..clients).map(client).collect(),
            orders,
        }
    }

    /// Whether the clients make no pauses.
    pub(crate) fn hurry(&self, hurry: bool) {
        self.orders.hurry.store(hurry, Relaxed);
    }

    /// Lets each client finish what it has begun.
    pub(crate) async fn stop(self) -> Vec<Sample> {
        self.orders.stop.store(true, Relaxed);
        self.clients.join_all().await.concat()
    }
}

async fn client(gateway: SocketAddr, number: u64, orders: Arc<Orders>) -> Vec<Sample> {
    let mut random = fastrand::Rng::with_seed(number);
    let mut connection = None;
    let mut samples = Vec::new();
    while !orders.stop.load(Relaxed) {
        if !orders.hurry.load(Relaxed) {
            sleep(Duration::from_millis(random.u64(0..2 * PAUSE))).await;
        }
        let path = format!("/page/{}", random.u8(..));
        let begun = Instant::now();
        let answer = ask(&mut connection, gateway, &path).await;
        samples.push(Sample {
            begun,
            took: begun.elapsed(),
            answer: answer.ok(),
        });
    }
    samples
}

async fn ask(
    kept: &mut Option<Connection>,
    gateway: SocketAddr,
    path: &str,
) -> Result<Answer, Failure> {
    let mut connection = match kept.take() {
        Some(connection) => connection,
        None => connect(gateway).await?,
    };
    let mut body = Vec::new();
    let head = get(&mut connection, path, &mut body).await?;
    *kept = Some(connection);
    let status = head.status.as_u16();
    let is_sound = match status {
        200 => body == page(path).as_bytes(),
        429 | 503 => head.headers.contains_key(RETRY_AFTER),
        _ => true,
    };
    Ok(Answer { status, is_sound })
}
