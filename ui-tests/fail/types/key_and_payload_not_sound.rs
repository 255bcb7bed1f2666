use std::rc::Rc;

use zctor::prelude::*;

#[actor]
enum Printer {
    #[latest(by = at)]
    Print { at: f64, page: Rc<str> },
    #[reply(Rc<str>)]
    Last(Rc<str>),
}

fn main() {}
