//! Messages that are handled many at a time.

pub(crate) mod collecting;
pub(crate) mod desk;
pub(crate) mod gathered;
pub(crate) mod items;
pub(crate) mod plan;
