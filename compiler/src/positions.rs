//! Where everything of a file stands, and the comments that belong to it: `SourceCodeInfo`.
//!
//! A parsed file has offsets in flat arrays. Lines, columns and the text of comments are made of them
//! when somebody asks, which for most locations is never.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::diagnostics::Place;
use crate::source::Source;
use crate::wire::{self, Codec, Malformed, Record, Records, Value, WireType};
use crate::work;

mod comment;

pub(crate) use comment::{Comment, Comments};

/// `google.protobuf.SourceCodeInfo`.
#[derive(Clone, Debug, Default)]
pub struct SourceInfo {
    /// The text that offsets are in; none where the info was decoded.
    source: Option<Source>,
    /// The paths of all locations, one after the other.
    paths: Vec<i32>,
    entries: Vec<Entry>,
    comments: Vec<Comments>,
    /// Lines and columns of start and end, where the info was decoded.
    spans: Vec<[i32; 4]>,
    by_path: OnceLock<HashMap<Vec<i32>, u32>>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    path: u32,
    path_len: u32,
    /// Offsets in the source. Without a source, `start` is an index of `spans`.
    start: u32,
    end: u32,
    /// An index of `comments`, or `NONE`.
    comments: u32,
}

const NONE: u32 = u32::MAX;

/// The number of a location, in the order in which locations begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LocationId(u32);

/// One location: what is at a path of the descriptor, where it stands, and its comments.
#[derive(Clone, Copy, Debug)]
pub struct Location<'a> {
    info: &'a SourceInfo,
    entry: Entry,
}

impl SourceInfo {
    /// No locations yet, in a text.
    pub(crate) fn new(source: Source) -> Self {
        Self {
            source: Some(source),
            ..Self::default()
        }
    }

    /// Begins a location.
    pub(crate) fn open(&mut self, path: &[i32], start: u32) -> LocationId {
        let id = LocationId(self.entries.len() as u32);
        self.entries.push(Entry {
            path: self.paths.len() as u32,
            path_len: path.len() as u32,
            start,
            end: NONE,
            comments: NONE,
        });
        self.paths.extend_from_slice(path);
        id
    }

    /// Ends a location, unless it has ended.
    pub(crate) fn close(&mut self, id: LocationId, end: u32) {
        let entry = &mut self.entries[id.0 as usize];
        if entry.end == NONE {
            // A file of comments alone ends at its beginning and starts behind them, to protoc as well.
            let is_file = entry.path_len == 0;
            entry.end = if is_file { end } else { end.max(entry.start) };
        }
    }

    /// The beginning of a location.
    pub(crate) fn start(&self, id: LocationId) -> u32 {
        self.entries[id.0 as usize].start
    }

    /// Gives a location another path.
    pub(crate) fn set_path(&mut self, id: LocationId, path: &[i32]) {
        let entry = &mut self.entries[id.0 as usize];
        entry.path = self.paths.len() as u32;
        entry.path_len = path.len() as u32;
        self.paths.extend_from_slice(path);
    }

    /// Gives a location its comments.
    pub(crate) fn set_comments(&mut self, id: LocationId, comments: Comments) {
        if !comments.is_empty() {
            self.entries[id.0 as usize].comments = self.comments.len() as u32;
            self.comments.push(comments);
        }
    }

    /// The text, where the file was parsed from one.
    pub(crate) fn source(&self) -> Option<&Source> {
        self.source.as_ref()
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// All locations in their order.
    pub fn locations(&self) -> impl Iterator<Item = Location<'_>> {
        let entries = self.entries.iter();
        entries.map(|&entry| Location { info: self, entry })
    }

    /// The first location of a path.
    pub fn find(&self, path: &[i32]) -> Option<Location<'_>> {
        let by_path = self.by_path.get_or_init(|| {
            work::count(self.paths.len());
            let mut by_path = HashMap::with_capacity(self.entries.len());
            for (index, location) in self.locations().enumerate() {
                let path = location.path().to_vec();
                by_path.entry(path).or_insert(index as u32);
            }
            by_path
        });
        work::count(path.len());
        let index = *by_path.get(path)? as usize;
        let entry = self.entries[index];
        Some(Location { info: self, entry })
    }
}

