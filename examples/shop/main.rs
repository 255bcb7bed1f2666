//! A shop that takes orders, picks and packs them, and keeps its books right
//! whatever happens to the staff.
//!
//! ```sh
//! cargo run --example shop -- --orders 5000 --chaos
//! cargo run --example shop -- --forever --chaos     # until Ctrl-C, or SIGTERM
//! ```
//!
//! With `--chaos` somebody goes about and has actors panic, kills them, or
//! stops them. What is told between actors is delivered at most once, so a
//! worker that panics takes the order in its hands with it. That is why the
//! ledger writes every order down before it is worked on and when it is done
//! (in a file, which a restarted ledger reads), and why the desk sends open
//! orders again. At the end the account says what became of each.
//!
//! At a signal the shop takes no more orders, the chaos ends, and it finishes those that it has within
//! its limit, stops in order, and leaves with exit code 0.

mod chaos;
mod journal;
mod line;
mod shop;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;
use signal_hook::consts::{SIGINT, SIGTERM};
use zctor::prelude::*;

use crate::journal::Journal;
use crate::shop::{DeskHandle, Premises, Shop, ShopHandle};

#[derive(Parser)]
struct Options {
    /// How many orders there are.
    #[arg(long, default_value_t = 5_000)]
    orders: u64,
    /// Orders keep coming until a signal comes.
    #[arg(long)]
    forever: bool,
    /// Have random actors panic, and kill and stop them.
    #[arg(long)]
    chaos: bool,
    /// How long open orders may take after a signal, in seconds.
    #[arg(long, default_value_t = 10)]
    patience: u64,
    /// Print the tree as a drawing: text, mermaid or dot.
    #[arg(long)]
    tree: Option<String>,
}

fn main() -> zctor::Result<()> {
    let options = Options::parse();
    if let Some(form) = &options.tree {
        let tree = Shop::tree();
        match form.as_str() {
            "mermaid" => print!("{}", tree.mermaid()),
            "dot" => print!("{}", tree.graphviz()),
            _ => println!("{tree}"),
        }
        return Ok(());
    }
    let leave = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&leave))?;
    }
    let system = System::builder()
        .name("shop")
        .shutdown_limit(Duration::from_secs(20))
        .build()?;
    // Crashes are expected here: they are counted, not printed.
    let mut events = system.events().capacity(1_000_000);
    let journal = Journal::temporary()?;
    let shop = Shop::start(&system, Premises::new(&journal)).wait()?;

    let over = Arc::new(AtomicBool::new(false));
    let trouble = options.chaos.then(|| {
        // Panics are what this is about: their text is not needed.
        std::panic::set_hook(Box::new(|_| {}));
        let (shop, over) = (shop.clone(), Arc::clone(&over));
        thread::spawn(move || chaos::reign(&shop, &over))
    });
    let accepted = take_orders(&shop.desk(), &options, &leave);
    let interrupted = leave.load(Relaxed);
    if interrupted {
        // What is left has to be done in time: no more trouble is made.
        over.store(true, Relaxed);
    }
    finish(&shop, accepted, Duration::from_secs(options.patience))?;
    over.store(true, Relaxed);
    let deeds = trouble.map(|trouble| trouble.join().unwrap_or_default());

    println!("{}", shop.running_tree());
    system.shutdown().wait()?;
    let (mut crashes, mut restarts) = (0, 0);
    while let Some(event) = events.try_next() {
        match event.kind() {
            zctor::EventKind::Crashed(_) => crashes += 1,
            zctor::EventKind::Started if event.incarnation() > 1 => restarts += 1,
            _ => {}
        }
    }
    if let Some(deeds) = deeds {
        println!("chaos: {deeds}; {crashes} crashes, {restarts} restarts");
    }
    let account = journal.account()?;
    println!("{account}");
    if interrupted {
        println!("interrupted: all that was accepted is done");
    }
    if account.accepted() != accepted || !account.is_balanced() {
        return Err(Failure::msg(format!(
            "the account is wrong: {accepted} were accepted"
        )));
    }
    Ok(())
}

/// Sends orders, each until it is accepted. The number of those that were.
fn take_orders(desk: &DeskHandle, options: &Options, leave: &AtomicBool) -> u64 {
    let mut order = 0;
    while !leave.load(Relaxed) && (options.forever || order < options.orders) {
        match desk.place(order).timeout(Duration::from_secs(1)).wait() {
            Ok(()) => order += 1,
            // It may have been written down or not: to ask again is safe.
            Err(_) => thread::sleep(Duration::from_millis(1)),
        }
    }
    order
}

/// Waits until no order is open.
fn finish(shop: &ShopHandle, accepted: u64, patience: Duration) -> zctor::Result<()> {
    let begun = Instant::now();
    loop {
        let done = shop.ledger().done().timeout(Duration::from_secs(1)).wait();
        if done.is_ok_and(|done| done >= accepted) {
            return Ok(());
        }
        if begun.elapsed() > patience {
            return Err(Failure::msg(format!(
                "orders were still open after {patience:?}"
            )));
        }
        thread::sleep(Duration::from_millis(10));
    }
}
