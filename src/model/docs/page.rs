//! Blocks: lists, code, tables, headings and paragraphs, line by line.

use super::inline::{inline, run};

#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) indent: usize,
    pub(super) text: &'a str,
}

impl<'a> Line<'a> {
    pub(super) fn new(line: &'a str) -> Self {
        let line = line.trim_end();
        let text = line.trim_start_matches(' ');
        let indent = line.len() - text.len();
        Self { indent, text }
    }
}

/// The doc lines, as far as they are written.
#[derive(Default)]
pub(super) struct Page<'a> {
    done: Vec<String>,
    /// The open list items, outermost first.
    items: Vec<Item>,
    above: Above,
    /// The lines of a paragraph that are not in `done` yet: a code span may close on a later one.
    paragraph: Vec<ParagraphLine>,
    /// Where the paragraph's first line stood in the comment.
    paragraph_indent: usize,
    code: Option<CodeBlock<'a>>,
}

/// The block that the line above belongs to, if the next line may continue it.
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

struct CodeBlock<'a> {
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
    pub(super) fn line(&mut self, line: Line<'a>) {
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
        let marker = Marker::parse(line.text).filter(|marker| self.may_begin_item(marker, depth));
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

    pub(super) fn finish(mut self) -> Vec<String> {
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
        let lead = if self.items.is_empty() {
            spaces(hang)
        } else {
            spaces(self.column())
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

/// CodeBlock: always in a fence with the info string `text`, as rustdoc compiles any other for a test.
impl<'a> Page<'a> {
    fn is_indented_code(&self, line: Line, depth: usize) -> bool {
        let outer = depth
            .checked_sub(1)
            .map_or(0, |last| self.items[last].indent);
        self.above == Above::Nothing && line.indent >= outer + 4
    }

    fn begin_code(&mut self, lead: String, fence: Option<(u8, usize)>, indent: usize) {
        self.code = Some(CodeBlock {
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

    fn fenced(&mut self, code: &CodeBlock) {
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
    fn parse(line: &'a str) -> Option<Self> {
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
fn spaces(count: usize) -> String {
    " ".repeat(count)
}
