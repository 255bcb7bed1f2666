//! Raw names of the enum, its variants, fields, and the names of its items.
#![allow(non_camel_case_types)]

use zctor::prelude::*;

#[actor(double)]
enum r#struct {
    r#fn { r#type: u8, r#match: u8 },
    r#Plain(u8),
    #[reply(u32)]
    #[method(r#loop)]
    Sum,
}

#[derive(Default)]
struct State(u32);

#[handlers]
impl structActor for State {
    fn r#fn(&mut self, r#type: u8, r#match: u8) {
        self.0 += u32::from(r#type) + u32::from(r#match);
    }
    fn plain(&mut self, r#in: u8) {
        self.0 += u32::from(r#in);
    }
    fn r#loop(&self, r#mod: &mut Context<r#struct>) -> u32 {
        assert_eq!(r#mod.label().protocol(), "struct");
        self.0
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let handle: structHandle = r#struct::spawn(&system, State::default());
    handle.r#fn(1, 2)?;
    handle.tell(r#struct::r#fn { r#type: 3, r#match: 4 })?;
    handle.plain(5)?;
    assert_eq!(handle.r#loop().wait()?, 15);
    assert_eq!(structKind::r#fn.name(), "fn");
    system.shutdown().wait()
}
