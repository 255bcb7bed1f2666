use std::rc::Rc;
use zctor::prelude::*;

#[actor]
enum Printer {
    #[reply(Rc<str>)]
    Last,
}

fn main() {}
