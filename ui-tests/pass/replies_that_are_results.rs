//! A `Result` as a plain reply is a value; `error = E` makes its error that of the ask.
use zctor::prelude::*;

#[derive(Debug, PartialEq)]
pub enum Refused {
    Negative,
}

#[actor(timeout = "5s")]
pub enum Roots {
    #[reply(Result<u32, String>)]
    Plain(i32),
    #[reply(u32, error = Refused)]
    Failing(i32),
    #[reply((), error = Refused)]
    #[timeout("1m 30s")]
    Check(i32),
    #[reply(Result<u32, Refused>, error = String)]
    Both(i32),
    #[reply(Option<Result<u32, Refused>>)]
    Nested(i32),
}

struct Table;

fn root(of: i32) -> Result<u32, Refused> {
    u32::try_from(of).map(u32::isqrt).map_err(|_| Refused::Negative)
}

#[handlers]
impl RootsActor for Table {
    fn plain(&self, of: i32) -> Result<u32, String> {
        root(of).map_err(|refused| format!("{refused:?}"))
    }
    fn failing(&self, of: i32) -> Result<u32, Refused> {
        root(of)
    }
    fn check(&self, of: i32) -> Result<(), Refused> {
        root(of)?;
        Ok(())
    }
    async fn both(&self, of: i32) -> Result<Result<u32, Refused>, String> {
        if of == 0 {
            return Err("nothing".to_owned());
        }
        Ok(root(of))
    }
    fn nested(&self, of: i32) -> Result<Option<Result<u32, Refused>>, Failure> {
        Ok(Some(root(of)))
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let roots = Roots::spawn(&system, Table);
    assert_eq!(roots.plain(9).wait()?, Ok(3));
    assert_eq!(roots.plain(-9).wait()?, Err("Negative".to_owned()));
    assert_eq!(roots.failing(9).wait().ok(), Some(3));
    assert!(matches!(roots.failing(-9).wait(), Err(AskError::Failed(Refused::Negative))));
    assert!(matches!(roots.check(-9).wait(), Err(AskError::Failed(Refused::Negative))));
    assert!(roots.check(9).wait().is_ok());
    assert_eq!(roots.both(-9).wait().ok(), Some(Err(Refused::Negative)));
    assert!(matches!(roots.both(0).wait(), Err(AskError::Failed(text)) if text == "nothing"));
    assert_eq!(roots.nested(4).wait()?, Some(Ok(2)));
    system.shutdown().wait()
}
