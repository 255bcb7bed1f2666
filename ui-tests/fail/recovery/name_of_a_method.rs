//! `Tell` has a handler and is a message, but the handle cannot have its method.
use zctor::prelude::*;

#[actor]
pub enum Phone {
    Tell { what: String },
    Hear(u8),
}

struct Line(Vec<String>);

#[handlers]
impl PhoneActor for Line {
    fn tell(&mut self, what: String) {
        self.0.push(what);
    }
    fn hear(&mut self, volume: u8) {
        self.0.push(volume.to_string());
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let phone = Phone::spawn(&system, Line(Vec::new()));
    phone.hear(3)?;
    phone.tell(Phone::Tell { what: "hello".to_owned() })?;
    system.shutdown().wait()
}
