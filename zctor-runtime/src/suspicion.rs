//! Finding a circle of waits, and being sure of it: see `waits.rs`.

use std::sync::Arc;

use crate::wait_cycle::{Awaited, Step, WaitCycle, knot};
use crate::waits::{Member, Suspicion, Verdict, Wait, Waiter, numbers};

/// Looks whether `actor`, which has just come to rest, waits for itself.
pub(crate) fn examine(actor: Arc<dyn Waiter>) {
    let waits = actor.waits();
    let known = waits.of_resting(|waiting| {
        let own = numbers(&waiting.list);
        let outdated = waiting.suspicion.take_if(|suspicion| {
            let same =
                |member: &Member| std::ptr::eq(member.who.waits(), waits) && member.waits == own;
            !suspicion.members.iter().any(same)
        });
        (waiting.suspicion.clone(), outdated)
    });
    let Some((suspicion, outdated)) = known else {
        return;
    };
    drop(outdated);
    match suspicion.as_ref().map(|suspicion| confirm(suspicion)) {
        Some(Finding::Deadlock) => suspicion.iter().for_each(|suspicion| pronounce(suspicion)),
        Some(Finding::Unsure) => {}
        Some(Finding::Over) => {
            let over = waits.of_any(|waiting| waiting.suspicion.take());
            drop(over);
            suspect(actor);
        }
        None => suspect(actor),
    }
}

fn suspect(actor: Arc<dyn Waiter>) {
    let address = |who: &Arc<dyn Waiter>| Arc::as_ptr(who).cast::<()>() as u64;
    let Some(knot) = knot(actor, address, |who| who.waits().edges()) else {
        return;
    };
    // One that is polled just now will rest, and look for itself.
    let mut members = Vec::new();
    for (who, waits) in knot.members {
        let Some(rests) = who.waits().of_resting(|waiting| waiting.rests) else {
            return;
        };
        let waits = numbers(&waits);
        members.push(Member { who, waits, rests });
    }
    let path = knot.path;
    let suspicion = Arc::new(Suspicion { members, path });
    for member in &suspicion.members {
        let waits = member.who.waits();
        let suspicion = Arc::clone(&suspicion);
        let earlier = waits.of_resting(|waiting| waiting.suspicion.replace(suspicion));
        drop(earlier);
    }
    for member in &suspicion.members {
        member.who.waits().rouse(&*member.who);
    }
}

enum Finding {
    Deadlock,
    /// Not all members have come to rest again; the last one will look.
    Unsure,
    /// One of them waits for something else now.
    Over,
}

fn confirm(suspicion: &Suspicion) -> Finding {
    let mut sure = true;
    for member in &suspicion.members {
        let again = member.who.waits().of_resting(|waiting| {
            let same = numbers(&waiting.list) == member.waits;
            let closed = !waiting.list.iter().any(Wait::is_open);
            (same && closed).then_some(waiting.rests > member.rests)
        });
        match again {
            Some(None) => return Finding::Over,
            Some(Some(true)) => {}
            Some(Some(false)) | None => sure = false,
        }
    }
    if sure {
        Finding::Deadlock
    } else {
        Finding::Unsure
    }
}

/// Tells those whose waits are to end.
fn pronounce(suspicion: &Suspicion) {
    let mut steps = Vec::new();
    for (who, wait) in &suspicion.path {
        steps.push(Step {
            who: who.label(),
            message: wait.message,
            what: wait.what,
        });
    }
    let cycle = WaitCycle::new(steps);
    for (place, (who, wait)) in suspicion.path.iter().enumerate() {
        if place > 0 && wait.what == Awaited::Answer {
            continue;
        }
        let verdict = Verdict {
            wait: wait.id,
            cycle: cycle.clone(),
        };
        // Also to one that is polled just now: it may wait for the same again.
        let waits = who.waits();
        let replaced = waits.judge(verdict);
        drop(replaced);
        waits.rouse(&**who);
    }
}
