//! What has nothing to do with memory: documents, requests, the text of answers.

use std::fmt;

pub(crate) const DOCUMENTS: [&str; 3] = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"];

/// The documents, and requests that ask for their lines.
pub(crate) struct Site {
    documents: Vec<(&'static str, Vec<String>)>,
    pub(crate) requests: Vec<String>,
}

impl Site {
    pub(crate) fn read() -> std::io::Result<Site> {
        let (mut documents, mut requests) = (Vec::new(), Vec::new());
        for document in DOCUMENTS {
            let path = format!("{}/{document}", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(path)?;
            for (number, line) in text.lines().enumerate() {
                let mut words: Vec<_> = line.split(|c: char| !c.is_alphanumeric()).collect();
                words.sort_by_key(|word| std::cmp::Reverse(word.len()));
                let [one, other, _, ..] = words[..] else {
                    continue;
                };
                requests.push(format!(
                    "GET /{document}?q={one}%20{other}&from={} HTTP/1.1\r\nHost: zctor\r\n\
                     Accept: application/json\r\nX-Request: {number}\r\n\r\n",
                    number.saturating_sub(8)
                ));
            }
            documents.push((document, text.lines().map(str::to_owned).collect()));
        }
        Ok(Site {
            documents,
            requests,
        })
    }

    /// The first lines that have one of the words.
    pub(crate) fn search<'a, W: AsRef<str>>(
        &'a self,
        document: &str,
        from: usize,
        words: &[W],
    ) -> impl Iterator<Item = (usize, &'a str)> {
        let mut documents = self.documents.iter();
        let lines = documents.find(|(name, _)| *name == document);
        let lines = lines.map_or(&[][..], |(_, lines)| lines);
        let numbered = lines.iter().map(String::as_str).enumerate();
        let near = numbered.skip(from).take(16);
        near.filter(|(_, line)| words.iter().any(|word| line.contains(word.as_ref())))
            .take(3)
    }
}

/// The parts of a request, as they came.
pub(crate) struct Raw<'r> {
    pub(crate) document: &'r str,
    query: &'r str,
    head: &'r str,
}

impl<'r> Raw<'r> {
    pub(crate) fn of(request: &'r str) -> Raw<'r> {
        let (line, head) = request.split_once("\r\n").unwrap_or((request, ""));
        let target = line.split(' ').nth(1).unwrap_or("/");
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Raw {
            document: path.trim_start_matches('/'),
            query,
            head,
        }
    }

    pub(crate) fn fields(&self) -> impl Iterator<Item = (&'r str, &'r str)> {
        let lines = self.head.split("\r\n");
        lines.filter_map(|line| line.split_once(": "))
    }

    pub(crate) fn parameters(&self) -> impl Iterator<Item = (&'r str, &'r str)> {
        let pairs = self.query.split('&');
        pairs.filter_map(|pair| pair.split_once('='))
    }
}

pub(crate) fn decode<W: fmt::Write>(text: &str, mut into: W) -> W {
    let mut parts = text.split('%');
    let _ = into.write_str(parts.next().unwrap_or(""));
    for part in parts {
        let (code, rest) = part.split_at_checked(2).unwrap_or(("", part));
        let byte = u8::from_str_radix(code, 16).unwrap_or(b'%');
        let _ = write!(into, "{}{rest}", char::from(byte));
    }
    into
}

pub(crate) fn body<'a, W: fmt::Write>(
    tag: &str,
    hits: impl Iterator<Item = (usize, &'a str)>,
    mut into: W,
) -> W {
    let _ = write!(into, "{{\"request\": {tag}, \"lines\": {{");
    for (at, (number, line)) in hits.enumerate() {
        let comma = if at > 0 { ", " } else { "" };
        let _ = write!(into, "{comma}\"{number}\": {line:?}");
    }
    let _ = into.write_str("}}");
    into
}

pub(crate) const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json";

/// What the answers came to, so that none can be left out.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Account {
    pub(crate) answers: usize,
    pub(crate) bytes: usize,
    sum: u64,
}

impl Account {
    pub(crate) fn enter(&mut self, answer: &str) {
        self.answers += 1;
        self.bytes += answer.len();
        let add = |sum: u64, byte| sum.rotate_left(5).wrapping_add(u64::from(byte));
        self.sum = answer.bytes().step_by(16).fold(self.sum, add);
    }
}