impl<'a> Location<'a> {
    /// Field numbers and indices from the file to the item.
    pub fn path(&self) -> &'a [i32] {
        let start = self.entry.path as usize;
        &self.info.paths[start..start + self.entry.path_len as usize]
    }

    /// Lines and columns of start and end, as protoc counts them: from 0, in bytes, a tab up to the next
    /// multiple of 8.
    pub fn span(&self) -> [i32; 4] {
        match &self.info.source {
            Some(source) => {
                let (first, start) = source.position(self.entry.start);
                let (last, end) = source.position(self.entry.end);
                [first, start, last, end].map(|number| number as i32)
            }
            None => self.info.spans[self.entry.start as usize],
        }
    }

    /// The place for a diagnostic; `file` is the name to show where there is no text.
    pub fn place(&self, file: &str) -> Place {
        if let Some(source) = &self.info.source {
            return source.place(self.entry.start, self.entry.end);
        }
        let [first, start, last, end] = self.span();
        let length = if first == last { end - start } else { 1 };
        Place {
            position: Some((first as u32 + 1, start as u32 + 1)),
            length: length.max(1) as u32,
            ..Place::file(file)
        }
    }

    /// Whether nothing stands there: the parser expected something, and found something else.
    pub(crate) fn is_empty(&self) -> bool {
        self.info.source.is_some() && self.entry.start == self.entry.end
    }

    /// The place of the beginning alone.
    pub(crate) fn place_of_start(&self, file: &str) -> Place {
        match &self.info.source {
            Some(source) => source.place(self.entry.start, self.entry.start),
            None => Place {
                length: 1,
                ..self.place(file)
            },
        }
    }

    /// Where a word stands in the location.
    pub fn place_of_word(&self, word: &str) -> Option<Place> {
        let source = self.info.source.as_ref()?;
        source.place_of_word(self.entry.start, self.entry.end, word)
    }

    /// Where the last of some words stands, each behind the one before. The search ends at one that is not there.
    pub(crate) fn place_of_words<'w>(&self, words: impl Iterator<Item = &'w str>) -> Option<Place> {
        let source = self.info.source.as_ref()?;
        let (mut start, mut place) = (self.entry.start, None);
        for word in words {
            let Some(at) = source.find_word(start, self.entry.end, word) else {
                break;
            };
            let end = at + word.len() as u32;
            place = Some(source.place(at, end));
            start = end;
        }
        place
    }

    /// The comment before the item.
    pub fn leading_comments(&self) -> Option<String> {
        self.comment(|comments| comments.leading.as_ref())
    }

    /// The comment behind the item.
    pub fn trailing_comments(&self) -> Option<String> {
        self.comment(|comments| comments.trailing.as_ref())
    }

    /// Comments before the item that blank lines separate from it.
    pub fn leading_detached_comments(&self) -> Vec<String> {
        let comments = self.comments().into_iter();
        let detached = comments.flat_map(|comments| &comments.detached);
        detached
            .map(|comment| comment.text(self.info.source.as_ref()))
            .collect()
    }

    /// Whether there is any comment.
    pub fn has_comments(&self) -> bool {
        self.entry.comments != NONE
    }

    fn comments(&self) -> Option<&'a Comments> {
        self.info.comments.get(self.entry.comments as usize)
    }

    fn comment(&self, get: impl Fn(&Comments) -> Option<&Comment>) -> Option<String> {
        let text = get(self.comments()?)?.text(self.info.source.as_ref());
        (!text.is_empty()).then_some(text)
    }

    fn encode(&self, out: &mut Vec<u8>) {
        let packed = |number: u32, values: &[i32], out: &mut Vec<u8>| {
            if !values.is_empty() {
                wire::put_nested(number, out, |out| {
                    let values = values.iter();
                    values.for_each(|value| wire::put_raw_varint(i64::from(*value) as u64, out));
                });
            }
        };
        packed(1, self.path(), out);
        let [first, start, last, end] = self.span();
        if first == last {
            packed(2, &[first, start, end], out)
        } else {
            packed(2, &[first, start, last, end], out)
        }
        self.leading_comments().put(3, out);
        self.trailing_comments().put(4, out);
        self.leading_detached_comments().put(6, out);
    }
}

impl Codec for SourceInfo {
    fn merge_records(&mut self, records: Records<'_>) -> Result<(), Malformed> {
        for record in records {
            let record = record?;
            if record.number == 1 && record.kind == WireType::Delimited {
                self.merge_location(&record)?;
            }
        }
        Ok(())
    }

    fn encode(&self, out: &mut Vec<u8>) {
        for location in self.locations() {
            wire::put_nested(1, out, |out| location.encode(out));
        }
    }
}

impl SourceInfo {
    fn merge_location(&mut self, record: &Record<'_>) -> Result<(), Malformed> {
        let (mut path, mut span): (Vec<i32>, Vec<i32>) = (Vec::new(), Vec::new());
        let (mut leading, mut trailing): (Option<String>, Option<String>) = (None, None);
        let mut detached: Vec<String> = Vec::new();
        for record in Records::new(record.value) {
            let record = record?;
            match record.number {
                1 => Value::merge_record(&mut path, &record)?,
                2 => Value::merge_record(&mut span, &record)?,
                3 => Value::merge_record(&mut leading, &record)?,
                4 => Value::merge_record(&mut trailing, &record)?,
                6 => detached.merge_record(&record)?,
                _ => {}
            }
        }
        let span = match *span.as_slice() {
            [line, start, end] => [line, start, line, end],
            [first, start, last, end] => [first, start, last, end],
            // The writer does not know where the item stands.
            _ => return Ok(()),
        };
        let id = self.open(&path, self.spans.len() as u32);
        self.close(id, 0);
        self.spans.push(span.map(|number| number.max(0)));
        let comments = Comments {
            leading: leading.map(Comment::Text),
            trailing: trailing.map(Comment::Text),
            detached: detached.into_iter().map(Comment::Text).collect(),
        };
        self.set_comments(id, comments);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_from_its_bytes() {
        let mut info = SourceInfo::new(Source::new("a.proto", "// a\nmessage A {\n}\n"));
        let id = info.open(&[4, 0], 5);
        info.close(id, 18);
        let comments = Comments {
            leading: Some(Comment::Line { start: 0, end: 5 }),
            ..Comments::default()
        };
        info.set_comments(id, comments);
        let bytes = info.encode_to_vec();
        let decoded = SourceInfo::decode(&bytes).unwrap();
        let location = decoded.find(&[4, 0]).unwrap();
        assert_eq!(location.span(), [1, 0, 2, 1]);
        assert_eq!(location.leading_comments().as_deref(), Some(" a\n"));
        assert_eq!(decoded.encode_to_vec(), bytes);
    }
}
