//! Tokens to a descriptor with positions, names as they are written.
//!
//! The grammar is that of the [language specification](https://protobuf.dev/reference/protobuf/edition-2023-spec/).
//! Where a statement is wrong, it is skipped and the next one is read, so that one run tells of all mistakes.
//! Files, messages, enums and services have a file each here.

use crate::descriptor::File;
use crate::diagnostics::Diagnostic;
use crate::lexer::{Token, TokenKind, tokens};
use crate::positions::{Comment, LocationId, SourceInfo};
use crate::problems::Problems;
use crate::source::Source;
use crate::syntax::{OptionSet, Parsed};
use crate::target::Target;
use crate::work;

mod comments;
mod enums;
mod extensions;
mod fields;
mod files;
mod maps;
mod messages;
mod options;
mod ranges;
mod services;

pub(crate) use maps::entry_name;

/// Messages nest no deeper than this, as in protoc.
pub(crate) const MAX_NESTING: usize = 31;

/// The names of packages are no longer than this, as in protoc.
pub(crate) const MAX_PACKAGE_LENGTH: usize = 511;

/// The error for a longer name, and its help.
pub(crate) const TOO_LONG_PACKAGE: (&str, &str) =
    ("the package name is too long", "at most 511 characters");

/// Parses a text. What is wrong is added to `problems`.
pub(crate) fn parse(name: &str, source: &Source, problems: &mut Problems) -> Parsed {
    let tokens = tokens(source, problems);
    let mut parser = Parser {
        source,
        tokens,
        at: 0,
        info: SourceInfo::new(source.clone()),
        path: Vec::new(),
        upcoming: None,
        upcoming_detached: Vec::new(),
        options: Vec::new(),
        syntax: Syntax::Missing,
        depth: 0,
        is_syntax_told: false,
        problems,
    };
    let mut file = File {
        name: name.to_owned(),
        ..File::default()
    };
    parser.file(&mut file);
    let Parser { info, options, .. } = parser;
    file.source_code_info = Some(info);
    Parsed {
        file,
        source: source.clone(),
        options,
        is_embedded: false,
    }
}

/// A statement is wrong, and this was told. It is skipped.
struct Skip;

type Parse<T = ()> = Result<T, Skip>;

/// The language of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Syntax {
    /// The file does not say: it is proto2.
    Missing,
    Proto2,
    Proto3,
    Edition(i32),
}

struct Parser<'a> {
    source: &'a Source,
    tokens: Vec<Token>,
    /// The index of the current token.
    at: usize,
    info: SourceInfo,
    /// The path of the declaration that is being read.
    path: Vec<i32>,
    /// The comment before the next declaration, and those that are detached from it.
    upcoming: Option<Comment>,
    upcoming_detached: Vec<Comment>,
    options: Vec<OptionSet>,
    syntax: Syntax,
    /// How many messages are open.
    depth: usize,
    /// Whether it was told that the file does not say which language it is in.
    is_syntax_told: bool,
    problems: &'a mut Problems,
}

/// The options of a declaration, once it has some.
type Options = Option<usize>;

impl<'a> Parser<'a> {
    fn token(&self) -> Token {
        self.tokens[self.at]
    }

    /// The token before. Before the first it is an empty one at the beginning of the text.
    fn previous(&self) -> Token {
        const BEGINNING: Token = Token {
            kind: TokenKind::End,
            start: 0,
            end: 0,
        };
        let before = self.at.checked_sub(1);
        before.map_or(BEGINNING, |at| self.tokens[at])
    }

