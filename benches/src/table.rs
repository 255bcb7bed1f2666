//! The figures, for people.

use crate::driver::Figures;

pub fn median(figures: &[f64]) -> Option<f64> {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}

impl Figures {
    pub fn of(&self, library: &str) -> Option<&[f64]> {
        let found = self.of.iter().find(|(name, _)| *name == library);
        found.map(|(_, figures)| &**figures)
    }

    /// zctor's part of what a rival takes: the median of the rounds' ratios.
    pub fn ratio(&self, rival: &str) -> Option<f64> {
        let (ours, theirs) = (self.of("zctor")?, self.of(rival)?);
        let ratios: Vec<_> = ours
            .iter()
            .zip(theirs)
            .map(|(ours, theirs)| ours / theirs)
            .collect();
        median(&ratios).filter(|ratio| ratio.is_finite())
    }
}

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
