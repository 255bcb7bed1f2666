//! The side of the gateway that clients see: tasks of tokio and hyper, which ask
//! the actors.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use http_body_util::Full;
use hyper::body::{Body, Bytes};
use hyper::header::{HeaderValue, RETRY_AFTER};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use zctor::prelude::*;

use crate::access_log::{AccessLogHandle, Entry};
use crate::gateway::GatewayHandle;
use crate::upstream::{Trouble, UpstreamHandle};

const LONGEST_VISIT: Duration = Duration::from_secs(5);

pub(crate) struct Front {
    address: SocketAddr,
    serving: JoinHandle<()>,
    close: oneshot::Sender<()>,
}

impl Front {
    pub(crate) async fn open(gateway: &GatewayHandle) -> io::Result<Front> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (close, closed) = oneshot::channel();
        let desk = Desk {
            upstream: gateway.upstream(),
            log: gateway.log(),
        };
        let serving = tokio::spawn(serve(listener, desk, closed));
        Ok(Front {
            address,
            serving,
            close,
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Nobody comes in any more, and who is in gets an answer.
    pub(crate) async fn close(self) {
        drop(self.close);
        let _ = self.serving.await;
    }
}

async fn serve(listener: TcpListener, desk: Desk, mut closed: oneshot::Receiver<()>) {
    let drain = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut closed => break,
        };
        // Who has left already does not keep others out.
        let Ok((stream, _)) = accepted else { continue };
        let desk = desk.clone();
        let service = service_fn(move |request: hyper::Request<_>| {
            let (desk, path) = (desk.clone(), request.uri().path().to_owned());
            async move { Ok::<_, Infallible>(desk.answer(path).await) }
        });
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        tokio::spawn(drain.watch(connection));
    }
    let _ = timeout(LONGEST_VISIT, drain.shutdown()).await;
}

/// Whom a request needs. Handles are cheap to clone, and stay valid when the
/// actors are restarted.
#[derive(Clone)]
struct Desk {
    upstream: UpstreamHandle,
    log: AccessLogHandle,
}

impl Desk {
    async fn answer(&self, path: String) -> Response<Full<Bytes>> {
        let begun = Instant::now();
        let response = match self.upstream.fetch(path.clone()).await {
            // hyper takes the pooled buffer as it is, without a copy.
            Ok(page) => respond(page.status, Bytes::from_owner(page.body)),
            Err(error) => refuse(&error),
        };
        let entry = Entry {
            path,
            status: response.status().as_u16(),
            bytes: response.body().size_hint().lower() as usize,
            took: begun.elapsed(),
        };
        // Without a log there would be no line, but still an answer.
        let _ = self.log.note(entry).await;
        response
    }
}

/// Each way to fail has a status of its own.
fn refuse(error: &AskError<Trouble>) -> Response<Full<Bytes>> {
    let (status, text) = match error {
        AskError::Failed(trouble) => (StatusCode::BAD_GATEWAY, trouble.to_string()),
        AskError::Timeout { .. } => (StatusCode::GATEWAY_TIMEOUT, error.to_string()),
        AskError::Limited { .. } => (StatusCode::TOO_MANY_REQUESTS, error.to_string()),
        // The circuit is open, or the mailbox is full.
        _ => (StatusCode::SERVICE_UNAVAILABLE, error.to_string()),
    };
    let mut response = respond(status, text.into());
    if let StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE = status {
        // In whole seconds, so never at once.
        let after = error.retry_after().unwrap_or(Duration::ZERO);
        let after = HeaderValue::from(after.as_secs() + 1);
        response.headers_mut().insert(RETRY_AFTER, after);
    }
    response
}

fn respond(status: StatusCode, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    response
}
