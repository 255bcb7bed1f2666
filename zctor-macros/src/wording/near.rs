//! Near words: the "did you mean" of an unknown name, and lists of the valid ones.

/// The word of `valid` that `word` was most likely meant to be.
pub(crate) fn nearest<'a>(word: &str, valid: &[&'a str]) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let mut nearest = None;
    let mut least = usize::MAX;
    for candidate in valid {
        let steps = distance(&lower, candidate);
        let most = lower.chars().count().max(candidate.chars().count()) / 3;
        if steps <= most && steps < least {
            (nearest, least) = (Some(*candidate), steps);
        }
    }
    nearest
}

/// `` `a`, `b` and `c` ``.
pub(crate) fn list(words: &[impl AsRef<str>]) -> String {
    let mut list = String::new();
    for (at, word) in words.iter().enumerate() {
        let gap = match at {
            0 => "",
            _ if at + 1 < words.len() => ", ",
            _ => " and ",
        };
        list.push_str(&format!("{gap}`{}`", word.as_ref()));
    }
    list
}

/// The number of letters to insert, remove, replace or swap with a neighbour.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut above: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    let mut before = None;
    for (line, letter) in from.chars().enumerate() {
        let mut next = vec![line + 1];
        for (column, other) in to.iter().enumerate() {
            let at =
                |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX - 1);
            let mut steps = (at(&row, column) + usize::from(letter != *other))
                .min(at(&row, column + 1) + 1)
                .min(at(&next, column) + 1);
            let left = column.checked_sub(1);
            if let Some(left) = left
                && before == Some(*other)
                && to.get(left) == Some(&letter)
            {
                steps = steps.min(at(&above, left) + 1);
            }
            next.push(steps);
        }
        above = std::mem::replace(&mut row, next);
        before = Some(letter);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_edits() {
        assert_eq!(distance("reply", "reply"), 0);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("repyl", "reply"), 1);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn only_near_words_are_proposed() {
        let valid = ["mailbox", "overflow", "timeout"];
        assert_eq!(nearest("mailbx", &valid), Some("mailbox"));
        assert_eq!(nearest("Timeout", &valid), Some("timeout"));
        assert_eq!(nearest("tiemout", &valid), Some("timeout"));
        assert_eq!(nearest("banana", &valid), None);
    }

    #[test]
    fn lists_read_as_prose() {
        assert_eq!(list(&["a"]), "`a`");
        assert_eq!(list(&["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
