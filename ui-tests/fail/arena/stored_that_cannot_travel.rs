use std::rc::Rc;
use zctor::arena::Arena;

fn store(arena: &mut Arena) {
    arena.put(Rc::new(1_u8));
}

fn main() {}
