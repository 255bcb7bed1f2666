use zctor::prelude::*;

#[actor]
enum Counter {
    Add(std::borrow::Cow<'_, str>),
}

fn main() {}
