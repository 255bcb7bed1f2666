//! Fields and variants that are called like what generated code has names for.
use zctor::prelude::*;

#[actor]
enum Record {
    Set {
        ctx: u8,
        context: u8,
        state: u8,
        port: u8,
        value: u8,
        envelope: u8,
        handle: u8,
        actor: u8,
        self_: u8,
        result: u8,
        message: u8,
        other: u8,
        f: u8,
        arg0: u8,
        system: u8,
        reply: u8,
    },
    #[reply(u32)]
    Sum { ctx: u8, port: u8, state: u8, envelope: u8, value: u8, limit: u8 },
    Context(u8),
    Envelope { kind: u8 },
    State { fault: u8 },
    Kind,
    Handle,
}

#[derive(Default)]
struct Fields(u32);

#[handlers]
impl RecordActor for Fields {
    #[rustfmt::skip]
    fn set(
        &mut self, ctx: u8, context: u8, state: u8, port: u8, value: u8, envelope: u8, handle: u8,
        actor: u8, self_: u8, result: u8, message: u8, other: u8, f: u8, arg0: u8, system: u8,
        reply: u8, it: &mut Context<Record>,
    ) {
        assert!(it.name().is_none());
        let all = [
            ctx, context, state, port, value, envelope, handle, actor, self_, result, message,
            other, f, arg0, system, reply,
        ];
        self.0 += all.into_iter().map(u32::from).sum::<u32>();
    }
    fn sum(&self, ctx: u8, port: u8, state: u8, envelope: u8, value: u8, limit: u8) -> u32 {
        self.0 + u32::from(ctx + port + state + envelope + value + limit)
    }
    fn context(&mut self, context: u8) {
        self.0 += u32::from(context);
    }
    fn envelope(&mut self, kind: u8) {
        self.0 += u32::from(kind);
    }
    fn kind(&mut self) {}
    fn handle(&mut self) {}
    fn state(&mut self, fault: u8) {
        self.0 += u32::from(fault);
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let record = Record::spawn(&system, Fields::default());
    record.set(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)?;
    record.context(1)?;
    record.envelope(1)?;
    record.state(1)?;
    assert_eq!(record.sum(1, 1, 1, 1, 1, 1).wait()?, 25);
    system.shutdown().wait()
}
