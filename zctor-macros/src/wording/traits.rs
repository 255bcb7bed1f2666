//! What the compiler says of a state that does not implement a generated trait. It fills `{Self}` in.

pub(crate) struct Unimplemented {
    pub(crate) message: String,
    pub(crate) label: String,
    pub(crate) note: String,
}

fn label(interface: &str) -> String {
    format!("`{interface}` is not implemented for `{{Self}}`")
}

/// Of the trait of the handlers.
pub(crate) fn handlers(interface: &str, actor: &str) -> Unimplemented {
    Unimplemented {
        message: format!("`{{Self}}` does not handle the messages of `{actor}`"),
        label: label(interface),
        note: format!(
            "write `#[handlers] impl {interface} for {{Self}}`, with a handler for each variant of `{actor}`"
        ),
    }
}

/// Of the trait of the factories.
pub(crate) fn factories(factories: &str, supervisor: &str) -> Unimplemented {
    Unimplemented {
        message: format!("`{{Self}}` does not make the children of `{supervisor}`"),
        label: label(factories),
        note: format!(
            "write `impl {factories} for {{Self}}`, with a factory for each `#[child]` of `{supervisor}`"
        ),
    }
}
