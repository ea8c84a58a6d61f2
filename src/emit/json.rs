//! JSON, as far as it is written here: a crate for it would be in every user's build.

use std::fmt::Write as _;

use crate::text::turns_direction;

pub(super) enum Json {
    Text(String),
    Number(usize),
    /// A number that is not whole, in digits.
    Decimal(String),
    Bool(bool),
    List(Vec<Json>),
    /// In the order in which it is written.
    Object(Vec<(&'static str, Json)>),
}

impl Json {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn object<const N: usize>(members: [(&'static str, Json); N]) -> Self {
        Self::Object(members.into())
    }

    /// The members of an object that somebody else has opened, with its end.
    pub(super) fn members(&self) -> String {
        let mut out = String::new();
        self.write(0, &mut out);
        let members = out.trim_start_matches("{\n");
        format!("{members}\n")
    }

    fn write(&self, depth: usize, out: &mut String) {
        match self {
            Self::Text(text) => write_text(text, out),
            Self::Number(number) => *out += &number.to_string(),
            Self::Decimal(digits) => *out += digits,
            Self::Bool(value) => *out += &value.to_string(),
            Self::List(elements) => {
                let elements = elements.iter().map(|element| (None, element));
                write_all(['[', ']'], elements, depth, out);
            }
            Self::Object(members) => {
                let members = members.iter().map(|(key, value)| (Some(*key), value));
                write_all(['{', '}'], members, depth, out);
            }
        }
    }
}

fn write_all<'a>(
    [open, close]: [char; 2],
    elements: impl ExactSizeIterator<Item = (Option<&'static str>, &'a Json)>,
    depth: usize,
    out: &mut String,
) {
    out.push(open);
    let is_empty = elements.len() == 0;
    for (index, (key, value)) in elements.enumerate() {
        out.push_str(if index > 0 { ",\n" } else { "\n" });
        out.push_str(&"  ".repeat(depth + 1));
        if let Some(key) = key {
            write_text(key, out);
            out.push_str(": ");
        }
        value.write(depth + 1, out);
    }
    if !is_empty {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    }
    out.push(close);
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() || turns_direction(c) => {
                // Writing to a string does not fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
