//! From the grammar that protoc reads to the one that protox reads.
//!
//! Of editions the differences are few: a field has a label only if it is repeated, reserved names are
//! identifiers, symbols can be exported, imports can be for options only; what is left is proto2. In every
//! file protox stumbles over `extensions 4 [..]` and `option (x) = -inf`, and over empty lines in block comments. What is changed stays in its place,
//! and everything else is the user's own text: so protox finds the rest of the mistakes.

use std::ops::Range;

use super::rewrite::{Edits, Rewritten};
use super::tokens::{Kind, Token, tokens};
use crate::input::floats;

/// A file as protox reads it.
pub(super) struct Lowered {
    pub(super) rewritten: Rewritten,
    pub(super) declared: Declared,
    pub(super) problems: Vec<Problem>,
}

/// What the text says that proto2 cannot.
#[derive(Default)]
pub(crate) struct Declared {
    /// The edition, as it is spelt; none of a file in proto2 or proto3.
    pub(crate) edition: Option<String>,
    /// Which of the imports are for options only.
    pub(crate) option_imports: Vec<usize>,
    /// Messages and enums with `export` (true) or `local` (false): by their name in the file, with the names of
    /// what they are nested in.
    pub(crate) visibility: Vec<(String, bool)>,
}

/// What editions do not allow, and where it is in the text.
pub(super) struct Problem {
    pub(super) range: Range<usize>,
    pub(super) message: String,
    pub(super) help: String,
}

/// The same file for protox; none if protox reads it as it is.
pub(super) fn lower(text: &str) -> Option<Lowered> {
    // Most files have nothing of it, and need no second look.
    let words = ["edition", "extensions", "/*", "\\ud", "\\uD"];
    if !words.iter().any(|word| text.contains(word)) && !floats::are_in(text) {
        return None;
    }
    let (tokens, comments) = tokens(text);
    let mut walk = Walk {
        text,
        tokens: &tokens,
        at: 0,
        edits: Edits::default(),
        declared: Declared::default(),
        imports: 0,
        problems: Vec::new(),
    };
    walk.empty_lines(&comments);
    walk.surrogates();
    walk.edition();
    walk.file();
    if walk.edits.is_empty() {
        return None;
    }
    Some(Lowered {
        rewritten: walk.edits.apply(text),
        declared: walk.declared,
        problems: walk.problems,
    })
}

struct Walk<'a> {
    text: &'a str,
    tokens: &'a [Token],
    at: usize,
    edits: Edits,
    declared: Declared,
    imports: usize,
    problems: Vec<Problem>,
}

/// Where fields stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Body {
    Message,
    Extend,
    Oneof,
}

