//! Trees of supervisors print as text, Mermaid and Graphviz, as declared and as
//! they run.

#[path = "support/crew.rs"]
mod crew;
mod support;

use crew::{Hand, Log, Worker};
use support::{eventually, within};
use zctor::prelude::*;
use zctor::{ChildState, Restart, Strategy};

#[supervisor(
    strategy = one_for_all,
    max_restarts = 5,
    within = "1m 30s",
    auto_shutdown = any_significant,
    backoff(min = "200ms", max = "10s")
)]
enum Kitchen {
    #[child(restart = transient, significant, shutdown = brutal)]
    Oven(Hand),
    #[child(count = 3)]
    Cook(Hand),
}

#[supervisor(strategy = rest_for_one)]
enum House {
    #[child(shutdown = "250ms")]
    Door(Hand),
    #[child]
    Kitchen(Kitchen),
    #[child(dynamic)]
    Guest(Hand, String),
    #[child(dynamic, restart = permanent)]
    Annex(House),
}

#[derive(Clone, Default)]
struct Plan(Log);

impl KitchenChildren for Plan {
    fn oven(&mut self, _: &KitchenHandle) -> Child<Hand> {
        Hand::child(Worker::new("oven", &self.0))
    }
    fn cook(&mut self, _: &KitchenHandle, _index: usize) -> Child<Hand> {
        Hand::child(Worker::new("cook", &self.0))
    }
}

impl HouseChildren for Plan {
    fn door(&mut self, _: &HouseHandle) -> Child<Hand> {
        Hand::child(Worker::new("door", &self.0))
    }
    fn kitchen(&mut self, _: &HouseHandle) -> Child<Kitchen> {
        Kitchen::child(self.clone())
    }
    fn guest(&mut self, _: &HouseHandle, value: String) -> Child<Hand> {
        Hand::child(Worker::new(value, &self.0))
    }
    fn annex(&mut self, _: &HouseHandle) -> Child<House> {
        House::child(self.clone())
    }
}

#[test]
fn as_declared() {
    let tree = House::tree();
    assert_eq!(
        tree.to_string(),
        "\
House: rest_for_one, max 3 restarts within 60s
├── door: Hand, permanent, shutdown 250ms
├── kitchen: Kitchen, permanent, shutdown infinity, one_for_all, max 5 restarts within 90s, auto_shutdown any_significant, backoff 200ms to 10s
│   ├── oven: Hand, transient, significant, shutdown brutal
│   └── cook ×3: Hand, permanent, shutdown 5s
├── guest: Hand, dynamic, temporary, shutdown 5s
└── annex: House, dynamic, permanent, shutdown infinity, rest_for_one, max 3 restarts within 60s, as above"
    );
    assert_eq!(
        Kitchen::tree().mermaid(),
        "\
flowchart TD
    n0[[\"Kitchen<br>one_for_all, max 5 restarts within 90s, auto_shutdown any_significant, backoff 200ms to 10s\"]]
    n1(\"oven: Hand<br>transient, significant, shutdown brutal\")
    n2(\"cook ×3: Hand<br>permanent, shutdown 5s\")
    n0 --> n1
    n0 --> n2
"
    );
    assert_eq!(
        Kitchen::tree().graphviz(),
        "\
digraph \"Kitchen\" {
    node [fontname=\"sans-serif\"];
    n0 [shape=box, label=\"Kitchen\\none_for_all, max 5 restarts within 90s, auto_shutdown any_significant, backoff 200ms to 10s\"];
    n1 [shape=ellipse, label=\"oven: Hand\\ntransient, significant, shutdown brutal\"];
    n2 [shape=ellipse, label=\"cook ×3: Hand\\npermanent, shutdown 5s\"];
    n0 -> n1;
    n0 -> n2;
}
"
    );
    let kitchen = &tree.root().children()[1];
    assert_eq!(kitchen.strategy(), Some(Strategy::OneForAll));
    assert_eq!(kitchen.children()[0].restart(), Some(Restart::Transient));
    assert_eq!(kitchen.state(), None);
}

#[test]
fn as_it_runs() {
    within(30, || {
        let system = System::new().unwrap();
        let house = House::start(&system, Plan::default()).wait().unwrap();
        house.start_guest("ann".into()).wait().unwrap();
        let extra = Hand::child(Worker::new("x", &Log::default()));
        house.start_child("a \"b\" <c>", extra).wait().unwrap();
        house
            .kitchen()
            .terminate_child(KitchenChild::Cook(1))
            .wait()
            .unwrap();
        house.door().panic().unwrap();
        house.door().ping().wait().unwrap();
        eventually("all but one are back", || {
            house
                .kitchen()
                .which_children()
                .iter()
                .all(|child| child.restarts() == 1)
        });
        let tree = house.running_tree();
        let text = tree.to_string();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(
            lines,
            [
                "House#1: running, rest_for_one, max 3 restarts within 60s",
                "├── door: Hand#2, running, incarnation 2, restarts 1, permanent, shutdown 250ms",
                "└── kitchen: Kitchen#3, running, incarnation 2, restarts 1, permanent, shutdown infinity, one_for_all, max 5 restarts within 90s, auto_shutdown any_significant, backoff 200ms to 10s",
                "    ├── oven: Hand#4, running, incarnation 2, restarts 1, transient, significant, shutdown brutal",
                "    ├── cook[0]: Hand#5, running, incarnation 2, restarts 1, permanent, shutdown 5s",
                &format!(
                    "    ├── cook[1]: Hand{}, running, restarts 1, permanent, shutdown 5s",
                    tree.root().children()[1].children()[2].id().unwrap()
                ),
                "    └── cook[2]: Hand#7, running, incarnation 2, restarts 1, permanent, shutdown 5s",
            ],
            "the guest and the extra one were temporary"
        );
        let annex = house.start_annex().wait().unwrap();
        annex.terminate_child("door").wait().unwrap();
        let tree = house.running_tree();
        let annex = &tree.root().children()[2];
        assert_eq!(annex.children()[0].state(), Some(ChildState::Stopped));
        assert!(tree.mermaid().contains(":::stopped\n"));
        assert!(tree.mermaid().contains("classDef stopped"));
        assert!(tree.graphviz().contains("style=dotted"));
        let quoted = Hand::child(Worker::new("x", &Log::default()));
        house.start_child("a \"b\" <c>", quoted).wait().unwrap();
        let tree = house.running_tree();
        assert!(
            tree.mermaid()
                .contains("a #quot;b#quot; #lt;c#gt;: Hand#35;")
        );
        assert!(tree.graphviz().contains("label=\"a \\\"b\\\" <c>: Hand#"));
        system.shutdown().wait().unwrap();
    });
}
