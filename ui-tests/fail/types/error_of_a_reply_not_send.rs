use std::rc::Rc;
use zctor::prelude::*;

#[actor]
enum Printer {
    #[reply(String, error = Rc<str>)]
    Last,
}

fn main() {}
