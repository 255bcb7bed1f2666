//! Where an actor's arena is between two messages.

use std::sync::Arc;

use super::Core;
use crate::arena::home::Home;

impl Core {
    pub(crate) fn arena_home(&self) -> &Arc<Home> {
        self.rare().arena.get_or_init(Arc::default)
    }

    /// An incarnation has ended: nothing of its arena is for the next one.
    pub(crate) fn empty_arena(&self) {
        if let Some(home) = self.rare.get().and_then(|rare| rare.arena.get()) {
            home.empty();
        }
    }
}
