//! Comments: which bytes they are, and their text as protoc hands it on.

use crate::source::Source;

/// The comments of one location.
#[derive(Clone, Debug, Default)]
pub(crate) struct Comments {
    pub(crate) leading: Option<Comment>,
    pub(crate) trailing: Option<Comment>,
    pub(crate) detached: Vec<Comment>,
}

/// One comment.
#[derive(Clone, Debug)]
pub(crate) enum Comment {
    /// `//` comments of adjacent lines, from the first slash to the end of the last line.
    Line { start: u32, end: u32 },
    /// The text between `/*` and `*/`.
    Block { start: u32, end: u32 },
    /// A text that was decoded.
    Text(String),
}

impl Comments {
    pub(crate) fn is_empty(&self) -> bool {
        self.leading.is_none() && self.trailing.is_none() && self.detached.is_empty()
    }
}

impl Comment {
    /// The text without the marks of comments. Bytes that are not UTF-8 become U+FFFD.
    pub(crate) fn text(&self, source: Option<&Source>) -> String {
        let slice = |start: u32, end: u32| {
            let bytes = source.map_or(&[][..], |source| source.slice(start, end));
            String::from_utf8_lossy(bytes).into_owned()
        };
        match self {
            Self::Line { start, end } => line_text(&slice(*start, *end)),
            Self::Block { start, end } => block_text(&slice(*start, *end)),
            Self::Text(text) => text.clone(),
        }
    }
}

/// White space within a line, as protoc's tokenizer knows it.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\u{b}' | '\u{c}')
}

/// Each line without its slashes, with its newline.
fn line_text(comment: &str) -> String {
    let lines = comment.split_inclusive('\n');
    let lines = lines.filter_map(|line| line.trim_start_matches(is_space).strip_prefix("//"));
    lines.collect()
}

/// Each line but the first without what stands before its text: white space and one asterisk.
fn block_text(comment: &str) -> String {
    let mut text = String::with_capacity(comment.len());
    for (index, line) in comment.split_inclusive('\n').enumerate() {
        let line = match index {
            0 => line,
            _ => {
                let line = line.trim_start_matches(is_space);
                line.strip_prefix('*').unwrap_or(line)
            }
        };
        text += line;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_marks_away() {
        assert_eq!(line_text("// a\n  // b\n//\n"), " a\n b\n\n");
        assert_eq!(block_text(" a\n * b\n *c\n  d "), " a\n b\nc\nd ");
        // The asterisk of the end does not count.
        assert_eq!(block_text("\n * a\n "), "\n a\n");
    }
}