impl<'a> Walk<'a> {
    fn word(&self, ahead: usize) -> &'a str {
        let token = self.tokens.get(self.at + ahead);
        let is_word = token.filter(|token| token.kind == Kind::Word);
        is_word.map_or("", |token| &self.text[token.range.clone()])
    }

    fn is_mark(&self, ahead: usize, mark: char) -> bool {
        let token = self.tokens.get(self.at + ahead);
        token.is_some_and(|token| token.kind == Kind::Mark(mark))
    }

    fn range(&self) -> Range<usize> {
        let token = self.tokens.get(self.at);
        token.map_or(self.text.len()..self.text.len(), |token| {
            token.range.clone()
        })
    }

    /// Empty lines of block comments, which protox skips, get a `*`, which is no part of the comment.
    fn empty_lines(&mut self, comments: &[Range<usize>]) {
        for comment in comments {
            let mut start = comment.start;
            for line in self.text[comment.clone()].split_inclusive('\n') {
                if line.trim().is_empty() && line.ends_with('\n') {
                    let end = start + line.trim_end_matches(['\r', '\n']).len();
                    self.edits.insert(end, "*");
                }
                start += line.len();
            }
        }
    }

    /// `"\ud83c\uddfa"`, one character in two, is `"\U0001f1fa"`.
    fn surrogates(&mut self) {
        let half = |at: usize| {
            let digits = self.text.get(at..at + 6)?.strip_prefix("\\u")?;
            u16::from_str_radix(digits, 16).ok()
        };
        for token in self.tokens.iter().filter(|token| token.kind == Kind::Text) {
            let mut at = token.range.start;
            while at < token.range.end {
                let is_escape = self.text.as_bytes()[at] == b'\\';
                let halves = half(at).zip(half(at + 6)).filter(|_| is_escape);
                let decoded = halves.map(|(high, low)| char::decode_utf16([high, low]).next());
                // Two characters with an escape each are none of this.
                if let Some(Some(Ok(c))) = decoded
                    && u32::from(c) > 0xffff
                {
                    let escape = format!("\\U{:08x}", u32::from(c));
                    self.edits.replace(at, 12, escape);
                    at += 12;
                } else {
                    at += 1 + usize::from(is_escape);
                }
            }
        }
    }

    /// `edition = "2023";` is `syntax = "proto2";`
    fn edition(&mut self) {
        let value = self.tokens.get(2).filter(|token| token.kind == Kind::Text);
        let Some(value) = value.filter(|_| self.word(0) == "edition" && self.is_mark(1, '='))
        else {
            return;
        };
        let quoted = &self.text[value.range.clone()];
        self.declared.edition = Some(quoted.trim_matches(['"', '\'']).to_owned());
        let word = self.range();
        self.edits.replace(word.start, word.len(), "syntax");
        self.edits
            .replace(value.range.start, quoted.len(), "\"proto2\"");
        self.skip_statement();
    }

    fn is_edition(&self) -> bool {
        self.declared.edition.is_some()
    }

    fn is_at_least_2024(&self) -> bool {
        self.is_edition() && self.declared.edition.as_deref() != Some("2023")
    }

    fn needs_2024(&mut self, ahead: usize, what: &str) {
        let token = self.tokens.get(self.at + ahead);
        if let Some(token) = token.filter(|_| !self.is_at_least_2024()) {
            let message = format!("edition 2023 does not have {what}");
            self.problem(
                token.range.clone(),
                &message,
                "begin the file with `edition = \"2024\";`",
            );
        }
    }

    fn file(&mut self) {
        while self.at < self.tokens.len() {
            let before = self.at;
            match self.word(0) {
                "import" => self.import(),
                _ => self.declaration("", None),
            }
            // A brace that nothing has opened ends no statement.
            self.at = self.at.max(before + 1);
        }
    }

    fn import(&mut self) {
        if self.word(1) == "weak" && self.is_at_least_2024() {
            self.at += 1;
            let message = "from edition 2024 on there are no weak imports";
            self.problem(self.range(), message, "leave out `weak`");
        }
        if self.word(1) == "option" && self.is_edition() {
            self.needs_2024(1, "imports for options only");
            self.declared.option_imports.push(self.imports);
            self.at += 1;
            self.blank();
        }
        self.imports += 1;
        self.skip_statement();
    }

    /// Takes a word out.
    fn blank(&mut self) {
        let word = self.range();
        self.edits.replace(word.start, word.len(), "");
    }

    /// A statement of a file or of a message, whose names are these.
    fn declaration(&mut self, scope: &str, body: Option<Body>) {
        if self.is_edition()
            && matches!(self.word(0), "export" | "local")
            && matches!(self.word(1), "message" | "enum")
        {
            self.needs_2024(0, "`export` and `local`");
            let name = format!("{scope}{}", self.word(2));
            self.declared
                .visibility
                .push((name, self.word(0) == "export"));
            self.blank();
            self.at += 1;
        }
        let is_block = self.is_mark(2, '{');
        match self.word(0) {
            // What it extends may begin with a dot.
            "extend" => self.extend(scope),
            // The beginning of a type's name.
            _ if self.is_mark(1, '.') => self.other(body),
            "message" if is_block => {
                let scope = format!("{scope}{}.", self.word(1));
                self.at += 3;
                self.body(&scope, Body::Message);
            }
            "oneof" if is_block => {
                self.at += 3;
                self.body(scope, Body::Oneof);
            }
            "enum" if is_block => {
                self.at += 3;
                self.r#enum();
            }
            "reserved" => self.reserved(),
            "extensions" => self.extensions(),
            "option" => self.skip_statement(),
            "" => self.other(body),
            "message" | "enum" | "oneof" => self.skip_statement(),
            _ => match body {
                Some(body) => self.field(body),
                None => self.skip_statement(),
            },
        }
    }

    /// A type with more than one name, or something that is wrong.
    fn other(&mut self, body: Option<Body>) {
        match body {
            Some(body) if self.is_mark(0, '.') || self.is_mark(1, '.') => self.field(body),
            _ => self.skip_statement(),
        }
    }

    /// Up to the brace that closes it.
    fn body(&mut self, scope: &str, body: Body) {
        while self.at < self.tokens.len() {
            if self.is_mark(0, '}') {
                self.at += 1;
                return;
            }
            self.declaration(scope, Some(body));
        }
    }

    fn extend(&mut self, scope: &str) {
        let rest = &self.tokens[self.at..];
        let open = rest
            .iter()
            .position(|token| matches!(token.kind, Kind::Mark('{' | ';' | '}')));
        match open {
            Some(open) if rest[open].kind == Kind::Mark('{') => {
                self.at += open + 1;
                self.body(scope, Body::Extend);
            }
            _ => self.skip_statement(),
        }
    }

    fn r#enum(&mut self) {
        while self.at < self.tokens.len() && !self.is_mark(0, '}') {
            match self.word(0) {
                "reserved" => self.reserved(),
                _ => self.skip_statement(),
            }
        }
        self.at += 1;
    }

    fn field(&mut self, body: Body) {
        if !self.is_edition() {
            return self.field_of_proto2();
        }
        let range = self.range();
        // A type can be called like a label, but then what follows is the name of the field.
        let is_label = !self.is_mark(1, '.') && !self.is_mark(2, '=');
        let is_group = |ahead: usize| self.word(ahead) == "group" && self.is_mark(ahead + 4, '{');
        match self.word(0) {
            _ if is_group(0) || is_group(1) => self.problem(
                range,
                "in editions there are no groups",
                "declare a message, and a field of it with `[features.message_encoding = DELIMITED]`",
            ),
            "optional" if is_label => self.problem(
                range,
                "in editions fields have no label `optional`",
                "leave it out: a field has presence unless `features.field_presence` says otherwise",
            ),
            "required" if is_label => self.problem(
                range,
                "in editions fields have no label `required`",
                "write `[features.field_presence = LEGACY_REQUIRED]` behind the number",
            ),
            "repeated" => {}
            "map" if self.is_mark(1, '<') => {}
            _ if body == Body::Oneof => {}
            _ => self.edits.insert(range.start, "optional "),
        }
        self.skip_statement();
    }

    /// Nothing is changed, but there may be groups, in which something is.
    fn field_of_proto2(&mut self) {
        let is_group = |ahead: usize| self.word(ahead) == "group" && self.is_mark(ahead + 4, '{');
        match (0..2).find(|&ahead| is_group(ahead)) {
            Some(ahead) => {
                self.at += ahead + 5;
                self.body("", Body::Message);
            }
            None => self.skip_statement(),
        }
    }

    /// `extensions 4 [..]` is `extensions 4 to 4 [..]`.
    fn extensions(&mut self) {
        let mut at = self.at + 1;
        while let Some([before, number, behind]) = self.tokens.get(at - 1..at + 2) {
            let is_alone = self.text[before.range.clone()] != *"to";
            if number.kind == Kind::Number && behind.kind == Kind::Mark('[') && is_alone {
                let digits = &self.text[number.range.clone()];
                self.edits.insert(number.range.end, format!(" to {digits}"));
            }
            if matches!(behind.kind, Kind::Mark('[' | ';')) {
                break;
            }
            at += 1;
        }
        self.skip_statement();
    }

    /// `reserved foo, bar;` is `reserved "foo", "bar";`
    fn reserved(&mut self) {
        self.at += 1;
        while self.at < self.tokens.len() && !self.is_mark(0, ';') && !self.is_mark(0, '}') {
            let range = self.range();
            match self.tokens[self.at].kind {
                _ if !self.is_edition() => {}
                Kind::Word if !matches!(self.word(0), "to" | "max") => {
                    self.edits.insert(range.start, "\"");
                    self.edits.insert(range.end, "\"");
                }
                Kind::Text => self.problem(
                    range,
                    "in editions reserved names are identifiers",
                    "write them without quotes",
                ),
                _ => {}
            }
            self.at += 1;
        }
        self.skip_statement();
    }

    fn problem(&mut self, range: Range<usize>, message: &str, help: &str) {
        self.problems.push(Problem {
            range,
            message: message.to_owned(),
            help: help.to_owned(),
        });
    }

    /// Up to a `;`, or to the end of a block, with whatever is in brackets. A brace that closes more than it
    /// opens is left to who has opened it.
    fn skip_statement(&mut self) {
        let mut depth = 0_usize;
        while let Some(token) = self.tokens.get(self.at) {
            match token.kind {
                Kind::Mark('-') => self.negative(),
                Kind::Mark('{' | '[' | '(') => depth += 1,
                Kind::Mark('}') if depth == 0 => {
                    // At the top there is nobody.
                    return;
                }
                Kind::Mark('}' | ']' | ')') => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 && token.kind == Kind::Mark('}') && !self.is_mark(1, ';') {
                        self.at += 1;
                        return;
                    }
                }
                Kind::Mark(';') if depth == 0 => {
                    self.at += 1;
                    return;
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    /// `= -inf` is a number that is as good, and `= -nan` is `nan`. Defaults protox reads as they are.
    fn negative(&mut self) {
        let before = |back: usize| {
            let token = self.at.checked_sub(back).and_then(|at| self.tokens.get(at));
            token.map_or("", |token| &self.text[token.range.clone()])
        };
        if before(1) != "=" || before(2) == "default" {
            return;
        }
        let minus = self.range();
        let behind = self
            .tokens
            .get(self.at + 1)
            .map(|token| token.range.clone());
        match self.word(1) {
            "inf" => {
                let word = behind.unwrap_or_default();
                self.edits.replace(word.start, word.len(), "1e999");
            }
            "nan" => self.edits.replace(minus.start, minus.len(), ""),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What protox is given of a text.
    fn lowered(text: &str) -> String {
        lower(text).map_or_else(|| text.to_owned(), |lowered| lowered.rewritten.text)
    }

    #[test]
    fn spells_numbers_out() {
        for (text, expected) in [
            ("option (a) = -inf;", "option (a) = -1e999;"),
            ("option (a) =- inf;", "option (a) =- 1e999;"),
            ("option (a) = -nan;", "option (a) = nan;"),
            ("option (a)  =  - nan;", "option (a)  =   nan;"),
            // What protox reads, or linking makes of it.
            ("option (a) = inf;", "option (a) = inf;"),
            (
                "message A { optional float a = 1 [default = -inf]; }",
                "message A { optional float a = 1 [default = -inf]; }",
            ),
        ] {
            assert_eq!(lowered(text), expected);
        }
    }

    #[test]
    fn writes_ranges_out() {
        for (range, expected) in [
            ("4 [a = 1]", "4 to 4 [a = 1]"),
            ("4 to 9 [a = 1]", "4 to 9 [a = 1]"),
            ("4 to 9, 12 [a = 1]", "4 to 9, 12 to 12 [a = 1]"),
            ("4, 12", "4, 12"),
        ] {
            let text = |range: &str| format!("message A {{ extensions {range}; }}");
            assert_eq!(lowered(&text(range)), text(expected));
        }
    }

    #[test]
    fn gives_fields_of_editions_labels() {
        let of_edition = "edition = \"2023\"; message A { int32 a = 1; repeated .B b = 2; map<int32, A> c = 3; oneof d { int32 e = 4; } reserved f, g; message h { optional.I j = 1; } }";
        let of_proto2 = "syntax = \"proto2\"; message A { optional int32 a = 1; repeated .B b = 2; map<int32, A> c = 3; oneof d { int32 e = 4; } reserved \"f\", \"g\"; message h { optional optional.I j = 1; } }";
        assert_eq!(lowered(of_edition), of_proto2);
    }
}
