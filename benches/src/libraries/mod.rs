//! One file for each library, all with the same function: it does a row's work
//! and returns the figure, or none if the library has no such thing.

mod actix;
mod erlang;
mod flume;
mod kameo;
mod lock_free;
mod mpsc;
mod ractor;
mod tokio;
mod zctor;

use crate::work::Row;

pub struct Library {
    pub name: &'static str,
    pub measure: fn(&Row, bool) -> Option<f64>,
}

pub const LIBRARIES: &[Library] = &[
    Library {
        name: "zctor",
        measure: zctor::measure,
    },
    Library {
        name: "lock_free",
        measure: lock_free::measure,
    },
    Library {
        name: "flume",
        measure: flume::measure,
    },
    Library {
        name: "mpsc",
        measure: mpsc::measure,
    },
    Library {
        name: "actix",
        measure: actix::measure,
    },
    Library {
        name: "kameo",
        measure: kameo::measure,
    },
    Library {
        name: "ractor",
        measure: ractor::measure,
    },
    Library {
        name: "erlang",
        measure: erlang::measure,
    },
];
