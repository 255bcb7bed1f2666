//! Names of any script.
use zctor::prelude::*;

#[actor]
enum Zähler {
    Erhöhen { größe: i64 },
    Öffnen(String),
    #[reply(i64)]
    Stand,
    #[reply(usize)]
    長さ,
}

#[derive(Default)]
struct Liste {
    summe: i64,
    türen: Vec<String>,
}

#[handlers]
impl ZählerActor for Liste {
    fn erhöhen(&mut self, größe: i64) {
        self.summe += größe;
    }
    fn öffnen(&mut self, tür: String) {
        self.türen.push(tür);
    }
    fn stand(&self) -> i64 {
        self.summe
    }
    fn 長さ(&self) -> usize {
        self.türen.len()
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let zähler: ZählerHandle = Zähler::spawn(&system, Liste::default());
    zähler.erhöhen(3)?;
    zähler.öffnen("Küche".to_owned())?;
    assert_eq!(zähler.stand().wait()?, 3);
    assert_eq!(zähler.長さ().wait()?, 1);
    assert_eq!(ZählerKind::Öffnen.name(), "Öffnen");
    system.shutdown().wait()
}
