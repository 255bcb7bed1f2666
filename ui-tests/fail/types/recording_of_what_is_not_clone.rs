use zctor::prelude::*;
use zctor::test::Recording;

#[actor]
enum Till {
    Pay(u32),
}

struct Drawer;

#[handlers]
impl TillActor for Drawer {
    fn pay(&mut self, _value: u32) {}
}

fn main() {
    let recording = Recording::new();
    let _ = Till::builder(Drawer).record(&recording);
}
