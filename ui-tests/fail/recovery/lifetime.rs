//! The enum is borrowed by nobody once its lifetime is read as `'static`.
use zctor::prelude::*;

#[actor]
pub enum Printer<'a> {
    Print { text: &'a str },
    #[reply(usize)]
    Pages,
}

struct Tray(usize);

#[handlers]
impl PrinterActor for Tray {
    fn print(&mut self, text: &'static str) {
        self.0 += text.len();
    }
    fn pages(&self) -> usize {
        self.0
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let printer = Printer::spawn(&system, Tray(0));
    printer.print("hello")?;
    println!("{}", printer.pages().wait()?);
    system.shutdown().wait()
}
