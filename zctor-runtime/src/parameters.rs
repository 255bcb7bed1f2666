//! Whether the parameters of a handler are named after the fields of its variant.

use crate::protocol::{Style, Variant};
use crate::vouched::Table;

/// What is said of parameters with other names. It is put together where the handler is compiled:
/// only there are both the handler and the enum known.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Misnamed {
    bytes: [u8; LONGEST],
    length: usize,
}

const LONGEST: usize = 2048;

/// None if they are right, or for the compiler to judge: another number of parameters, an unknown
/// method, a variant without field names. What is said has the names of the fields between `before`
/// and `after`.
#[doc(hidden)]
#[must_use]
pub const fn misnamed<P: Table>(
    method: &str,
    parameters: &[&str],
    before: &str,
    after: &str,
) -> Option<Misnamed> {
    match fields_of(P::ROWS, method, parameters) {
        Some(fields) if !same_names(fields, parameters) => {
            Some(Misnamed::new(before, fields, after))
        }
        _ => None,
    }
}

/// What is said of a handler with so many parameters, the last of which is a `Reply`, if that is one
/// too many: its variant is not deferred, and the `Reply` is no field of it. It is one of the two,
/// which speak of an ask and of a tell.
#[doc(hidden)]
#[must_use]
pub const fn replies_itself<P: Table>(
    method: &str,
    parameters: usize,
    of_an_ask: &'static str,
    of_a_tell: &'static str,
) -> Option<&'static str> {
    let mut row = 0;
    while row < P::ROWS.len() {
        let variant = &P::ROWS[row];
        if same_bytes(variant.method().as_bytes(), method.as_bytes()) {
            let one_too_many = variant.batch().is_none()
                && !variant.is_deferred()
                && parameters == variant.fields().len() + 1;
            return match one_too_many {
                true if variant.is_ask() => Some(of_an_ask),
                true => Some(of_a_tell),
                false => None,
            };
        }
        row += 1;
    }
    None
}

/// The fields that the parameters stand for, where they have names.
const fn fields_of(
    variants: &[Variant],
    method: &str,
    parameters: &[&str],
) -> Option<&'static [&'static str]> {
    let mut row = 0;
    while row < variants.len() {
        let variant = &variants[row];
        if same_bytes(variant.method().as_bytes(), method.as_bytes()) {
            // The fields of a batch are in the items of one parameter.
            if variant.batch().is_some() || !matches!(variant.style(), Style::Struct) {
                return None;
            }
            let fields = variant.fields();
            // Behind the fields of an ask there may be its deferred reply.
            let as_many = parameters.len() == fields.len()
                || variant.is_ask() && parameters.len() == fields.len() + 1;
            return if as_many { Some(fields) } else { None };
        }
        row += 1;
    }
    None
}

impl Misnamed {
    const fn new(before: &str, fields: &[&str], after: &str) -> Misnamed {
        let mut said = Misnamed {
            bytes: [0; LONGEST],
            length: 0,
        };
        said.say(before);
        let mut place = 0;
        while place < fields.len() {
            if place > 0 {
                said.say(", ");
            }
            said.say(fields[place]);
            said.say(": …");
            place += 1;
        }
        said.say(after);
        said
    }

    /// All of it, or nothing where there is no room.
    const fn say(&mut self, text: &str) {
        let text = text.as_bytes();
        if self.length + text.len() > LONGEST {
            return;
        }
        let mut place = 0;
        while place < text.len() {
            self.bytes[self.length] = text[place];
            self.length += 1;
            place += 1;
        }
    }

    /// In words.
    #[must_use]
    pub const fn text(&self) -> &str {
        let (said, _) = self.bytes.split_at(self.length);
        match core::str::from_utf8(said) {
            Ok(text) => text,
            Err(_) => "",
        }
    }
}

const fn same_names(fields: &[&str], parameters: &[&str]) -> bool {
    let mut place = 0;
    while place < fields.len() {
        if !same_name(fields[place].as_bytes(), parameters[place].as_bytes()) {
            return false;
        }
        place += 1;
    }
    true
}

/// `_by` and `_` do for `by`: they are how a parameter is left unused.
const fn same_name(field: &[u8], parameter: &[u8]) -> bool {
    match parameter {
        [b'_'] => true,
        [b'_', rest @ ..] => same_bytes(field, rest) || same_bytes(field, parameter),
        _ => same_bytes(field, parameter),
    }
}

/// The compiler goes through this step by step for each handler: no calls, and from the end, where
/// names that begin alike differ.
const fn same_bytes(a: &[u8], b: &[u8]) -> bool {
    let mut left = a.len();
    if left != b.len() {
        return false;
    }
    while left > 0 {
        left -= 1;
        if a[left] != b[left] {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[Variant] = &[
        Variant::new("Move", "move_to", &["0", "1"], Style::Tuple, false),
        Variant::new(
            "Transfer",
            "transfer",
            &["from", "to"],
            Style::Struct,
            false,
        ),
    ];

    fn sound(method: &str, parameters: &[&str]) -> bool {
        fields_of(TABLE, method, parameters).is_none_or(|fields| same_names(fields, parameters))
    }

    #[test]
    fn parameters_are_named_after_fields() {
        assert!(sound("transfer", &["from", "to"]));
        assert!(sound("transfer", &["_from", "_"]));
        assert!(!sound("transfer", &["to", "from"]));
        assert!(!sound("transfer", &["from", "too"]));
        assert!(
            sound("transfer", &["from"]),
            "the number is for the compiler to judge"
        );
        assert!(sound("move_to", &["x", "y"]));
        assert!(same_bytes(b"", b"") && same_bytes(b"nine bytes", b"nine bytes"));
        assert!(!same_bytes(b"nine bytes", b"nine byteS"));
        assert!(!same_bytes(b"nine bytes", b"Nine bytes"));
        assert!(sound("unknown", &["x"]));
    }

    #[test]
    fn the_fields_are_listed() {
        let said = |fields: &[&str]| Misnamed::new("they are ", fields, ".").text().to_owned();
        assert_eq!(said(&["a"]), "they are a: ….");
        assert_eq!(said(&["a", "größe", "c"]), "they are a: …, größe: …, c: ….");
        let many = ["a_name_that_is_long"; 200];
        assert!(
            said(&many).starts_with("they are a_name"),
            "as many as there is room for"
        );
    }
}
