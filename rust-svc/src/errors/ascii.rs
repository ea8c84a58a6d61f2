//! JSON in ASCII, for headers.

use std::fmt::Write as _;
use std::io;

use serde::{Serialize, Serializer as _};

/// JSON with `\u…` escapes for all other characters. Empty if the value cannot be serialized.
pub(super) fn json(value: &impl Serialize) -> String {
    written(|serializer| value.serialize(serializer))
}

/// JSON of a list.
pub(super) fn json_list(list: impl IntoIterator<Item = impl Serialize>) -> String {
    written(|serializer| serializer.collect_seq(list))
}

type AsciiSerializer<'a> = serde_json::Serializer<&'a mut Vec<u8>, AsciiOnly>;

fn written(write: impl FnOnce(&mut AsciiSerializer<'_>) -> serde_json::Result<()>) -> String {
    let mut json = Vec::with_capacity(256);
    let mut serializer = serde_json::Serializer::with_formatter(&mut json, AsciiOnly);
    match write(&mut serializer) {
        Ok(()) => String::from_utf8(json).unwrap_or_default(),
        Err(_) => String::new(),
    }
}

struct AsciiOnly;

impl serde_json::ser::Formatter for AsciiOnly {
    fn write_string_fragment<W>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()>
    where
        W: io::Write + ?Sized,
    {
        // serde_json has escaped the other control characters.
        if fragment.is_ascii() && !fragment.contains('\x7f') {
            return writer.write_all(fragment.as_bytes());
        }
        let mut text = String::with_capacity(fragment.len());
        for c in fragment.chars() {
            match c {
                ' '..='~' => text.push(c),
                _ => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        // Writing to a string does not fail.
                        let _ = write!(text, "\\u{unit:04x}");
                    }
                }
            }
        }
        writer.write_all(text.as_bytes())
    }
}
