//! `Self` in fields and replies is the enum.
use std::sync::mpsc;
use zctor::prelude::*;

#[actor]
enum Tree<T: Clone> {
    Leaf(T),
    Node { children: Vec<Self> },
    #[reply(Vec<Tree<T>>)]
    All,
    #[reply(Option<Box<Self>>)]
    Last,
    Send { to: mpsc::Sender<Self>, what: Box<Tree<T>> },
}

struct Kept<T: Clone>(Vec<Tree<T>>);

fn copy<T: Clone>(tree: &Tree<T>) -> Tree<T> {
    match tree {
        Tree::Leaf(value) => Tree::Leaf(value.clone()),
        Tree::Node { children } => Tree::Node { children: children.iter().map(copy).collect() },
        Tree::Send { to, what } => Tree::Send { to: to.clone(), what: Box::new(copy(what)) },
        Tree::All => Tree::All,
        Tree::Last => Tree::Last,
    }
}

#[handlers]
impl<T: Clone + Send + 'static> TreeActor<T> for Kept<T> {
    fn leaf(&mut self, value: T) {
        self.0.push(Tree::Leaf(value));
    }
    fn node(&mut self, children: Vec<Tree<T>>) {
        self.0.push(Tree::Node { children });
    }
    fn all(&self) -> Vec<Tree<T>> {
        self.0.iter().map(copy).collect()
    }
    fn last(&self) -> Option<Box<Tree<T>>> {
        self.0.last().map(copy).map(Box::new)
    }
    fn send(&mut self, to: mpsc::Sender<Tree<T>>, what: Box<Tree<T>>) {
        let _ = to.send(*what);
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let tree = Tree::spawn(&system, Kept(Vec::new()));
    tree.leaf(5)?;
    tree.node(vec![Tree::Leaf(1), Tree::Leaf(2)])?;
    assert_eq!(tree.all().wait()?.len(), 2);
    assert!(tree.last().wait()?.is_some_and(|last| matches!(*last, Tree::Node { .. })));
    let (to, from) = mpsc::channel();
    tree.send(to, Box::new(Tree::Leaf(9)))?;
    assert!(matches!(from.recv(), Ok(Tree::Leaf(9))));
    system.shutdown().wait()
}
