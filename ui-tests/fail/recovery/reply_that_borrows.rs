//! It has to be another one in both places.
use zctor::prelude::*;

#[actor]
pub enum Greeter {
    #[reply(&str)]
    Name,
    Rename { name: String },
}

struct Host(String);

#[handlers]
impl GreeterActor for Host {
    fn name(&self) -> &str {
        &self.0
    }
    fn rename(&mut self, name: String) {
        self.0 = name;
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let greeter: GreeterHandle = Greeter::spawn(&system, Host(String::new()));
    greeter.rename("Ada".to_owned())?;
    println!("{}", greeter.name().wait()?);
    system.shutdown().wait()
}
