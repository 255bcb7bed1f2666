//! What was found, and how it is printed.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::file::File;

/// The report shows so many groups, and so many paths of each. `--list` shows
/// all.
const SHOWN: usize = 10;

/// Files with the same content.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// The size of each.
    pub(crate) size: u64,
    /// At least two, in order.
    pub(crate) paths: Vec<PathBuf>,
}

impl Group {
    /// What it takes in vain, in bytes.
    fn waste(&self) -> u64 {
        self.size * (self.paths.len() as u64 - 1)
    }
}

/// The groups among `files`, which come by content, in the order of their
/// paths. A file whose number is in `names` is called so.
pub(crate) fn sorted_groups(
    files: impl Iterator<Item = Vec<File>>,
    names: &mut HashMap<usize, PathBuf>,
) -> Vec<Group> {
    let mut group = |files: Vec<File>| {
        let size = files.first()?.size;
        let mut paths: Vec<_> = files
            .into_iter()
            .map(|file| names.remove(&file.number).unwrap_or(file.path))
            .collect();
        paths.sort_unstable_by(|a, b| bytes(a).cmp(bytes(b)));
        (paths.len() > 1).then_some(Group { size, paths })
    };
    let mut groups: Vec<_> = files.filter_map(&mut group).collect();
    // No path is in two groups.
    groups.sort_unstable_by(|a, b| bytes(&a.paths[0]).cmp(bytes(&b.paths[0])));
    groups
}

/// On Unix: the bytes of the name, whatever they are.
fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

/// One path a line, and an empty line between groups.
pub(crate) fn write_list(out: &mut impl Write, groups: &[Group]) -> io::Result<()> {
    for (index, group) in groups.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        for path in &group.paths {
            out.write_all(bytes(path))?;
            writeln!(out)?;
        }
    }
    Ok(())
}

/// The groups that waste most, and the totals.
pub(crate) fn write_report(out: &mut impl Write, groups: &[Group]) -> io::Result<()> {
    let mut worst: Vec<_> = groups.iter().collect();
    // A stable sort: the order of their paths where they waste the same.
    worst.sort_by_key(|group| std::cmp::Reverse(group.waste()));
    for group in worst.iter().take(SHOWN) {
        writeln!(out, "{} files of {} bytes:", group.paths.len(), group.size)?;
        for path in group.paths.iter().take(SHOWN) {
            writeln!(out, "    {}", path.display())?;
        }
        if let Some(more @ 1..) = group.paths.len().checked_sub(SHOWN) {
            writeln!(out, "    and {more} more")?;
        }
    }
    if let Some(more @ 1..) = worst.len().checked_sub(SHOWN) {
        writeln!(out, "and {more} more groups, which --list shows")?;
    }
    let files: usize = groups.iter().map(|group| group.paths.len()).sum();
    let waste: u64 = groups.iter().map(Group::waste).sum();
    writeln!(
        out,
        "{} duplicate groups, {files} files, {waste} bytes to save",
        groups.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(size: u64, names: &[(usize, &str)]) -> Vec<File> {
        let file = |&(number, path): &(usize, &str)| File {
            number,
            path: path.into(),
            size,
        };
        names.iter().map(file).collect()
    }

    fn group(size: u64, paths: &[&str]) -> Group {
        let paths = paths.iter().map(PathBuf::from).collect();
        Group { size, paths }
    }

    fn text(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("the names are UTF-8")
    }

    #[test]
    fn groups_are_sorted_and_have_two_files_at_least() {
        let files = [
            files(3, &[(0, "d/2"), (1, "b/2")]),
            files(4, &[(2, "e")]),
            files(5, &[(3, "c"), (4, "a"), (5, "f")]),
        ];
        let groups = sorted_groups(files.into_iter(), &mut HashMap::new());
        assert_eq!(
            groups,
            [group(5, &["a", "c", "f"]), group(3, &["b/2", "d/2"])]
        );
    }

    #[test]
    fn a_file_is_called_by_its_last_name() {
        let files = [files(3, &[(0, "a"), (1, "b")])];
        let mut names = HashMap::from([(0, "z".into()), (7, "x".into())]);
        let groups = sorted_groups(files.into_iter(), &mut names);
        assert_eq!(groups, [group(3, &["b", "z"])]);
    }

    #[test]
    fn lists_have_an_empty_line_between_groups() {
        let groups = [group(1, &["a", "b"]), group(2, &["c", "d"])];
        assert_eq!(text(|out| write_list(out, &groups)), "a\nb\n\nc\nd\n");
        assert_eq!(text(|out| write_list(out, &[])), "");
    }

    #[cfg(unix)]
    #[test]
    fn lists_have_the_bytes_of_names() -> io::Result<()> {
        use std::ffi::OsString;
        use std::os::unix::ffi::OsStringExt;
        let path = |name: &[u8]| PathBuf::from(OsString::from_vec(name.to_vec()));
        let paths = vec![path(b"caf\xe9"), path(b"two\nlines")];
        let mut out = Vec::new();
        write_list(&mut out, &[Group { size: 1, paths }])?;
        assert_eq!(out, b"caf\xe9\ntwo\nlines\n");
        Ok(())
    }

    #[test]
    fn the_report_begins_with_the_worst_and_ends_with_the_totals() {
        let groups = [group(1, &["a", "b"]), group(20, &["c", "d", "e"])];
        let expected = "\
3 files of 20 bytes:
    c
    d
    e
2 files of 1 bytes:
    a
    b
2 duplicate groups, 5 files, 41 bytes to save
";
        assert_eq!(text(|out| write_report(out, &groups)), expected);
        let none = "0 duplicate groups, 0 files, 0 bytes to save\n";
        assert_eq!(text(|out| write_report(out, &[])), none);
    }

    #[test]
    fn the_report_is_short() {
        let groups: Vec<_> = (0..12).map(|_| group(1, &["a", "b"])).collect();
        let text = |groups: &[Group]| text(|out| write_report(out, groups));
        let many = text(&[group(1, &["a"; 13])]);
        assert!(many.contains("    a\n    and 3 more\n1 duplicate groups, 13"));
        let text = text(&groups);
        assert!(text.contains("and 2 more groups, which --list shows\n12 duplicate groups, 24"));
    }
}
