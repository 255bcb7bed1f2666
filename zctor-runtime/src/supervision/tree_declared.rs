//! Trees of supervisors as they are declared.

use super::spec::{ChildSpec, Supervision};
use super::tree::{Node, Rules, Terms, Tree};

impl Rules {
    pub(crate) fn of(supervision: &Supervision) -> Rules {
        Rules {
            strategy: supervision.strategy,
            max_restarts: supervision.max_restarts,
            within: supervision.within,
            auto_shutdown: supervision.auto_shutdown,
            backoff: supervision.backoff,
        }
    }
}

impl Tree {
    pub(crate) fn of(protocol: &'static str, supervision: &Supervision) -> Tree {
        let mut path = vec![protocol];
        Tree {
            root: Node {
                name: None,
                protocol,
                supervises: Some(Rules::of(supervision)),
                child: None,
                now: None,
                children: declared(supervision, &mut path),
                again: false,
            },
        }
    }
}

fn declared(supervision: &Supervision, path: &mut Vec<&'static str>) -> Vec<Node> {
    let mut nodes = Vec::new();
    for spec in supervision.children {
        nodes.push(Node::declared(spec, path));
    }
    nodes
}

impl Node {
    fn declared(spec: &ChildSpec, path: &mut Vec<&'static str>) -> Node {
        let supervision = (spec.supervises)();
        let again = supervision.is_some() && path.contains(&spec.protocol);
        let mut children = Vec::new();
        if let Some(supervision) = supervision.filter(|_| !again) {
            path.push(spec.protocol);
            children = declared(supervision, path);
            path.pop();
        }
        Node {
            name: Some(spec.name.to_owned()),
            protocol: spec.protocol,
            supervises: supervision.map(Rules::of),
            child: Some(Terms {
                restart: spec.restart,
                shutdown: spec.patience(),
                significant: spec.significant,
                dynamic: spec.dynamic,
                count: spec.count,
            }),
            now: None,
            children,
            again,
        }
    }
}
