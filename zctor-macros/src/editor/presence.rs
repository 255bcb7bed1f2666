//! Whether an editor reads the expansion, and not the compiler.

use std::sync::OnceLock;

/// Whether rust-analyzer asks: its server of macros is another program than the compiler, and what it
/// is given is never compiled.
pub(crate) fn is_there() -> bool {
    #[cfg(test)]
    if let Some(told) = tests::told() {
        return told;
    }
    static THERE: OnceLock<bool> = OnceLock::new();
    *THERE.get_or_init(|| {
        let program = std::env::current_exe();
        let name = program
            .as_ref()
            .ok()
            .and_then(|program| program.file_name());
        name.is_some_and(|name| name.to_string_lossy().contains("rust-analyzer"))
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use std::cell::Cell;

    thread_local! {
        static TOLD: Cell<Option<bool>> = const { Cell::new(None) };
    }

    pub(super) fn told() -> Option<bool> {
        TOLD.get()
    }

    /// What an editor is given.
    pub(crate) fn in_an_editor<T>(make: impl FnOnce() -> T) -> T {
        TOLD.set(Some(true));
        let made = make();
        TOLD.set(None);
        made
    }
}
