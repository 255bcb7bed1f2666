//! The server behind the gateway. It stands for somebody else's, so it is not
//! made of actors, and it is not a good one.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// Of a hundred answers so many are errors, and so many are late.
const ERRORS: u8 = 3;
const LATE: u8 = 2;

pub(crate) struct Site {
    address: SocketAddr,
    /// The connections are tasks of this task, and are dropped with it.
    serving: JoinSet<()>,
}

impl Site {
    pub(crate) async fn open() -> io::Result<Site> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let serving = [serve(listener)].into_iter().collect();
        Ok(Site { address, serving })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// It is gone like a process that was killed, with its port, and with all
    /// that it was about to answer.
    pub(crate) async fn kill(&mut self) {
        self.serving.shutdown().await;
    }

    pub(crate) async fn restart(&mut self) -> io::Result<()> {
        let listener = TcpListener::bind(self.address).await?;
        self.serving.spawn(serve(listener));
        Ok(())
    }
}

async fn serve(listener: TcpListener) {
    // From a seed, so that it is as bad each time.
    let mood = Arc::new(Mutex::new(fastrand::Rng::with_seed(7)));
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let mood = Arc::clone(&mood);
        connections.spawn(async move {
            let service = service_fn(|request| {
                let mut mood = mood.lock().unwrap_or_else(PoisonError::into_inner);
                answer(request, mood.u8(0..100), mood.u64(50..800))
            });
            let served = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            // Whether a client stays or leaves is its own business.
            let _ = served.await;
        });
        while connections.try_join_next().is_some() {}
    }
}

async fn answer(
    request: Request<Incoming>,
    luck: u8,
    millis: u64,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let mut response = Response::default();
    if luck < ERRORS {
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        return Ok(response);
    }
    if luck < ERRORS + LATE {
        sleep(Duration::from_millis(millis)).await;
    }
    *response.body_mut() = Full::from(page(request.uri().path()));
    Ok(response)
}

pub(crate) fn page(path: &str) -> String {
    format!("This is {path}.\n").repeat(100)
}
