use zctor::prelude::*;

#[actor]
enum Counter {
    HTTPGet(String),
    HttpGet(String),
}

fn main() {}
