//! Proto comments as rustdoc.
//!
//! A comment was written for people who read the proto, and rustdoc takes it for Markdown: `<T>`
//! is an HTML tag to it, `[x]` a link, an indented table a doctest. So the layout is read leniently
//! and written back so that CommonMark can see nothing else in it: each line stands exactly in the
//! column of its list item, code is always in a `text` fence, and what would begin a block by
//! accident has a backslash.

use std::collections::HashMap;

/// The doc lines of a comment without their `///`: a line begins with a space or is empty.
pub(crate) fn rustdoc(comment: &str) -> Vec<String> {
    let text = printable(comment);
    let lines: Vec<Line> = text.lines().map(Line::new).collect();
    let written = lines.iter().filter(|line| !line.text.is_empty());
    let margin = written.map(|line| line.indent).min().unwrap_or(0);
    let mut page = Page::default();
    for line in lines {
        let indent = line.indent.saturating_sub(margin);
        page.line(Line { indent, ..line });
    }
    page.finish()
}

/// Without what rustc refuses in a comment: a bare `\r` is an error, a bidi control trips
/// `text_direction_codepoint_in_comment`. Tabs trip `clippy::tabs_in_doc_comments`.
fn printable(comment: &str) -> String {
    let mut text = String::with_capacity(comment.len());
    for c in comment.chars() {
        match c {
            '\n' => text.push(c),
            '\t' => text.push_str("    "),
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {}
            _ if c.is_control() => {}
            _ => text.push(c),
        }
    }
    text
}

#[derive(Clone, Copy)]
struct Line<'a> {
    indent: usize,
    text: &'a str,
}

impl<'a> Line<'a> {
    fn new(line: &'a str) -> Self {
        let line = line.trim_end();
        let text = line.trim_start_matches(' ');
        let indent = line.len() - text.len();
        Self { indent, text }
    }
}

/// The doc lines, as far as they are written.
#[derive(Default)]
struct Page<'a> {
    done: Vec<String>,
    /// The open list items, outermost first.
    items: Vec<Item>,
    above: Above,
    /// The lines of a paragraph that are not in `done` yet: a code span may close on a later one.
    paragraph: Vec<ParagraphLine>,
    /// Where the paragraph's first line stood in the comment.
    paragraph_indent: usize,
    code: Option<Code<'a>>,
}

/// What the line above is, as far as the next line may continue it.
#[derive(Clone, Copy, Default, PartialEq)]
enum Above {
    #[default]
    Nothing,
    Paragraph,
    Table,
}

struct Item {
    /// The last character of its marker: items of one list have the same.
    kind: u8,
    /// Where its text stood in the comment.
    indent: usize,
    /// Where its text stands in the doc.
    column: usize,
}

struct ParagraphLine {
    /// Indentation, and the marker of the list item that begins here.
    lead: String,
    text: String,
}

struct Code<'a> {
    lead: String,
    /// The mark and length of the fence around it; none for indented code.
    fence: Option<(u8, usize)>,
    /// Where it stood in the comment.
    indent: usize,
    lines: Vec<Line<'a>>,
}

/// Deeper lists are rather drawings, and their indentation would make the doc grow with the square
/// of the comment.
const MAX_DEPTH: usize = 8;

impl<'a> Page<'a> {
    fn line(&mut self, line: Line<'a>) {
        if self.is_taken_as_code(line) {
            return;
        }
        if line.text.is_empty() {
            return self.blank();
        }
        // How many of the open items the line is in, if it does not continue a paragraph.
        let depth = self
            .items
            .partition_point(|item| item.indent <= line.indent);
        let marker = Marker::of(line.text).filter(|marker| self.may_begin_item(marker, depth));
        if let Some(fence) = opening_fence(line.text) {
            self.leave_items(depth);
            self.begin_code(spaces(self.column()), Some(fence), line.indent);
        } else if self.is_indented_code(line, depth) && (marker.is_none() || depth == 0) {
            self.leave_items(depth);
            self.begin_code(spaces(self.column()), None, self.indent() + 4);
            self.is_taken_as_code(line);
        } else if self.is_under_table_head(line.text) {
            self.begin_table(line.text);
        } else if depth == 0 && self.is_rule_here(line.text) {
            self.leave_items(0);
            self.push(line.text);
        } else if depth == 0 && is_heading(line.text) {
            self.leave_items(0);
            self.push(&inline(line.text));
        } else if let Some(marker) = marker {
            self.item(line, &marker, depth);
        } else {
            self.text(line, depth);
        }
    }

