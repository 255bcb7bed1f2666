//! Variants without fields, with fields by place and by name, and empty ones of each form.
use zctor::prelude::*;

#[actor]
enum Log {
    Clear,
    Line(String),
    Pair(u8, u8),
    Entry { level: u8, text: String },
    Nothing(),
    Blank {},
    #[reply(Vec<String>)]
    All,
    #[reply(Option<String>)]
    Nth(usize),
    #[reply(usize)]
    Count { level: u8, longer_than: usize },
}

#[derive(Default)]
struct Lines(Vec<(u8, String)>);

#[handlers]
impl LogActor for Lines {
    fn clear(&mut self) {
        self.0.clear();
    }
    fn line(&mut self, text: String) {
        self.0.push((0, text));
    }
    fn pair(&mut self, first: u8, second: u8) {
        self.0.push((first, second.to_string()));
    }
    fn entry(&mut self, level: u8, text: String) {
        self.0.push((level, text));
    }
    fn nothing(&mut self) {}
    fn blank(&mut self) {}
    fn all(&self) -> Vec<String> {
        self.0.iter().map(|(_, text)| text.clone()).collect()
    }
    fn nth(&self, place: usize) -> Option<String> {
        self.0.get(place).map(|(_, text)| text.clone())
    }
    fn count(&self, level: u8, longer_than: usize) -> usize {
        let wanted = |entry: &&(u8, String)| entry.0 == level && entry.1.len() > longer_than;
        self.0.iter().filter(wanted).count()
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let log = Log::spawn(&system, Lines::default());
    log.line("gone".to_owned())?;
    log.clear()?;
    log.line("one".to_owned())?;
    log.pair(7, 8)?;
    log.entry(3, "three".to_owned())?;
    log.nothing()?;
    log.tell(Log::Blank {})?;
    log.tell(Log::Nothing())?;
    assert_eq!(log.all().wait()?, ["one", "8", "three"]);
    assert_eq!(log.nth(2).wait()?.as_deref(), Some("three"));
    assert_eq!(log.count(3, 4).wait()?, 1);
    assert_eq!(Log::VARIANTS.len(), 9);
    assert_eq!(LogKind::Count.index(), 8);
    system.shutdown().wait()
}
