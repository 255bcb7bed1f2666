use zctor::prelude::*;

#[actor]
enum Printer {
    Print { file: &std::path::Path },
    #[reply(&dyn std::fmt::Display)]
    Last,
    #[reply(&(dyn std::fmt::Display + Send))]
    First,
    #[reply(&std::ffi::OsStr)]
    Device,
    #[reply(Option<&std::ffi::CStr>)]
    Driver,
}

fn main() {}