    fn finish(mut self) -> Vec<String> {
        self.end_code();
        self.flush();
        while self.done.last().is_some_and(String::is_empty) {
            self.done.pop();
        }
        self.done
    }

    fn push(&mut self, line: &str) {
        self.done.push(format!(" {line}"));
    }

    fn blank(&mut self) {
        self.flush();
        self.above = Above::Nothing;
        self.gap();
    }

    fn gap(&mut self) {
        if self.done.last().is_some_and(|line| !line.is_empty()) {
            self.done.push(String::new());
        }
    }

    fn leave_items(&mut self, depth: usize) {
        self.flush();
        self.above = Above::Nothing;
        self.items.truncate(depth);
    }

    /// Where the text of the innermost item stands in the doc.
    fn column(&self) -> usize {
        self.items.last().map_or(0, |item| item.column)
    }

    /// Where it stood in the comment.
    fn indent(&self) -> usize {
        self.items.last().map_or(0, |item| item.indent)
    }
}

/// Paragraphs and list items.
impl Page<'_> {
    fn text(&mut self, line: Line, depth: usize) {
        if self.above == Above::Nothing {
            self.leave_items(depth);
            self.paragraph_indent = line.indent;
        }
        // Outside of lists a hanging indent is kept, as far as it cannot be taken for code. In
        // them it would trip clippy::doc_overindented_list_items.
        let hang = line.indent.saturating_sub(self.paragraph_indent).min(3);
        let lead = match self.items.is_empty() {
            true => spaces(hang),
            false => spaces(self.column()),
        };
        if self.above == Above::Table {
            return self.row(&lead, &unmarked(line.text));
        }
        self.above = Above::Paragraph;
        self.paragraph_line(lead, line.text);
    }

    fn paragraph_line(&mut self, lead: String, text: &str) {
        let unmarked = unmarked(text);
        // CommonMark ends the paragraph, and with it any code span, at what looks like a block.
        if unmarked != text || text.starts_with('<') || text.starts_with("[^") {
            self.flush();
        }
        self.paragraph.push(ParagraphLine {
            lead,
            text: unmarked,
        });
    }

    fn flush(&mut self) {
        let lines = std::mem::take(&mut self.paragraph);
        let (leads, texts): (Vec<_>, Vec<_>) = lines.into_iter().map(|l| (l.lead, l.text)).unzip();
        for (lead, text) in leads.iter().zip(inline(&texts.join("\n")).lines()) {
            self.push(&format!("{lead}{text}"));
        }
    }

    /// Whether CommonMark would see an item too: a number other than 1 cannot interrupt a
    /// paragraph, and `2015. It` at the start of a line is more often the end of a sentence.
    fn may_begin_item(&self, marker: &Marker, depth: usize) -> bool {
        let is_next_of_list = self
            .items
            .get(depth)
            .is_some_and(|item| item.kind == marker.kind());
        let is_first = matches!(marker.token, "-" | "*" | "+" | "1." | "1)");
        depth < MAX_DEPTH && (self.above == Above::Nothing || is_first || is_next_of_list)
    }

    fn item(&mut self, line: Line, marker: &Marker, depth: usize) {
        self.leave_items(depth);
        let outer = self.column();
        let lead = format!("{:outer$}{} ", "", marker.token);
        // After more than four spaces CommonMark sees code, which begins after the first.
        let indent = line.indent + marker.token.len() + marker.gap.min(4);
        let column = outer + marker.token.len() + 1;
        self.items.push(Item {
            kind: marker.kind(),
            indent,
            column,
        });
        if let Some(fence) = opening_fence(marker.text) {
            self.begin_code(lead, Some(fence), indent);
        } else {
            self.above = Above::Paragraph;
            self.paragraph_line(lead, marker.text);
        }
    }
}

