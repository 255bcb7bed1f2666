use zctor::prelude::*;

#[actor]
enum Printer {
    Print { text: String },
}

struct Tray;

#[handlers]
impl<'a> PrinterActor<'a> for Tray {
    fn print(&mut self, text: String) {
        drop(text);
    }
}

fn main() {}
