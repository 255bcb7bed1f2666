//! Actors that wait for one another in a circle.

use std::fmt;
use std::sync::Arc;

use crate::label::ActorLabel;
use crate::ordered::Ordered;

/// Actors that wait for one another in a circle, inside their handlers: what
/// [`AskError::Deadlock`](crate::AskError::Deadlock) and
/// [`TellError::cycle`](crate::TellError::cycle) name.
///
/// ```
/// use zctor::prelude::*;
///
/// #[actor]
/// enum Echo { #[reply(String)] Shout, #[reply(u32)] Count }
/// struct Cave;
/// #[handlers]
/// impl EchoActor for Cave {
///     async fn shout(&mut self, ctx: &mut Context<Echo>) -> String {
///         // It cannot answer while it is busy with this.
///         match ctx.handle().count().await {
///             Err(AskError::Deadlock { cycle, .. }) => cycle.to_string(),
///             other => panic!("{other:?}"),
///         }
///     }
///     fn count(&self) -> u32 { 1 }
/// }
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let echo = Echo::spawn(&system, Cave);
/// assert_eq!(echo.shout().wait()?, "Echo#1 waits for Echo#1 to answer `Count`");
/// # system.shutdown().wait() }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct WaitCycle(Arc<[Step]>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) who: ActorLabel,
    pub(crate) message: &'static str,
    pub(crate) what: Awaited,
}

/// What someone waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Awaited {
    Answer,
    Room,
}

impl WaitCycle {
    pub(crate) fn new(steps: Vec<Step>) -> WaitCycle {
        WaitCycle(steps.into())
    }

    /// The actors, each of which waits for the next, and the last for the
    /// first. The first is the one that came to rest last, and so closed the
    /// circle.
    pub fn actors(&self) -> impl ExactSizeIterator<Item = &ActorLabel> {
        self.0.iter().map(|step| &step.who)
    }
}

impl fmt::Display for WaitCycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, step) in self.0.iter().enumerate() {
            let next = &self.0[(place + 1) % self.0.len()];
            let comma = if place == 0 { "" } else { ", " };
            let Step { who, message, what } = step;
            write!(f, "{comma}{who} waits for {} ", next.who)?;
            match what {
                Awaited::Answer => write!(f, "to answer `{message}`")?,
                Awaited::Room => write!(f, "to have room for `{message}`")?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for WaitCycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Everybody that `start` waits for, directly or not.
#[derive(Debug)]
pub(crate) struct Knot<N, E> {
    /// `start` first, each with all its waits.
    pub(crate) members: Vec<(N, Vec<E>)>,
    /// From `start` back to itself.
    pub(crate) path: Vec<(N, E)>,
}

/// Looks whether `start` waits for itself, and nobody on any way there can go
/// on. Somebody can who waits for nothing; and whoever waits for several at a
/// time may be content with one of them, so all of them must be stuck.
pub(crate) fn knot<N: Clone, E: Clone>(
    start: N,
    key: impl Fn(&N) -> u64,
    mut waits: impl FnMut(&N) -> Vec<(E, N)>,
) -> Option<Knot<N, E>> {
    let home = key(&start);
    let mut seen = Ordered::new();
    seen.insert(home, ());
    // With the place of whoever waits for it, and how.
    let mut found: Vec<(N, Option<(usize, E)>)> = vec![(start, None)];
    let mut members = Vec::new();
    let mut closing = None;
    while members.len() < found.len() {
        let place = members.len();
        let node = found[place].0.clone();
        let waits = waits(&node);
        if waits.is_empty() {
            return None;
        }
        let mut own = Vec::new();
        for (wait, next) in waits {
            own.push(wait.clone());
            if key(&next) == home {
                closing.get_or_insert((place, wait));
            } else if seen.insert(key(&next), ()).is_none() {
                found.push((next, Some((place, wait))));
            }
        }
        members.push((node, own));
    }
    let (mut place, mut wait) = closing?;
    let mut path = Vec::new();
    loop {
        let (node, from) = &found[place];
        path.push((node.clone(), wait));
        match from {
            Some((before, how)) => (place, wait) = (*before, how.clone()),
            None => break,
        }
    }
    path.reverse();
    Some(Knot { members, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    type Graph = Vec<Vec<usize>>;

    fn search(graph: &Graph, start: usize) -> Option<Vec<usize>> {
        let waits = |&node: &usize| graph[node].iter().map(|&to| ((node, to), to)).collect();
        let knot = knot(start, |&node| node as u64, waits)?;
        let path = knot.path.iter();
        for (&(node, (from, to)), next) in path.clone().zip(path.clone().cycle().skip(1)) {
            assert_eq!((node, next.0), (from, to), "a path has no gaps");
        }
        Some(path.map(|(node, _)| *node).collect())
    }

    #[test]
    fn circles_of_one_two_and_three() {
        assert_eq!(search(&vec![vec![0]], 0), Some(vec![0]));
        assert_eq!(search(&vec![vec![1], vec![0]], 1), Some(vec![1, 0]));
        let three = vec![vec![1], vec![2], vec![0]];
        assert_eq!(search(&three, 1), Some(vec![1, 2, 0]));
    }

    #[test]
    fn a_chain_is_none() {
        assert_eq!(search(&vec![vec![1], vec![2], vec![]], 0), None);
    }

    #[test]
    fn whoever_waits_for_a_circle_is_not_on_it() {
        let graph = vec![vec![1], vec![2], vec![1]];
        assert_eq!(search(&graph, 0), None);
        assert_eq!(search(&graph, 1), Some(vec![1, 2]));
    }

    #[test]
    fn one_that_can_go_on_frees_all_who_wait_for_it() {
        assert_eq!(search(&vec![vec![1, 2], vec![0], vec![]], 0), None);
        let both = vec![vec![1, 2], vec![0], vec![1]];
        assert_eq!(search(&both, 0), Some(vec![0, 1]));
    }

    /// Removes whoever can go on, until nobody can.
    fn stuck(graph: &Graph) -> Vec<bool> {
        let mut stuck = vec![true; graph.len()];
        loop {
            let free = (0..graph.len()).find(|&node| {
                stuck[node] && (graph[node].is_empty() || graph[node].iter().any(|&to| !stuck[to]))
            });
            match free {
                Some(node) => stuck[node] = false,
                None => return stuck,
            }
        }
    }

    fn reaches(graph: &Graph, start: usize) -> bool {
        let mut seen = vec![false; graph.len()];
        let mut open = graph[start].clone();
        while let Some(node) = open.pop() {
            if node == start {
                return true;
            }
            if !std::mem::replace(&mut seen[node], true) {
                open.extend(&graph[node]);
            }
        }
        false
    }

    #[test]
    fn it_agrees_with_a_slow_and_simple_search() {
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..20_000 {
            let size = random.usize(1..6);
            let graph: Graph = (0..size)
                .map(|_| {
                    (0..random.usize(0..3))
                        .map(|_| random.usize(0..size))
                        .collect()
                })
                .collect();
            let stuck = stuck(&graph);
            for (start, stuck) in stuck.iter().enumerate() {
                let wanted = *stuck && reaches(&graph, start);
                assert_eq!(
                    search(&graph, start).is_some(),
                    wanted,
                    "{graph:?} from {start}"
                );
            }
        }
    }
}