/// Code: always in a fence with the info string `text`, as rustdoc compiles any other for a test.
impl<'a> Page<'a> {
    fn is_indented_code(&self, line: Line, depth: usize) -> bool {
        let outer = depth
            .checked_sub(1)
            .map_or(0, |last| self.items[last].indent);
        self.above == Above::Nothing && line.indent >= outer + 4
    }

    fn begin_code(&mut self, lead: String, fence: Option<(u8, usize)>, indent: usize) {
        self.code = Some(Code {
            lead,
            fence,
            indent,
            lines: Vec::new(),
        });
    }

    fn is_taken_as_code(&mut self, line: Line<'a>) -> bool {
        let Some(code) = &mut self.code else {
            return false;
        };
        let is_closed = code
            .fence
            .is_some_and(|(mark, len)| closes_fence(line.text, mark, len));
        let is_left = code.fence.is_none() && !line.text.is_empty() && line.indent < code.indent;
        if is_closed || is_left {
            self.end_code();
        } else {
            code.lines.push(line);
        }
        !is_left
    }

    fn end_code(&mut self) {
        let Some(mut code) = self.code.take() else {
            return;
        };
        let len = code.lines.len();
        if code.fence.is_none() {
            while code.lines.pop_if(|line| line.text.is_empty()).is_some() {}
            let written = code.lines.iter().filter(|line| !line.text.is_empty());
            code.indent = written.map(|line| line.indent).min().unwrap_or(0);
        }
        self.fenced(&code);
        if code.lines.len() < len {
            self.gap();
        }
    }

    fn fenced(&mut self, code: &Code) {
        let ticks = code.lines.iter().map(|line| run(line.text, b'`') + 1).max();
        let fence = "`".repeat(ticks.unwrap_or(0).max(3));
        let column = self.column();
        self.push(&format!("{}{fence}text", code.lead));
        for line in &code.lines {
            let indent = column + line.indent.saturating_sub(code.indent);
            match line.text {
                "" => self.done.push(String::new()),
                text => self.push(&format!("{:indent$}{text}", "")),
            }
        }
        self.push(&format!("{:column$}{fence}", ""));
    }
}

/// Tables, an extension of CommonMark that rustdoc turns on, and rules.
impl Page<'_> {
    fn is_under_table_head(&self, text: &str) -> bool {
        let Some(head) = self.paragraph.last() else {
            return false;
        };
        // `- |` would be an item of a list as well.
        let is_delimiter_row = is_delimiter_row(text) && marker_token(text).is_none();
        is_delimiter_row && text.contains('|') && columns(&head.text) == columns(text)
    }

    fn begin_table(&mut self, delimiter_row: &str) {
        let Some(head) = self.paragraph.pop() else {
            return;
        };
        self.flush();
        if head.lead.trim().is_empty() {
            // The head would belong to the paragraph above.
            self.gap();
        }
        self.row(&head.lead, &head.text);
        self.push(&format!("{:1$}{delimiter_row}", "", self.column()));
        self.above = Above::Table;
    }

    /// A code span ends with its cell, at the latest.
    fn row(&mut self, lead: &str, text: &str) {
        let cells: Vec<String> = cells(text).into_iter().map(inline).collect();
        self.push(&format!("{lead}{}", cells.join("|")));
    }

    /// Whether the line is a thematic break, or turns the paragraph above into a heading.
    fn is_rule_here(&self, text: &str) -> bool {
        match rule(text) {
            Some(b'=') => self.items.is_empty() && self.above == Above::Paragraph,
            Some(_) => true,
            None => false,
        }
    }
}

