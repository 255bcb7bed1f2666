use super::declared::Backoff;
use std::time::Duration;
pub(crate) fn delay(b: Backoff, _attempt: u32, _random: u64) -> Duration { b.min }
