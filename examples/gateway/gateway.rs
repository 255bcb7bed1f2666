//! The gateway's actors, and who restarts them.

use std::fs::File;
use std::net::SocketAddr;
use std::sync::Arc;

use zctor::Pool;
use zctor::prelude::*;

use crate::access_log::{AccessLog, Scribe};
use crate::upstream::{Client, Upstream};

#[supervisor(
    strategy = one_for_one,
    max_restarts = 10,
    within = "10s",
    backoff(min = "10ms", max = "1s")
)]
pub(crate) enum Gateway {
    #[child]
    Log(AccessLog),
    #[child]
    Upstream(Upstream),
}

/// What they are made of, each time that they start.
pub(crate) struct Parts {
    pub(crate) site: SocketAddr,
    pub(crate) log: Arc<File>,
    pub(crate) bodies: Pool<Vec<u8>>,
}

impl GatewayChildren for Parts {
    fn log(&mut self, _: &GatewayHandle) -> Child<AccessLog> {
        AccessLog::child(Scribe::new(&self.log))
    }

    fn upstream(&mut self, _: &GatewayHandle) -> Child<Upstream> {
        Upstream::child(Client::new(self.site, self.bodies.clone()))
    }
}
