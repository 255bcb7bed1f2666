use zctor::prelude::*;

#[actor]
enum Greeter {
    #[reply(String)]
    Name,
    #[reply(Option<String>)]
    Title,
    #[reply(String)]
    Full,
}

struct Host(String);

#[handlers]
impl GreeterActor for Host {
    fn name(&self) -> &str {
        &self.0
    }
    fn title(&self) -> Option<&str> {
        None
    }
    async fn full(&mut self) -> &str {
        &self.0
    }
}

fn main() {}
