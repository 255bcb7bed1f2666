//! An actor that only one function knows.
use zctor::prelude::*;

fn total(system: &System, numbers: &[i64]) -> zctor::Result<i64> {
    #[actor(double)]
    enum Sum {
        Add { number: Number },
        #[reply(Number)]
        Get,
    }

    type Number = i64;

    struct Total(Number);

    #[handlers]
    impl SumActor for Total {
        fn add(&mut self, number: Number) {
            self.0 += number;
        }
        fn get(&self) -> i64 {
            self.0
        }
    }

    let sum = Sum::spawn(system, Total(0));
    for number in numbers {
        sum.add(*number)?;
    }
    Ok(sum.get().wait()?)
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    assert_eq!(total(&system, &[1, 2, 3])?, 6);
    system.shutdown().wait()
}
