use zctor::prelude::*;

#[actor]
enum Printer<'a, 'b: 'a, T>
where
    T: PartialEq<&'b str>,
{
    Print(&'a str, &'b str),
    #[reply(&'a str)]
    Last,
    Compare(T),
}

fn main() {}
