//! The figures, for people.

use crate::figures::{Figures, median};

pub fn print(all: &[Figures], rounds: usize) {
    let Some(first) = all.first() else { return };
    println!("medians of {rounds} rounds in turn; behind it, zctor's part of a rival's\n");
    print!("| {:<30} |", "work");
    first
        .of
        .iter()
        .for_each(|(library, _)| print!(" {library:>14} |"));
    print!("\n|{:-<32}|", "");
    first.of.iter().for_each(|_| print!("{:->15}:|", ""));
    println!();
    for figures in all {
        print!("| {:<30} |", figures.row.what);
        for (library, of) in &figures.of {
            let ratio = figures.ratio(library).filter(|_| *library != "zctor");
            let ratio = ratio.map_or(String::new(), |ratio| format!("{ratio:.2}"));
            print!(
                " {:>8} {ratio:>5} |",
                median(of).map_or(String::new(), short)
            );
        }
        println!();
    }
}

fn short(figure: f64) -> String {
    if figure < 10.0 {
        format!("{figure:.2}")
    } else {
        format!("{figure:.0}")
    }
}
