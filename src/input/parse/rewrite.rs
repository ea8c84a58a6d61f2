//! A text with changes, and where everything in it was before.
//!
//! Changes stay within their line, so that only columns have to be found again.

use std::borrow::Cow;

/// A text, made of another one.
pub(super) struct Rewritten {
    pub(super) text: String,
    /// In the order of the text.
    edits: Vec<Moved>,
    /// Where lines begin, in this text and in the one that it was made of.
    lines: Vec<(usize, usize)>,
}

/// Some bytes that were replaced: where they begin and end now, and where those that they stand for did.
struct Moved {
    start: usize,
    end: usize,
    at: usize,
    behind: usize,
}

/// Some bytes to be replaced.
struct Edit {
    /// Where, in the original.
    at: usize,
    removed: usize,
    inserted: Cow<'static, str>,
}

/// Collects changes, in the order of the text.
#[derive(Default)]
pub(super) struct Edits(Vec<Edit>);

impl Edits {
    /// Replaces bytes of the original, none of which is a line break.
    pub(super) fn replace(
        &mut self,
        at: usize,
        removed: usize,
        inserted: impl Into<Cow<'static, str>>,
    ) {
        self.0.push(Edit {
            at,
            removed,
            inserted: inserted.into(),
        });
    }

    pub(super) fn insert(&mut self, at: usize, inserted: impl Into<Cow<'static, str>>) {
        self.replace(at, 0, inserted);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn apply(mut self, original: &str) -> Rewritten {
        self.0.sort_by_key(|edit| edit.at);
        let mut text = String::with_capacity(original.len() + 16 * self.0.len());
        let mut done = 0;
        let edits = self.0.into_iter().map(|edit| {
            text.push_str(&original[done..edit.at]);
            let start = text.len();
            text.push_str(&edit.inserted);
            done = edit.at + edit.removed;
            Moved {
                at: edit.at,
                start,
                end: text.len(),
                behind: done,
            }
        });
        let edits = edits.collect();
        text.push_str(&original[done..]);
        let lines = line_starts(&text).zip(line_starts(original)).collect();
        Rewritten { text, edits, lines }
    }
}

fn line_starts(text: &str) -> impl Iterator<Item = usize> + '_ {
    let behind = text.match_indices('\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(behind)
}

impl Rewritten {
    /// Where a byte of the text was; what was not there, where it was put.
    pub(super) fn original(&self, offset: usize) -> usize {
        let before = self.edits.partition_point(|edit| edit.start < offset);
        match before.checked_sub(1).map(|last| &self.edits[last]) {
            Some(edit) if offset < edit.end => edit.at,
            Some(edit) => edit.behind + (offset - edit.end),
            None => offset,
        }
    }

    /// The same for a span as descriptors have it: lines and columns in bytes.
    pub(super) fn original_span(&self, span: &mut [i32]) {
        match span {
            [line, start, end] => {
                let at = *line;
                *start = self.column(at, *start);
                *end = self.column(at, *end);
            }
            [first, start, last, end] => {
                *start = self.column(*first, *start);
                *end = self.column(*last, *end);
            }
            _ => {}
        }
    }

    fn column(&self, line: i32, column: i32) -> i32 {
        let Some((start, original)) = usize::try_from(line)
            .ok()
            .and_then(|line| self.lines.get(line))
        else {
            return column;
        };
        let offset = start + usize::try_from(column).unwrap_or_default();
        i32::try_from(self.original(offset).saturating_sub(*original)).unwrap_or(column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_there_before() {
        let original = "edition = \"2023\";\nmessage A {\n  int32 a = 1;\n}\n";
        let field = original.find("int32").unwrap();
        let mut edits = Edits::default();
        edits.insert(field, "optional ");
        edits.replace(0, "edition".len(), "syntax");
        let rewritten = edits.apply(original);
        assert!(rewritten.text.starts_with("syntax = "));
        assert!(rewritten.text.contains("  optional int32 a"));
        for word in ["= \"2023\"", "message", "int32", "a = 1", "}"] {
            let (before, now) = (original.find(word), rewritten.text.find(word));
            assert_eq!(Some(rewritten.original(now.unwrap())), before, "{word}");
        }
        // What was put there is where it was put.
        assert_eq!(
            rewritten.original(rewritten.text.find("optional").unwrap() + 3),
            field
        );
        let mut span = [2, 2, 21 + 2];
        rewritten.original_span(&mut span);
        assert_eq!(span, [2, 2, 14]);
    }
}