/// The marker of a list item, and what follows it on its line.
struct Marker<'a> {
    token: &'a str,
    gap: usize,
    text: &'a str,
}

impl<'a> Marker<'a> {
    fn of(line: &'a str) -> Option<Self> {
        let token = marker_token(line)?;
        let rest = &line[token.len()..];
        let text = rest.trim_start_matches(' ');
        let gap = rest.len() - text.len();
        (gap > 0).then_some(Self { token, gap, text })
    }

    fn kind(&self) -> u8 {
        self.token.as_bytes()[self.token.len() - 1]
    }
}

/// `-`, `*`, `+`, `1.` or `1)` before a space or the end of the line.
fn marker_token(line: &str) -> Option<&str> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let marks = if digits == 0 { "-*+" } else { ".)" };
    let rest = line[digits..].strip_prefix(|c| marks.contains(c))?;
    let is_marker = digits < 10 && (rest.is_empty() || rest.starts_with(' '));
    is_marker.then(|| &line[..=digits])
}

/// The line with a backslash before what CommonMark would take for the mark of a block.
fn unmarked(line: &str) -> String {
    let at = match marker_token(line) {
        _ if line.starts_with('>') || is_heading(line) || is_delimiter_row(line) => 0,
        _ if is_underline(line) || rule(line).is_some() => 0,
        Some(token) => token.len() - 1,
        None => return line.to_owned(),
    };
    format!("{}\\{}", &line[..at], &line[at..])
}

fn is_heading(line: &str) -> bool {
    let level = run(line, b'#');
    (1..=6).contains(&level) && matches!(line.as_bytes().get(level), None | Some(b' '))
}

/// The mark of a line such as `---`, `* * *` or `===`.
fn rule(line: &str) -> Option<u8> {
    let mark = *line.as_bytes().first()?;
    let len = line.bytes().filter(|byte| *byte == mark).count();
    let is_alone = line
        .bytes()
        .all(|byte| byte == mark || byte == b' ' && mark != b'=');
    (b"-*_=".contains(&mark) && is_alone && len >= 3).then_some(mark)
}

/// A line that makes a heading of the paragraph above, even if it is only one `-` long.
fn is_underline(line: &str) -> bool {
    line.bytes().all(|byte| byte == b'-') || line.bytes().all(|byte| byte == b'=')
}

fn is_delimiter_row(line: &str) -> bool {
    line.contains('-') && line.contains(['|', ':']) && line.bytes().all(|b| b"|:- ".contains(&b))
}

fn columns(row: &str) -> usize {
    let row = row.strip_prefix('|').unwrap_or(row);
    cells(row.strip_suffix('|').unwrap_or(row)).len()
}

/// Parsers agree on `\|` alone, and differ on more backslashes: there it is the end of a cell, as
/// two halves of one cell do no harm.
fn cells(row: &str) -> Vec<&str> {
    let (mut cells, mut start, bytes) = (Vec::new(), 0, row.as_bytes());
    for (at, _) in row.match_indices('|') {
        if !bytes[..at].ends_with(b"\\") || bytes[..at].ends_with(b"\\\\") {
            cells.push(&row[start..at]);
            start = at + 1;
        }
    }
    cells.push(&row[start..]);
    cells
}

/// The mark and length of the fence that a line begins.
fn opening_fence(line: &str) -> Option<(u8, usize)> {
    let mark = *line.as_bytes().first()?;
    let len = run(line, mark);
    let is_code_span = mark == b'`' && line[len..].contains('`');
    (b"`~".contains(&mark) && len >= 3 && !is_code_span).then_some((mark, len))
}

fn closes_fence(line: &str, mark: u8, len: usize) -> bool {
    line.len() >= len && run(line, mark) == line.len()
}

/// How many times an ASCII character stands at the start of a text.
fn run(text: &str, byte: u8) -> usize {
    text.bytes().take_while(|b| *b == byte).count()
}

fn spaces(count: usize) -> String {
    " ".repeat(count)
}

