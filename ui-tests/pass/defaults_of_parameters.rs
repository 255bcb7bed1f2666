//! Defaults of type and const parameters are those of the handle and the trait too.
use zctor::prelude::*;

#[actor]
enum Queue<T = String, const N: usize = 2> {
    Push(T),
    #[reply(Vec<T>)]
    Take,
}

struct Items<T>(Vec<T>);

#[handlers]
impl QueueActor for Items<String> {
    fn push(&mut self, item: String) {
        self.0.push(item);
    }
    fn take(&mut self) -> Vec<String> {
        let rest = self.0.split_off(self.0.len().min(2));
        std::mem::replace(&mut self.0, rest)
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let queue: QueueHandle = Queue::spawn(&system, Items(Vec::new()));
    for item in ["a", "b", "c"] {
        queue.push(item.to_owned())?;
    }
    assert_eq!(queue.take().wait()?, ["a", "b"]);
    assert_eq!(queue.take().wait()?, ["c"]);
    system.shutdown().wait()
}
