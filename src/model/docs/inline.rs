//! The text of a paragraph: code spans, links, and characters that have to be escaped.

use std::collections::HashMap;

/// The text of a paragraph, a heading or a cell with only code spans, web links and emphasis in it.
pub(super) fn inline(text: &str) -> String {
    let spans = code_spans(text);
    let mut inline = Inline::default();
    let mut at = 0;
    while at < text.len() {
        at = match spans.get(&at) {
            Some(end) => at + inline.push(&text[at..*end]),
            None => at + inline.next(&text[at..]),
        };
    }
    inline.pieces.concat()
}

/// The ends of code spans by their starts: from each run of backticks to the next of that length.
fn code_spans(text: &str) -> HashMap<usize, usize> {
    let mut spans = HashMap::new();
    let mut last_by_len = HashMap::new();
    let mut at = 0;
    while let Some(skipped) = text[at..].find('`') {
        let start = at + skipped;
        let len = run(&text[start..], b'`');
        at = start + len;
        if let Some(before) = last_by_len.insert(len, start) {
            spans.insert(before, at);
        }
    }
    spans
}

#[derive(Default)]
struct Inline<'a> {
    pieces: Vec<&'a str>,
    /// The piece that opens the innermost bracket.
    bracket: Option<usize>,
}

impl<'a> Inline<'a> {
    /// Takes what the text begins with, and returns its length.
    fn next(&mut self, text: &'a str) -> usize {
        match text.as_bytes()[0] {
            b'\\' => self.backslash(text),
            b'`' => self.unmatched_backticks(run(text, b'`')),
            b'<' => self.less_than(text),
            b'[' => self.opening_bracket(),
            b']' => self.closing_bracket(text),
            b'!' => self.push("!"),
            _ => match url(text) {
                Some(url) => self.autolink(url),
                None => self.plain(text),
            },
        }
    }

    fn push(&mut self, piece: &'a str) -> usize {
        self.pieces.push(piece);
        piece.len()
    }

    fn plain(&mut self, text: &'a str) -> usize {
        let mut marks = text.match_indices(['\\', '`', '<', '[', ']', '!', 'h']);
        let end = marks.find_map(|(at, _)| (at > 0).then_some(at));
        self.push(&text[..end.unwrap_or(text.len())])
    }

    /// Characters that the author escaped are not escaped again, which would undo it.
    fn backslash(&mut self, text: &'a str) -> usize {
        let escapes = text.as_bytes().get(1).is_some_and(u8::is_ascii_punctuation);
        self.push(&text[..if escapes { 2 } else { 1 }])
    }

    fn unmatched_backticks(&mut self, len: usize) -> usize {
        self.pieces.extend(std::iter::repeat_n("\\`", len));
        len
    }

    /// Pushes a character with its backslash, which is not in the text.
    fn escaped(&mut self, piece: &'static str) -> usize {
        self.push(piece) - 1
    }

    /// Raw HTML trips `rustdoc::invalid_html_tags` unless it is well-formed.
    fn less_than(&mut self, text: &'a str) -> usize {
        let len = text[1..].bytes().take_while(is_url_byte).count();
        match url(&text[1..]) {
            Some(_) if text[1 + len..].starts_with('>') => self.autolink(&text[1..=len]) + 2,
            _ => self.escaped("\\<"),
        }
    }

    /// A bare URL trips `rustdoc::bare_urls`.
    fn autolink(&mut self, url: &'a str) -> usize {
        if let Some(last) = self.pieces.last_mut().filter(|last| **last == "\\") {
            // It would escape the `<`.
            *last = "\\\\";
        }
        self.pieces.extend(["<", url, ">"]);
        url.len()
    }

    fn opening_bracket(&mut self) -> usize {
        self.bracket = Some(self.pieces.len());
        self.escaped("\\[")
    }

    /// Only links such as `[text](http://...)` stay. For the others rustdoc would look for an item of
    /// that name, see `rustdoc::broken_intra_doc_links`.
    fn closing_bracket(&mut self, text: &'a str) -> usize {
        let bracket = self
            .bracket
            .take()
            .filter(|bracket| bracket + 1 < self.pieces.len());
        let (Some(bracket), Some(destination)) = (bracket, destination(&text[1..])) else {
            return self.push("]");
        };
        self.pieces[bracket] = "[";
        if bracket > 0 && self.pieces[bracket - 1] == "!" {
            // An image would be loaded by whoever reads the doc.
            self.pieces[bracket - 1] = "\\!";
        }
        self.unlink(bracket);
        self.push(&text[..1 + destination])
    }

    /// There are no links in the text of a link.
    fn unlink(&mut self, start: usize) {
        for piece in start..self.pieces.len() {
            if self.pieces[piece] == "<" {
                self.pieces[piece] = "";
                self.pieces[piece + 2] = "";
            }
        }
    }
}

/// The URL that a text begins with, without the punctuation of the sentence around it.
fn url(text: &str) -> Option<&str> {
    let scheme = scheme(text)?;
    // As rustdoc::bare_urls has it; `http://{host}` is no link to anywhere.
    let first = *text.as_bytes().get(scheme)?;
    if !first.is_ascii_alphanumeric() && !b"-@:%._+~#=".contains(&first) {
        return None;
    }
    let len = text.bytes().take_while(is_url_byte).count();
    let url = sentence_trimmed(&text[..len]);
    (url.len() > scheme).then_some(url)
}

fn scheme(text: &str) -> Option<usize> {
    let scheme = ["http://", "https://"]
        .into_iter()
        .find(|scheme| text.starts_with(scheme))?;
    Some(scheme.len())
}

fn is_url_byte(byte: &u8) -> bool {
    byte.is_ascii_graphic() && !b"<>\"`\\^|[]".contains(byte)
}

fn sentence_trimmed(url: &str) -> &str {
    let count = |paren| url.bytes().filter(|byte| *byte == paren).count();
    let mut unopened = count(b')').saturating_sub(count(b'('));
    url.trim_end_matches(|c| {
        let is_unopened = c == ')' && unopened > 0;
        unopened -= usize::from(is_unopened);
        is_unopened || ".,;:!?'*_".contains(c)
    })
}

/// The length of a link's destination with its parentheses: a URL without a title, in which there
/// may be parentheses but not in each other.
fn destination(text: &str) -> Option<usize> {
    let url = text.strip_prefix('(')?;
    let scheme = scheme(url)?;
    let mut is_open = false;
    for (at, byte) in url.bytes().enumerate().skip(scheme) {
        match byte {
            b'(' if !is_open => is_open = true,
            b')' if is_open => is_open = false,
            b')' if at > scheme => return Some(at + 2),
            b'(' | b')' => return None,
            _ if !is_url_byte(&byte) => return None,
            _ => {}
        }
    }
    None
}

/// How often a byte stands at the beginning.
pub(super) fn run(text: &str, byte: u8) -> usize {
    text.bytes().take_while(|b| *b == byte).count()
}
