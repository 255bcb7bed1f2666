use zctor::prelude::*;

#[actor(double = true)]
enum Counter {
    Add(i64),
}

#[actor(double = false)]
enum Lamp {
    On,
}

fn main() {
    // The double is there all the same.
    let system = System::new().unwrap();
    let _ = (CounterDouble::new(&system), LampDouble::new(&system));
}
