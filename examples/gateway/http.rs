//! HTTP as a client speaks it: the gateway to the upstream, and the load to the
//! gateway.

use std::net::SocketAddr;

use http_body_util::{BodyExt, Empty};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::HOST;
use hyper::http::response::Parts;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use zctor::prelude::*;

/// A connection that is kept from one request to the next.
pub(crate) type Connection = SendRequest<Empty<Bytes>>;

pub(crate) async fn connect(to: SocketAddr) -> Result<Connection, Failure> {
    let stream = TcpStream::connect(to).await?;
    let (connection, traffic) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(traffic);
    Ok(connection)
}

/// Gets a page. Its text is appended to `body`.
pub(crate) async fn get(
    connection: &mut Connection,
    path: &str,
    body: &mut Vec<u8>,
) -> Result<Parts, Failure> {
    connection.ready().await?;
    let request = Request::get(path)
        .header(HOST, "localhost")
        .body(Empty::new())?;
    let (head, mut frames) = connection.send_request(request).await?.into_parts();
    while let Some(frame) = frames.frame().await {
        if let Ok(data) = frame?.into_data() {
            body.extend_from_slice(&data);
        }
    }
    Ok(head)
}
