use zctor::prelude::*;

fn is_harmless(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::NotFound
}

#[actor]
enum Counter {
    #[reply(u8)]
    #[breaker(ignore = is_harmless)]
    Get,
}

fn main() {}
