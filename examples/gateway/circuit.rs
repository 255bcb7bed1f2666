//! What the system's events say of the circuit breaker.

use std::time::Instant;

use zctor::{CircuitChange, CircuitState, Event, EventKind, Events, System};

pub(crate) struct Circuit {
    events: Events,
    state: CircuitState,
    changes: Vec<(Instant, CircuitChange)>,
}

impl Circuit {
    /// Hears of all changes from now on.
    pub(crate) fn watch(system: &System) -> Circuit {
        Circuit {
            events: system.events(),
            state: CircuitState::Closed,
            changes: Vec::new(),
        }
    }

    pub(crate) async fn reaches(&mut self, state: CircuitState) {
        self.catch_up();
        while self.state != state
            && let Some(event) = self.events.next().await
        {
            self.take_in(&event);
        }
    }

    /// All changes so far.
    pub(crate) fn changes(&mut self) -> &[(Instant, CircuitChange)] {
        self.catch_up();
        &self.changes
    }

    fn catch_up(&mut self) {
        while let Some(event) = self.events.try_next() {
            self.take_in(&event);
        }
    }

    fn take_in(&mut self, event: &Event) {
        if let EventKind::Circuit { change, .. } = event.kind() {
            self.state = change.to;
            self.changes.push((event.at(), *change));
        }
    }
}
