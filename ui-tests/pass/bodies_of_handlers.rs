//! `?`, early returns, `mut` parameters, patterns, attributes and inner items.
use zctor::prelude::*;

#[actor]
enum Parser {
    Feed { text: String },
    Point((i32, i32)),
    #[reply(Vec<i32>)]
    Sorted { numbers: Vec<i32> },
    #[reply(i32)]
    Total,
    Unused { a: u8, b: u8 },
    Defuse { bomb: Bomb },
}

#[derive(Default)]
struct Numbers(Vec<i32>);

impl Numbers {
    fn total(&self) -> i32 {
        self.0.iter().sum()
    }
}

#[handlers]
impl ParserActor for Numbers {
    fn feed(&mut self, text: String) -> Result<(), std::num::ParseIntError> {
        if text.is_empty() {
            return Ok(());
        }
        for word in text.split(' ') {
            self.0.push(word.parse()?);
        }
        Ok(())
    }
    #[inline]
    fn point(&mut self, (x, y): (i32, i32)) {
        self.0.extend([x, y]);
    }
    /// Sorted, without those of the state.
    fn sorted(&self, mut numbers: Vec<i32>) -> Vec<i32> {
        #![allow(clippy::stable_sort_primitive)]
        fn keep(number: &i32) -> bool {
            *number >= 0
        }
        numbers.retain(keep);
        numbers.sort();
        let Some(first) = numbers.first() else {
            return Vec::new();
        };
        assert!(*first >= 0);
        numbers
    }
    #[allow(clippy::needless_return)]
    fn total<'a>(&'a self) -> i32 {
        return Numbers::total(self);
    }
    fn unused(&mut self, _a: u8, _: u8) {}
    /// A field that is copied is still changed where it is.
    fn defuse(&mut self, mut bomb: Bomb) {
        bomb.armed = false;
    }
}

struct Bomb {
    armed: bool,
}

impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(!self.armed, "it went off");
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let parser = Parser::spawn(&system, Numbers::default());
    parser.feed(String::new())?;
    parser.feed("1 2 3".to_owned())?;
    parser.point((4, 5))?;
    parser.unused(1, 2)?;
    parser.defuse(Bomb { armed: true })?;
    assert_eq!(parser.sorted(vec![3, -1, 2]).wait()?, [2, 3]);
    assert_eq!(parser.total().wait()?, 15);
    parser.feed("x".to_owned())?;
    parser.stopped().wait()?;
    system.shutdown().wait()
}
