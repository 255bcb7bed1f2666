use zctor::arena::Arena;

fn store(arena: &mut Arena, text: &str) {
    arena.put(text);
}

fn main() {}
