//! What the libraries on tokio share: a runtime with two workers.

use std::future::Future;

use ::tokio::runtime::{Builder, Runtime};

pub fn two_workers() -> Runtime {
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .build();
    runtime.expect("tokio starts")
}

/// Runs `work` as a task on a worker, as the actors do, and waits for it here.
pub fn run<T: Send + 'static>(
    runtime: &Runtime,
    work: impl Future<Output = T> + Send + 'static,
) -> T {
    runtime
        .block_on(runtime.spawn(work))
        .expect("the task ends")
}
