//! What zctor wants to reach in this table.

use crate::figures::{Figures, median};

/// At most this part of what the rival takes; or, with no rival, this much.
struct Target {
    row: &'static str,
    rival: Option<&'static str>,
    at_most: f64,
}

const fn part(row: &'static str, rival: &'static str, at_most: f64) -> Target {
    Target {
        row,
        rival: Some(rival),
        at_most,
    }
}

const fn much(row: &'static str, at_most: f64) -> Target {
    Target {
        row,
        rival: None,
        at_most,
    }
}

const TARGETS: &[Target] = &[
    part("tell-1", "flume", 1.3),
    part("tell-1", "kameo", 0.125),
    part("tell-1", "ractor", 0.125),
    part("tell-4", "flume", 1.0),
    part("tell-4", "mpsc", 1.0),
    part("tell-4", "actix", 1.0),
    part("tell-4", "kameo", 1.0),
    part("tell-4", "ractor", 1.0),
    part("tell-16", "flume", 1.0),
    part("tell-16", "mpsc", 1.0),
    part("tell-16", "actix", 1.0),
    part("tell-16", "kameo", 1.0),
    part("tell-16", "ractor", 1.0),
    part("ask", "actix", 0.5),
    part("ring", "mpsc", 0.5),
    part("ring", "actix", 1.0),
    part("spawn", "flume", 1.0),
    part("spawn", "mpsc", 1.0),
    part("spawn", "actix", 1.0),
    part("spawn", "kameo", 1.0),
    part("spawn", "ractor", 1.0),
    part("bounded", "kameo", 0.25),
    part("panic", "kameo", 1.0),
    part("panic", "ractor", 1.0),
    part("panic", "erlang", 1.0),
    much("idle", 600.0),
    // The queue grows now and then.
    much("tell-heap", 0.05),
    much("ask-heap", 1.01),
];

pub fn print(all: &[Figures]) {
    println!();
    for target in TARGETS {
        let Some(figures) = all.iter().find(|figures| figures.row.name == target.row) else {
            continue;
        };
        let figure = match target.rival {
            Some(rival) => figures.ratio(rival),
            None => figures.of("zctor").and_then(median),
        };
        let Some(figure) = figure else { continue };
        let verdict = if figure <= target.at_most {
            "ok    "
        } else {
            "MISSED"
        };
        let rival = target
            .rival
            .map_or(String::new(), |rival| format!(" of {rival}'s"));
        let Target { row, at_most, .. } = target;
        println!("{verdict} {row}: {figure:.2}{rival}, wanted: at most {at_most}");
    }
}
