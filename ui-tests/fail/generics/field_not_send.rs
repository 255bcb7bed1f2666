use std::rc::Rc;

use zctor::prelude::*;

#[actor]
enum Cache<K: Clone> {
    Put { key: Rc<K> },
    #[reply(Option<K>)]
    Get,
}

fn main() {}
