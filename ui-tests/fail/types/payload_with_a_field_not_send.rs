use std::cell::Cell;
use std::sync::Arc;

use zctor::prelude::*;

struct Page {
    lines: Arc<Cell<u8>>,
}

#[actor]
enum Printer {
    Print(Page),
    Again(Page),
    Raw { at: *const u8 },
}

fn main() {}
