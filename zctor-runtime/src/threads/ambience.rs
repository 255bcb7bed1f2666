//! What handlers find around them: nothing, or with the feature `tokio` the
//! context of a tokio runtime.

#[cfg(feature = "tokio")]
pub(crate) use self::with_tokio::Ambience;
#[cfg(not(feature = "tokio"))]
pub(crate) use self::without::Ambience;

#[cfg(not(feature = "tokio"))]
mod without {
    #[derive(Debug, Default)]
    pub(crate) struct Ambience {}

    impl Ambience {
        /// Runs `life` inside it.
        pub(in crate::threads) fn surround(&self, life: impl FnOnce()) {
            life();
        }

        /// Ends what was made for this system.
        pub(in crate::threads) fn end(&self) {}
    }
}

#[cfg(feature = "tokio")]
mod with_tokio {
    use std::io;
    use std::sync::Mutex;

    use tokio::runtime::{Builder, Handle, Runtime};

    use crate::sync::lock;

    #[derive(Debug, Default)]
    pub(crate) struct Ambience {
        handle: Option<Handle>,
        /// The runtime, if it belongs to this system.
        own: Mutex<Option<Runtime>>,
    }

    impl Ambience {
        /// That of a runtime that belongs to somebody else.
        pub(crate) fn of(handle: Handle) -> Ambience {
            Ambience {
                handle: Some(handle),
                own: Mutex::new(None),
            }
        }

        /// That of a new runtime, which ends with the system.
        pub(crate) fn new(name: &str, threads: usize) -> io::Result<Ambience> {
            let runtime = Builder::new_multi_thread()
                .worker_threads(threads)
                .thread_name(format!("{name}-tokio"))
                .enable_all()
                .build()?;
            Ok(Ambience {
                handle: Some(runtime.handle().clone()),
                own: Mutex::new(Some(runtime)),
            })
        }

        /// Runs `life` inside it.
        pub(in crate::threads) fn surround(&self, life: impl FnOnce()) {
            let _entered = self.handle.as_ref().map(Handle::enter);
            life();
        }

        /// Ends what was made for this system. It does not block, and may be
        /// called in async code.
        pub(in crate::threads) fn end(&self) {
            let own = lock(&self.own).take();
            if let Some(runtime) = own {
                runtime.shutdown_background();
            }
        }
    }

    impl Drop for Ambience {
        fn drop(&mut self) {
            // The drop of a runtime would block, and panic in async code.
            self.end();
        }
    }
}
