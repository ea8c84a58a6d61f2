//! The text of a proto file, and places in it.

use std::sync::{Arc, OnceLock};

use crate::diagnostics::Place;
use crate::work;

/// The text of one proto file. It is kept once, and everything else points into it.
#[derive(Clone, Debug)]
pub struct Source {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    path: Arc<str>,
    bytes: Vec<u8>,
    /// Where lines begin, and columns within long ones.
    marks: OnceLock<Vec<Mark>>,
}

/// An offset whose position is known, so that others are counted from there.
#[derive(Clone, Copy, Debug, Default)]
struct Mark {
    offset: u32,
    line: u32,
    /// Where the line begins.
    start: u32,
    /// The column as protoc counts.
    column: u32,
}

/// Within a line there is a mark once in so many bytes.
const STEP: usize = 256;

/// Longer lines are not shown: each of many mistakes in one would repeat it.
const LONGEST_SHOWN: usize = 10_000;

/// Columns of protoc count a tab up to the next multiple of this.
const TAB: u32 = 8;

impl Mark {
    /// The position behind bytes of a line, of which the first stands at this one.
    fn behind(self, bytes: &[u8]) -> Self {
        let length = bytes.len() as u32;
        let column = if bytes.contains(&b'\t') {
            bytes.iter().fold(self.column, |column, byte| match byte {
                b'\t' => column / TAB * TAB + TAB,
                _ => column + 1,
            })
        } else {
            self.column + length
        };
        Self {
            offset: self.offset + length,
            column,
            ..self
        }
    }

    /// Marks in a long line that begins here.
    fn within(self, line: &[u8]) -> impl Iterator<Item = Self> {
        line.chunks_exact(STEP).scan(self, |at, bytes| {
            *at = at.behind(bytes);
            Some(*at)
        })
    }

    /// The beginning of the line behind the one that begins here.
    fn behind_line(self, line: &[u8]) -> Self {
        let offset = self.offset + line.len() as u32;
        Self {
            offset,
            line: self.line + 1,
            start: offset,
            column: 0,
        }
    }
}

impl Source {
    /// A text and the path that diagnostics show.
    ///
    /// Offsets are 32 bits: of a text over 4 GiB only the first part is kept.
    pub fn new(path: impl Into<Arc<str>>, text: impl Into<Vec<u8>>) -> Self {
        let mut bytes = text.into();
        bytes.truncate(u32::MAX as usize - 1);
        let inner = Inner {
            path: path.into(),
            bytes,
            marks: OnceLock::new(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// The path that diagnostics show.
    pub fn path(&self) -> &Arc<str> {
        &self.inner.path
    }

    /// The text. It may have bytes that are not UTF-8, as in protoc.
    pub fn bytes(&self) -> &[u8] {
        &self.inner.bytes
    }

    /// Some bytes of the text.
    pub(crate) fn slice(&self, start: u32, end: u32) -> &[u8] {
        &self.inner.bytes[start as usize..end as usize]
    }

    /// Some bytes of the text that a token says are ASCII.
    pub(crate) fn ascii(&self, start: u32, end: u32) -> &str {
        std::str::from_utf8(self.slice(start, end)).unwrap_or_default()
    }

    fn marks(&self) -> &[Mark] {
        self.inner.marks.get_or_init(|| {
            work::count(self.bytes().len());
            let mut marks = Vec::new();
            let mut at = Mark::default();
            for line in self.bytes().split_inclusive(|byte| *byte == b'\n') {
                marks.push(at);
                if line.len() > STEP {
                    marks.extend(at.within(line));
                }
                at = at.behind_line(line);
            }
            if self.bytes().last().is_none_or(|byte| *byte == b'\n') {
                marks.push(at);
            }
            marks
        })
    }

    /// The mark before an offset.
    fn mark(&self, offset: u32) -> Mark {
        let marks = self.marks();
        marks[marks.partition_point(|mark| mark.offset <= offset) - 1]
    }

    /// Line and column as protoc counts them: from 0, in bytes, tabs up to the next multiple of 8.
    pub(crate) fn position(&self, offset: u32) -> (u32, u32) {
        let mark = self.mark(offset);
        // There is a mark behind each newline, and so none in these.
        let between = self.slice(mark.offset, offset.min(self.bytes().len() as u32));
        work::count(between.len() + 1);
        let at = mark.behind(between);
        (at.line, at.column)
    }

    /// The place of some bytes, as a user counts: from 1, in characters.
    pub fn place(&self, start: u32, end: u32) -> Place {
        let start = start.min(self.bytes().len() as u32);
        let Mark {
            line,
            start: line_start,
            ..
        } = self.mark(start);
        let rest = &self.bytes()[line_start as usize..];
        let text = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        work::count(text.len());
        let at = ((start - line_start) as usize).min(text.len());
        let column = String::from_utf8_lossy(&text[..at]).chars().count();
        let last = (end.max(start) - line_start) as usize;
        let meant = String::from_utf8_lossy(&text[at..last.clamp(at, text.len())]);
        Place {
            file: Arc::clone(&self.inner.path),
            position: Some((line + 1, column as u32 + 1)),
            length: (meant.chars().count() as u32).max(1),
            line: (text.len() <= LONGEST_SHOWN).then(|| String::from_utf8_lossy(text).into_owned()),
        }
    }

    /// The place of a text within some bytes, where it stands as a word of its own.
    pub fn place_of_word(&self, start: u32, end: u32, word: &str) -> Option<Place> {
        let at = self.find_word(start, end, word)?;
        Some(self.place(at, at + word.len() as u32))
    }

    /// The offset of a text within some bytes, where it stands as a word of its own.
    pub(crate) fn find_word(&self, start: u32, end: u32, word: &str) -> Option<u32> {
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let (bytes, word) = (self.slice(start, end), word.as_bytes());
        work::count(bytes.len());
        let windows = bytes.windows(word.len().max(1)).enumerate();
        let mut found = windows.filter(|(at, window)| {
            let before = at.checked_sub(1).and_then(|before| bytes.get(before));
            let behind = bytes.get(at + word.len());
            *window == word && !before.is_some_and(is_word) && !behind.is_some_and(is_word)
        });
        Some(start + found.next()?.0 as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_as_protoc_and_as_users() {
        let source = Source::new("a.proto", "a\n\t\u{fc} b\r\n");
        assert_eq!(source.position(6), (1, 11));
        let place = source.place(6, 7);
        assert_eq!(place.position, Some((2, 4)));
        assert_eq!(place.line.as_deref(), Some("\t\u{fc} b"));
        assert_eq!(source.place(100, 200).position, Some((3, 1)));
    }

    #[test]
    fn counts_in_long_lines() {
        for line in ["ab".repeat(500), "a\t".repeat(500), "a".repeat(512)] {
            let source = Source::new("a.proto", format!("\n{line}\nb"));
            let column = line.chars().fold(0, |column, c| match c {
                '\t' => column / TAB * TAB + TAB,
                _ => column + 1,
            });
            let end = line.len() as u32 + 1;
            assert_eq!(source.position(end), (1, column));
            assert_eq!(source.position(end + 1), (2, 0));
            assert_eq!(source.position(end + 2), (2, 1));
        }
    }

    #[test]
    fn finds_words() {
        let source = Source::new("a.proto", "foo_bar foo;");
        let place = source.place_of_word(0, 12, "foo").unwrap();
        assert_eq!(place.position, Some((1, 9)));
    }
}
