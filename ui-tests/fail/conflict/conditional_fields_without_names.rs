use zctor::prelude::*;

#[actor]
enum Counter {
    Add(
        #[cfg(unix)] i64,
        #[cfg(unix)] i64,
        #[cfg(unix)] i64,
        #[cfg(unix)] i64,
        #[cfg(unix)] i64,
    ),
}

fn main() {}
