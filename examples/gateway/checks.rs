//! What has to be true of the numbers, on a slow and busy machine as well.

use std::time::Duration;

use zctor::CircuitState;

use crate::report::{Chapter, Phase};
use crate::upstream::{BURST, RATE};

/// While the circuit is open nobody waits as long as for an upstream that does
/// not answer.
const PROMPT: Duration = Duration::from_millis(500);

/// What is wrong, whatever has happened.
pub(crate) fn always(chapters: &[Chapter], clients: u64, lines: u64) -> Vec<String> {
    let mut wrong = Vec::new();
    let requests: usize = chapters.iter().map(Chapter::requests).sum();
    let answers: usize = chapters.iter().map(|it| it.answers().count()).sum();
    if answers != requests {
        wrong.push(format!("of {requests} requests {answers} were answered"));
    }
    if lines != answers as u64 {
        wrong.push(format!("the log has {lines} lines for {answers} answers"));
    }
    let is_sound = |chapter: &Chapter| chapter.answers().all(|answer| answer.is_sound);
    if !chapters.iter().all(is_sound) {
        wrong.push("an answer has another page, or no `Retry-After`".to_owned());
    }
    for chapter in chapters {
        let passed = chapter.answers().count() - chapter.count(429) - chapter.count(503);
        // Each client may have begun a request that passes after the end.
        let most = f64::from(RATE) * chapter.length.as_secs_f64() + f64::from(BURST);
        if passed as f64 > most + clients as f64 {
            let phase = chapter.phase;
            wrong.push(format!("{phase:?}: the limit has let {passed} pass"));
        }
    }
    wrong
}

/// What is wrong, if all phases were played to their ends.
pub(crate) fn in_the_end(chapters: &[Chapter]) -> Vec<String> {
    let mut wrong = Vec::new();
    for chapter in chapters {
        let changed = |state| chapter.changes().any(|change| change.to == state);
        let is_well = match chapter.phase {
            Phase::Healthy | Phase::Recovered => 2 * chapter.count(200) > chapter.requests(),
            Phase::Rush => chapter.count(200) > 0,
            Phase::Killed => {
                let p99 = chapter.latency_of(503).percentile(99);
                changed(CircuitState::Open) && chapter.count(503) > 0 && p99 < PROMPT
            }
            Phase::Restarted => changed(CircuitState::Closed),
        };
        if !is_well {
            wrong.push(format!("this should look better:\n{chapter}"));
        }
    }
    wrong
}