/// The text of a paragraph, a heading or a cell with only code spans, web links and emphasis in it.
fn inline(text: &str) -> String {
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

    /// What its author escaped is not escaped again, which would undo it.
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

    /// Of links only `[text](http://...)` stay. For the others rustdoc would look for an item of
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Cases of a name, a comment and its doc.
    #[track_caller]
    fn check(cases: &[(&str, &str, &str)]) {
        for (name, comment, doc) in cases {
            let lines = rustdoc(comment);
            for line in &lines {
                let is_safe = line.starts_with(' ') && line.trim_end() == line;
                assert!(line.is_empty() || is_safe, "{name}: {line:?}");
            }
            let lines: Vec<&str> = lines
                .iter()
                .map(|l| l.strip_prefix(' ').unwrap_or(l))
                .collect();
            assert_eq!(lines.join("\n"), *doc, "{name}");
        }
    }

    #[test]
    fn keeps_prose() {
        check(&[
            ("nothing", "", ""),
            ("blank", " \n\n  \t\n", ""),
            ("one line", " A user.\n", "A user."),
            ("no space after the slashes", "A user.", "A user."),
            ("blank lines around", "\n\n A\n\n\n B\n\n", "A\n\nB"),
            ("a margin", "    A\n      B\n    C", "A\n  B\nC"),
            ("a hanging indent", " A:\n        b\n   c", "A:\n   b\n  c"),
            (
                "emphasis",
                " *a* **b** _c_ snake_case",
                "*a* **b** _c_ snake_case",
            ),
            (
                "punctuation",
                " a > b && c -> d; 5 * 3 = 15 #1",
                "a > b && c -> d; 5 * 3 = 15 #1",
            ),
            (
                "headings",
                " # A\n text\n ###### <b>",
                "# A\ntext\n###### \\<b>",
            ),
            (
                "underlined headings",
                " A\n ===\n B\n ---\n C",
                "A\n===\nB\n---\nC",
            ),
            ("a thematic break", " A\n\n ---\n B", "A\n\n---\nB"),
        ]);
    }

    #[test]
    fn drops_what_rustc_refuses() {
        check(&[
            ("CRLF", " A\r\n B\r\n", "A\nB"),
            ("a lone CR", " A\rB", "AB"),
            ("control characters", " A\0\u{7}\u{c}\u{85}B\u{7f}", "AB"),
            ("bidi controls", " A\u{202A}\u{202E}\u{2066}\u{2069}B", "AB"),
            ("tabs", "\tA\n\tB\tC", "A\nB    C"),
            (
                "other spaces",
                " 日本\u{3000}語\u{a0}\n\u{a0}\n B",
                "日本\u{3000}語\n\nB",
            ),
        ]);
    }

    #[test]
    fn escapes_html_and_links() {
        check(&[
            (
                "tags",
                " <b>x Array<T> <!-- </b>",
                "\\<b>x Array\\<T> \\<!-- \\</b>",
            ),
            ("escaped by the author", r" \<b> \[x] \`", r"\<b> \[x] \`"),
            ("an escaped backslash", r" \\<b>", r"\\\<b>"),
            ("an item", " See [foo].", "See \\[foo]."),
            (
                "an item of a path",
                " [Foo][google.x.Foo]",
                "\\[Foo]\\[google.x.Foo]",
            ),
            ("an item in code", " [`Foo`]", "\\[`Foo`]"),
            ("a relative link", " [a](../b.md)", "\\[a](../b.md)"),
            ("a footnote", " A[^1]\n\n [^1]: B", "A\\[^1]\n\n\\[^1]: B"),
            ("a definition", " [x]: foo", "\\[x]: foo"),
            ("a task", " - [x] a\n - [ ] b", "- \\[x] a\n- \\[ ] b"),
            ("a mail address", " <a@b.com>", "\\<a@b.com>"),
            ("an unclosed bracket", " [a](", "\\[a]("),
        ]);
    }

    #[test]
    fn keeps_web_links() {
        check(&[
            ("a link", " [a](http://b.c)", "[a](http://b.c)"),
            (
                "code in it",
                " [`a[]`](https://b.c)",
                "[`a[]`](https://b.c)",
            ),
            ("over two lines", " [a\n b](http://c)", "[a\nb](http://c)"),
            ("parentheses", " [a](http://b/c_(d))", "[a](http://b/c_(d))"),
            (
                "brackets around",
                " [a [b](http://c)]",
                "\\[a [b](http://c)]",
            ),
            (
                "a URL as its text",
                " [http://a.b](http://a.b)",
                "[http://a.b](http://a.b)",
            ),
            (
                "an autolink as its text",
                " [<http://a>](http://b)",
                "[http://a](http://b)",
            ),
            (
                "an image",
                " ![a](http://b/c.png)",
                "\\![a](http://b/c.png)",
            ),
            ("no text", " [](http://b.c)", "\\[](<http://b.c>)"),
            (
                "an escaped bracket",
                r" \[a](http://b.c)",
                r"\[a](<http://b.c>)",
            ),
        ]);
    }

    #[test]
    fn links_urls() {
        check(&[
            (
                "bare",
                " See https://a.b/c?d=e#f now",
                "See <https://a.b/c?d=e#f> now",
            ),
            (
                "a sentence's end",
                " http://a.b/c., http://d!",
                "<http://a.b/c>., <http://d>!",
            ),
            (
                "parentheses around",
                " (see http://a.b/c)",
                "(see <http://a.b/c>)",
            ),
            (
                "parentheses within",
                " http://a.b/c_(d)",
                "<http://a.b/c_(d)>",
            ),
            (
                "quotes",
                " \"http://a\" 'http://b'",
                "\"<http://a>\" '<http://b>'",
            ),
            ("wrapped already", " <http://a.b>", "<http://a.b>"),
            ("wrapped with more", " <http://a b>", "\\<<http://a> b>"),
            ("in code", " `http://a.b`", "`http://a.b`"),
            ("a template", " http://{host}/a", "http://{host}/a"),
            (
                "a scheme alone",
                " http:// https://...",
                "http:// https://...",
            ),
            ("after a backslash", r" \http://a", r"\\<http://a>"),
            ("before other letters", " http://a.b語", "<http://a.b>語"),
        ]);
    }

    #[test]
    fn keeps_code_spans() {
        check(&[
            ("a span", " `a<b>[c]\\` d", "`a<b>[c]\\` d"),
            ("longer runs", " ``a`<b>`` `", "``a`<b>`` \\`"),
            ("over two lines", " `a\n <b>`", "\\`a\n\\<b>\\`"),
            ("over two lines of text", " `a\n [b]`", "`a\n[b]`"),
            ("unmatched", " `a\n\n b`", "\\`a\n\nb\\`"),
            ("unmatched runs", " ``a`", "\\`\\`a\\`"),
            ("after a backslash", r" \`a`", r"\`a\`"),
            ("ended by a list", " `a\n - b`", "\\`a\n- b\\`"),
            ("ended by a quote", " `a\n > b`", "\\`a\n\\> b\\`"),
            ("a fence in a line", " ```a```", "```a```"),
        ]);
    }

    #[test]
    fn fences_code_as_text() {
        check(&[
            (
                "a language",
                " ```rust\n a<b>\n ```\n c",
                "```text\na<b>\n```\nc",
            ),
            ("tildes", " ~~~\n ```\n ~~~", "````text\n```\n````"),
            ("unclosed", " ```\n a", "```text\na\n```"),
            (
                "in a list",
                " - a\n   ```\n   b\n     c\n   ```",
                "- a\n  ```text\n  b\n    c\n  ```",
            ),
            (
                "as an item",
                " - ```sh\n   a\n   ```\n - b",
                "- ```text\n  a\n  ```\n- b",
            ),
            (
                "indented",
                " A\n\n       ```\n       b\n       ```",
                "A\n\n```text\nb\n```",
            ),
            (
                "blank lines",
                " ```\n\n a\n\n\n b\n ```",
                "```text\n\na\n\n\nb\n```",
            ),
            ("a longer end", " ```\n a\n `````\n b", "```text\na\n```\nb"),
        ]);
    }

    #[test]
    fn fences_indented_code() {
        check(&[
            (
                "after a blank line",
                " A\n\n     b\n       c\n\n D",
                "A\n\n```text\nb\n  c\n```\n\nD",
            ),
            ("at the start", "     a\n B", "```text\na\n```\nB"),
            ("after a heading", " # A\n     b", "# A\n```text\nb\n```"),
            ("by tabs", " A\n\n \tb", "A\n\n```text\nb\n```"),
            (
                "blank lines",
                " A\n\n     b\n\n\n     c\n",
                "A\n\n```text\nb\n\n\nc\n```",
            ),
            (
                "in a list",
                " - a\n\n       b\n\n - c",
                "- a\n\n  ```text\n  b\n  ```\n\n- c",
            ),
            ("as an item", " -     a", "- a"),
            ("in a quote", " >     a", "\\>     a"),
            ("in a paragraph", " A\n     b", "A\n   b"),
            (
                "backticks",
                " A\n\n     ```x` y",
                "A\n\n````text\n```x` y\n````",
            ),
        ]);
    }

    #[test]
    fn keeps_lists() {
        check(&[
            ("bullets", " - a\n * b\n + c", "- a\n* b\n+ c"),
            ("numbers", " 1. a\n 2. b\n 3) c", "1. a\n2. b\n   3\\) c"),
            (
                "hanging text",
                " *   a\n     b\n\n     c",
                "* a\n  b\n\n  c",
            ),
            ("lazy text", " - a\n b", "- a\n  b"),
            (
                "nested",
                " - a\n   - b\n     c\n - d",
                "- a\n  - b\n    c\n- d",
            ),
            ("nested too deep", " - a\n       - b", "- a\n  - b"),
            ("left", " - a\n\n b", "- a\n\nb"),
            ("after text", " A:\n     - b\n     - c", "A:\n- b\n- c"),
            ("a sentence's end", " In\n 2015. It", "In\n2015\\. It"),
            ("an empty item", " -\n A", "\\-\nA"),
            (
                "two markers",
                " - - a\n - # b\n - > c",
                "- \\- a\n- \\# b\n- \\> c",
            ),
            ("a rule below", " - a\n ---\n b", "- a\n---\nb"),
            ("a rule within", " - a\n   ---", "- a\n  \\---"),
        ]);
    }

    #[test]
    fn keeps_tables() {
        check(&[
            (
                "a table",
                " |a|b|\n |-|:-:|\n |`c`|<d>|",
                "|a|b|\n|-|:-:|\n|`c`|\\<d>|",
            ),
            (
                "below text",
                " A\n b | c\n --|--\n d | e",
                "A\n\nb | c\n--|--\nd | e",
            ),
            (
                "code in cells",
                " a|b\n -|-\n `c|d`\n `e\\|f`",
                "a|b\n-|-\n\\`c|d\\`\n`e\\|f`",
            ),
            (
                "another number of columns",
                " `a|b`\n -|-|-",
                "`a|b`\n\\-|-|-",
            ),
            ("no head", " |-|-|\n a", "\\|-|-|\na"),
        ]);
    }

    #[test]
    fn takes_linear_time() {
        let marks = [
            "`",
            "` ",
            "[",
            "[a](http://",
            "http://{",
            "- a\n",
            "a|b\n",
            "```\n",
            "\n     a",
        ];
        for mark in marks {
            rustdoc(&mark.repeat(30_000));
        }
        let deep: String = (0..500).map(|depth| spaces(depth * 2) + "- a\n").collect();
        let lines = rustdoc(&(deep + &"a\n".repeat(10_000)));
        assert!(lines.iter().all(|line| line.len() < 40));
    }
}
