//! What was measured.

use crate::work::Row;

/// The figures of one row: for each library one a round, or none.
pub struct Figures {
    pub row: &'static Row,
    pub of: Vec<(&'static str, Vec<f64>)>,
}

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
