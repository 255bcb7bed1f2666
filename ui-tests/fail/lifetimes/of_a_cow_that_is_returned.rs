use std::borrow::Cow;

use zctor::prelude::*;

#[actor]
enum Greeter {
    #[reply(String)]
    Name,
    #[reply(Option<Cow<'_, str>>)]
    Title,
}

struct Host(String);

#[handlers]
impl GreeterActor for Host {
    fn name(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
    fn title(&self) -> Option<String> {
        None
    }
}

fn main() {}
