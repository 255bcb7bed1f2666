//! How trees of supervisors are written and drawn.

use std::fmt::{self, Write};

use super::declared::AutoShutdown;
use super::info::ChildState;
use super::tree::{Node, Now, Rules, Terms, Tree};

impl Tree {
    /// A [Mermaid](https://mermaid.js.org) flowchart, as Markdown viewers draw it.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { On }
    /// # #[supervisor] enum House { #[child] Hall(Lamp) }
    /// assert_eq!(House::tree().mermaid(), "\
    /// flowchart TD
    ///     n0[[\"House<br>one_for_one, max 3 restarts within 60s\"]]
    ///     n1(\"hall: Lamp<br>permanent, shutdown 5s\")
    ///     n0 --> n1
    /// ");
    /// ```
    #[must_use]
    pub fn mermaid(&self) -> String {
        mermaid(self)
    }

    /// A graph for the program `dot` of [Graphviz](https://graphviz.org).
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { On }
    /// # #[supervisor] enum House { #[child] Hall(Lamp) }
    /// assert!(House::tree().graphviz().starts_with("digraph \"House\" {"));
    /// ```
    #[must_use]
    pub fn graphviz(&self) -> String {
        graphviz(self)
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        text(self, f)
    }
}

impl Node {
    /// `hall: Lamp#2`, or what of that it has.
    fn title(&self) -> String {
        let mut title = String::new();
        if let Some(name) = &self.name {
            title.push_str(name);
            if let Some(Terms {
                count: Some(count), ..
            }) = self.child
            {
                let _ = write!(title, " ×{count}");
            }
            title.push_str(": ");
        }
        title.push_str(self.protocol);
        if let Some(now) = self.now {
            let _ = write!(title, "{}", now.id);
        }
        title
    }

    fn details(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        if let Some(now) = self.now {
            now.describe(self.child.is_some(), &mut parts);
        }
        if let Some(terms) = self.child {
            terms.describe(&mut parts);
        }
        if let Some(rules) = self.supervises {
            rules.describe(&mut parts);
        }
        if self.again {
            parts.push("as above".to_owned());
        }
        let mut details = String::new();
        for part in &parts {
            if !details.is_empty() {
                details.push_str(", ");
            }
            details.push_str(part);
        }
        details
    }
}

impl Now {
    fn describe(self, restarted: bool, parts: &mut Vec<String>) {
        parts.push(self.state.to_string());
        if self.incarnation > 1 {
            parts.push(format!("incarnation {}", self.incarnation));
        }
        if restarted && self.restarts > 0 {
            parts.push(format!("restarts {}", self.restarts));
        }
    }
}

impl Terms {
    fn describe(self, parts: &mut Vec<String>) {
        if self.dynamic {
            parts.push("dynamic".to_owned());
        }
        parts.push(self.restart.to_string());
        if self.significant {
            parts.push("significant".to_owned());
        }
        parts.push(format!("shutdown {}", self.shutdown));
    }
}

impl Rules {
    fn describe(self, parts: &mut Vec<String>) {
        parts.push(self.strategy.to_string());
        let (most, within) = (self.max_restarts, self.within);
        parts.push(format!("max {most} restarts within {within:?}"));
        if self.auto_shutdown != AutoShutdown::Never {
            parts.push(format!("auto_shutdown {}", self.auto_shutdown));
        }
        if let Some(backoff) = self.backoff {
            parts.push(format!("backoff {:?} to {:?}", backoff.min, backoff.max));
        }
    }
}

fn text(tree: &Tree, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{}: {}", tree.root.title(), tree.root.details())?;
    branches(&tree.root, "", f)
}

fn branches(node: &Node, indent: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (at, child) in node.children.iter().enumerate() {
        let last = at + 1 == node.children.len();
        let (branch, below) = match last {
            true => ("└── ", "    "),
            false => ("├── ", "│   "),
        };
        let (title, details) = (child.title(), child.details());
        write!(f, "\n{indent}{branch}{title}, {details}")?;
        branches(child, &format!("{indent}{below}"), f)?;
    }
    Ok(())
}

/// Every node with its number and that of its parent, from the top.
fn numbered<'a>(node: &'a Node, parent: Option<usize>, all: &mut Vec<(&'a Node, Option<usize>)>) {
    let number = all.len();
    all.push((node, parent));
    for child in &node.children {
        numbered(child, Some(number), all);
    }
}

fn mermaid(tree: &Tree) -> String {
    let mut all = Vec::new();
    numbered(&tree.root, None, &mut all);
    let mut drawing = String::from("flowchart TD\n");
    let mut edges = String::new();
    for (number, (node, parent)) in all.iter().enumerate() {
        // Supervisors are drawn as subroutines, workers with round corners.
        let (open, close) = match node.supervises {
            Some(_) => ("[[", "]]"),
            None => ("(", ")"),
        };
        let text = format!(
            "{}<br>{}",
            in_mermaid(&node.title()),
            in_mermaid(&node.details())
        );
        let class = match node.state() {
            None | Some(ChildState::Running) => "",
            Some(ChildState::Restarting) => ":::restarting",
            Some(ChildState::Stopped) => ":::stopped",
        };
        let _ = writeln!(drawing, "    n{number}{open}\"{text}\"{close}{class}");
        if let Some(parent) = parent {
            let _ = writeln!(edges, "    n{parent} --> n{number}");
        }
    }
    drawing.push_str(&edges);
    for (class, style) in [
        ("restarting", "stroke-dasharray: 5"),
        ("stopped", "opacity: 0.5"),
    ] {
        let of_class = format!(":::{class}");
        if drawing.lines().any(|line| line.ends_with(&of_class)) {
            let _ = writeln!(drawing, "    classDef {class} {style}");
        }
    }
    drawing
}

/// Text between quotes: entities for what would end it, or be markup.
fn in_mermaid(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '"' => safe.push_str("#quot;"),
            '<' => safe.push_str("#lt;"),
            '>' => safe.push_str("#gt;"),
            '#' => safe.push_str("#35;"),
            '&' => safe.push_str("#amp;"),
            '`' => safe.push_str("#96;"),
            '\n' => safe.push(' '),
            other => safe.push(other),
        }
    }
    safe
}

fn graphviz(tree: &Tree) -> String {
    let mut all = Vec::new();
    numbered(&tree.root, None, &mut all);
    let mut drawing = format!("digraph \"{}\" {{\n", in_graphviz(tree.root.protocol));
    drawing.push_str("    node [fontname=\"sans-serif\"];\n");
    let mut edges = String::new();
    for (number, (node, parent)) in all.iter().enumerate() {
        let shape = match node.supervises {
            Some(_) => "box",
            None => "ellipse",
        };
        let style = match node.state() {
            None | Some(ChildState::Running) => "",
            Some(ChildState::Restarting) => ", style=dashed",
            Some(ChildState::Stopped) => ", style=dotted",
        };
        let (title, details) = (in_graphviz(&node.title()), in_graphviz(&node.details()));
        let _ = writeln!(
            drawing,
            "    n{number} [shape={shape}, label=\"{title}\\n{details}\"{style}];"
        );
        if let Some(parent) = parent {
            let _ = writeln!(edges, "    n{parent} -> n{number};");
        }
    }
    drawing.push_str(&edges);
    drawing.push_str("}\n");
    drawing
}

/// Text between quotes.
fn in_graphviz(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' => safe.push_str("\\\\"),
            '"' => safe.push_str("\\\""),
            '\n' => safe.push(' '),
            other => safe.push(other),
        }
    }
    safe
}
