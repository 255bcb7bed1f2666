//! The topics of a system that have names. It knows them weakly, whatever they
//! carry: a name is free when its topic is gone.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, Weak};

use crate::ordered::Ordered;
use crate::sync::lock;

#[derive(Default)]
pub(crate) struct Names(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    given: u64,
    numbers: HashMap<Arc<str>, u64>,
    /// By their numbers.
    named: Ordered<u64, Named>,
}

struct Named {
    /// The name of the type of its values.
    carries: &'static str,
    topic: Weak<dyn Any + Send + Sync>,
}

/// The name of a topic, which is free when this is dropped.
pub(super) struct Name {
    text: Arc<str>,
    /// Another topic may have got the name when this one was about to go.
    number: u64,
    names: Arc<Names>,
}

impl Names {
    /// The topic of this name, which `make` makes if there is none.
    ///
    /// # Errors
    /// If there is one of another type: the name of the type that it carries.
    pub(super) fn find_or_add<S: Any + Send + Sync>(
        self: &Arc<Self>,
        name: &str,
        carries: &'static str,
        make: impl FnOnce(Name) -> S,
    ) -> Result<Arc<S>, &'static str> {
        let mut names = lock(&self.0);
        if let Some((topic, carries)) = names.find(name) {
            // By now it may be the last that holds it.
            drop(names);
            return topic.downcast().map_err(|_| carries);
        }
        names.given += 1;
        let (text, number) = (Arc::<str>::from(name), names.given);
        let made = Arc::new(make(Name {
            text: Arc::clone(&text),
            number,
            names: Arc::clone(self),
        }));
        let topic: Weak<dyn Any + Send + Sync> = Arc::<S>::downgrade(&made);
        // One that it replaces is gone already.
        names.numbers.insert(text, number);
        names.named.insert(number, Named { carries, topic });
        Ok(made)
    }
}

impl Inner {
    fn find(&self, name: &str) -> Option<(Arc<dyn Any + Send + Sync>, &'static str)> {
        let named = self.named.get(self.numbers.get(name)?)?;
        Some((named.topic.upgrade()?, named.carries))
    }
}

impl Name {
    pub(super) fn text(&self) -> &Arc<str> {
        &self.text
    }
}

impl Drop for Name {
    fn drop(&mut self) {
        let mut names = lock(&self.names.0);
        names.named.remove(&self.number);
        if names.numbers.get(&self.text) == Some(&self.number) {
            names.numbers.remove(&self.text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Topic<T>(Mutex<Option<Name>>, T);

    fn find<T: Any + Send + Sync>(names: &Arc<Names>, value: T) -> Result<Arc<Topic<T>>, &str> {
        let carries = std::any::type_name::<T>();
        names.find_or_add("a", carries, |name| Topic(Mutex::new(Some(name)), value))
    }

    #[test]
    fn a_name_is_free_when_its_topic_is_gone() {
        let names = Arc::<Names>::default();
        let first = find(&names, 1_u8).unwrap();
        let same = find(&names, 2_u8).unwrap();
        assert!(Arc::ptr_eq(&first, &same));
        assert_eq!(find(&names, 'c').err(), Some("u8"));
        drop(first);
        assert_eq!(find(&names, 'c').err(), Some("u8"));
        drop(same);
        assert!(lock(&names.0).named.is_empty());
        assert!(lock(&names.0).numbers.is_empty());
        assert_eq!(find(&names, 'c').unwrap().1, 'c');
    }

    #[test]
    fn one_that_goes_late_leaves_the_name_to_the_next() {
        let names = Arc::<Names>::default();
        let first = find(&names, 1_u8).unwrap();
        let late = lock(&first.0).take();
        drop(first);
        let second = find(&names, 'c').unwrap();
        drop(late);
        assert!(Arc::ptr_eq(&second, &find(&names, 'd').unwrap()));
    }
}
