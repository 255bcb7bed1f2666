use std::rc::Rc;
use zctor::prelude::*;

#[actor]
enum Printer {
    Print { page: Rc<str> },
}

fn main() {}