    fn bytes(&self, token: Token) -> &'a [u8] {
        self.source.slice(token.start, token.end)
    }

    /// The text of the current token.
    fn text(&self) -> &'a str {
        let token = self.token();
        self.source.ascii(token.start, token.end)
    }

    fn is(&self, text: &str) -> bool {
        self.bytes(self.token()) == text.as_bytes()
    }

    fn is_kind(&self, kind: TokenKind) -> bool {
        self.token().kind == kind
    }

    fn is_at_end(&self) -> bool {
        self.is_kind(TokenKind::End)
    }

    fn is_edition(&self) -> bool {
        matches!(self.syntax, Syntax::Edition(_))
    }

    fn advance(&mut self) {
        work::count(1);
        if !self.is_at_end() {
            self.at += 1;
        }
    }

    fn take(&mut self, text: &str) -> bool {
        let is_there = self.is(text);
        if is_there {
            self.advance();
        }
        is_there
    }

    fn expect(&mut self, text: &str) -> Parse {
        if self.take(text) {
            Ok(())
        } else {
            self.expected(&format!("`{text}`"))
        }
    }

    fn identifier(&mut self, what: &str) -> Parse<String> {
        if !self.is_kind(TokenKind::Identifier) {
            return self.expected(what);
        }
        let name = self.text().to_owned();
        self.advance();
        Ok(name)
    }

    /// Tells that something else was expected. At the end of the file, the place is the end of the last token.
    fn expected<T>(&mut self, what: &str) -> Parse<T> {
        let token = self.token();
        let is_told = self.bytes(token).first().is_some_and(|byte| *byte >= 0x80);
        if is_told {
            return Err(Skip);
        }
        let found = match token.kind {
            TokenKind::End => "the end of the file".to_owned(),
            _ => format!("`{}`", String::from_utf8_lossy(self.bytes(token))),
        };
        let message = format!("expected {what}, found {found}");
        let (start, end) = match token.kind {
            TokenKind::End => (self.previous().end, self.previous().end),
            _ => (token.start, token.end),
        };
        self.problem(start, end, message, "");
        Err(Skip)
    }

    /// Tells of a mistake at the current token.
    fn wrong(&mut self, message: impl Into<String>, help: &str) {
        let token = self.token();
        self.problem(token.start, token.end, message, help);
    }

    fn problem(&mut self, start: u32, end: u32, message: impl Into<String>, help: &str) {
        let source = self.source;
        self.problems.error(|| {
            let problem = Diagnostic::error(message).with_label(source.place(start, end), "");
            if help.is_empty() {
                problem
            } else {
                problem.with_help(help)
            }
        });
    }

    /// Reads the item at a path below the current one, and records where it stands.
    fn at<T>(&mut self, path: &[i32], read: impl FnOnce(&mut Self, LocationId) -> T) -> T {
        let start = self.token().start;
        self.at_from(start, path, read)
    }

    /// Reads an item that begins before the current token, at a path below the current one.
    fn at_from<T>(
        &mut self,
        start: u32,
        path: &[i32],
        read: impl FnOnce(&mut Self, LocationId) -> T,
    ) -> T {
        let length = self.path.len();
        self.path.extend_from_slice(path);
        let location = self.info.open(&self.path, start);
        let value = read(self, location);
        let end = self.previous().end;
        self.info.close(location, end);
        self.path.truncate(length);
        value
    }

    /// Reads an item at a path that begins at the file.
    fn at_path<T>(
        &mut self,
        path: Vec<i32>,
        start: u32,
        read: impl FnOnce(&mut Self, LocationId) -> T,
    ) -> T {
        let outer = std::mem::replace(&mut self.path, path);
        let value = self.at_from(start, &[], read);
        self.path = outer;
        value
    }

    /// A path below the current one.
    fn path_of(&self, path: &[i32]) -> Vec<i32> {
        [&self.path, path].concat()
    }

    /// Records that a token is at a path below the current one.
    fn mark(&mut self, path: &[i32], token: Token) {
        let path = self.path_of(path);
        self.mark_path(&path, token);
    }

    /// Records that a token is at a path that begins at the file.
    fn mark_path(&mut self, path: &[i32], token: Token) {
        let location = self.info.open(path, token.start);
        self.info.close(location, token.end);
    }

    /// The options of a declaration, whose `options` are at the current path.
    fn options_of(&mut self, options: &mut Options, target: Target) -> usize {
        *options.get_or_insert_with(|| {
            self.options.push(OptionSet {
                path: self.path[..self.path.len() - 1].to_vec(),
                target,
                statements: Vec::new(),
            });
            self.options.len() - 1
        })
    }

    /// Skips to behind the end of the statement.
    fn skip_statement(&mut self) {
        while !self.is_at_end() {
            if self.is_kind(TokenKind::Symbol) {
                if self.take_end(";", None) {
                    return;
                }
                if self.take("{") {
                    return self.skip_block();
                }
                if self.is("}") {
                    return;
                }
            }
            self.advance();
        }
    }

    /// Skips to behind the end of the block, whose brace is behind us.
    fn skip_block(&mut self) {
        let mut open = 1;
        while !self.is_at_end() {
            if self.is("{") {
                open += 1;
            } else if self.is("}") {
                open -= 1;
                if open == 0 {
                    self.take_end("}", None);
                    return;
                }
            }
            self.advance();
        }
    }

    /// Reads the statements of a block with its braces. `location` has the comments of the block.
    fn block(
        &mut self,
        location: LocationId,
        mut statement: impl FnMut(&mut Self) -> Parse,
    ) -> Parse {
        let open = self.token();
        self.expect_end("{", location)?;
        while !self.take_end("}", None) {
            if self.is_at_end() {
                let last = self.previous();
                let source = self.source;
                let place = |token: Token| source.place(token.start, token.end);
                self.problems.error(|| {
                    Diagnostic::error("the block has no end")
                        .with_label(place(last), "the file ends here")
                        .with_label(place(open), "the block begins here")
                        .with_help("close it with `}`")
                });
                return Err(Skip);
            }
            if statement(self).is_err() {
                self.skip_statement();
            }
        }
        Ok(())
    }
}
