use zctor::prelude::*;

#[actor]
enum Printer {
    Print { text: String },
}

struct Tray(Vec<String>);

#[handlers]
impl PrinterActor<'_> for Tray {
    fn print(&'_ mut self, text: String, ctx: &'_ mut Context<Printer>) {
        self.0.push(text);
        ctx.stop();
    }
}

fn main() {}
