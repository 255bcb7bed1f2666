use zctor::prelude::*;

#[actor]
enum Counter {
    Add { by: impl Into<i64> },
    All(Vec<impl Clone>),
    Any(_),
}

fn main() {}
