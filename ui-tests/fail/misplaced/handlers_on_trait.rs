use zctor::prelude::*;

#[handlers]
trait CounterActor {}

fn main() {}
