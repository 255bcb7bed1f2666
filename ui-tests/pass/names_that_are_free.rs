//! Variants may be called like methods of every handle, but for a few; `.actor()` has those then.
use zctor::prelude::*;

#[actor]
enum Dog {
    #[reply(String)]
    Name,
    #[reply(u8)]
    Id,
    Started,
    Detach,
    Wait,
    Spawn,
    New,
    #[internal]
    Stop,
}

struct Rex(u8);

#[handlers]
impl DogActor for Rex {
    fn name(&self) -> String {
        "Rex".to_owned()
    }
    fn id(&self) -> u8 {
        self.0
    }
    fn started(&mut self) {
        self.0 += 1;
    }
    fn detach(&mut self) {
        self.0 += 1;
    }
    fn wait(&mut self) {
        self.0 += 1;
    }
    fn spawn(&mut self) {
        self.0 += 1;
    }
    fn new(&mut self) {
        self.0 += 1;
    }
    fn stop(&mut self, ctx: &mut Context<Dog>) {
        ctx.stop();
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let dog = Dog::builder(Rex(0)).name("d1").spawn(&system)?;
    dog.started()?;
    dog.detach()?;
    dog.wait()?;
    dog.spawn()?;
    dog.new()?;
    assert_eq!(dog.id().wait()?, 5);
    assert_eq!(dog.name().wait()?, "Rex");
    assert_eq!(dog.actor().name(), Some("d1"));
    dog.actor().started().wait()?;
    dog.tell(Dog::Stop)?;
    dog.stopped().wait()?;
    system.shutdown().wait()
}
