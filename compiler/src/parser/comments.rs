//! The ends of declarations, and the comments around them.
//!
//! The rule is that of [`SourceCodeInfo.Location`](https://github.com/protocolbuffers/protobuf/blob/main/src/google/protobuf/descriptor.proto):
//! a comment right behind a declaration trails it, a comment right before one leads it, others are detached.

use super::{Parse, Parser};
use crate::lexer::{TokenKind, is_space};
use crate::positions::{Comment, Comments, LocationId};
use crate::work;

impl Parser<'_> {
    /// Takes what ends a declaration, or opens its block, with the comments behind it. They go to the
    /// location, together with those that stand before it.
    pub(super) fn take_end(&mut self, text: &str, location: Option<LocationId>) -> bool {
        if !self.is(text) {
            return false;
        }
        let behind = self.advance_with_comments();
        let leading = std::mem::replace(&mut self.upcoming, behind.leading);
        match location {
            Some(location) => {
                let detached = std::mem::replace(&mut self.upcoming_detached, behind.detached);
                let comments = Comments {
                    leading,
                    trailing: behind.trailing,
                    detached,
                };
                self.info.set_comments(location, comments);
            }
            // Comments at the end of a scope belong to nothing behind it.
            None if text == "}" => self.upcoming_detached = behind.detached,
            None => self.upcoming_detached.extend(behind.detached),
        }
        true
    }

    pub(super) fn expect_end(&mut self, text: &str, location: LocationId) -> Parse {
        if self.take_end(text, Some(location)) {
            Ok(())
        } else {
            self.expected(&format!("`{text}`"))
        }
    }

    /// The comments before the first token.
    pub(super) fn comments_of_beginning(&mut self) {
        let end = self.token().start;
        let start = if self.source.bytes().starts_with(&[0xef]) {
            3
        } else {
            0
        };
        let comments = self.comments_between(start.min(end), end, true);
        self.upcoming = comments.leading;
        self.upcoming_detached = comments.detached;
    }

    fn advance_with_comments(&mut self) -> Comments {
        let start = self.token().end;
        self.advance();
        let end = self.token().start;
        self.comments_between(start, end, false)
    }

    /// The comments between two tokens. `is_first` says that there is no token before.
    fn comments_between(&self, start: u32, end: u32, is_first: bool) -> Comments {
        work::count((end - start) as usize);
        let gap = self.source.slice(start, end);
        if !gap.contains(&b'/') {
            return Comments::default();
        }
        let next = self.token();
        let is_scope_end =
            next.kind == TokenKind::End || matches!(self.bytes(next), b"}" | b"]" | b")");
        Gap::new(gap, start).read(is_first, is_scope_end, next.kind == TokenKind::End)
    }
}

/// Reads the comments of a gap.
struct Gap<'a> {
    bytes: &'a [u8],
    /// The offset of the gap in the text.
    offset: u32,
    at: usize,
    comments: Comments,
    /// A comment that is read, and not yet known to belong to anything.
    pending: Option<Comment>,
    /// Whether the next comment can still trail what is before the gap.
    can_trail: bool,
    count: usize,
}

impl<'a> Gap<'a> {
    fn new(bytes: &'a [u8], offset: u32) -> Self {
        Self {
            bytes,
            offset,
            at: 0,
            comments: Comments::default(),
            pending: None,
            can_trail: true,
            count: 0,
        }
    }

    fn read(mut self, is_first: bool, is_scope_end: bool, is_end: bool) -> Comments {
        // Where a comment that begins on the line of the token before ends.
        let mut trailing_end = None;
        if is_first {
            self.can_trail = false;
        } else {
            self.skip_space();
            if self.is_line_comment() {
                self.line_comment();
                self.flush();
            } else if self.is_block_comment() {
                self.block_comment();
                trailing_end = Some(self.at);
                self.skip_space();
                self.flush();
            } else if !self.take_newline() {
                return self.comments;
            }
        }
        loop {
            self.skip_space();
            if self.is_line_comment() {
                self.line_comment();
            } else if self.is_block_comment() {
                self.block_comment();
                self.skip_space();
                self.take_newline();
            } else if self.take_newline() {
                self.flush();
                self.can_trail = false;
            } else {
                break;
            }
        }
        if is_scope_end {
            self.flush();
        }
        let is_one_line = |from: usize| !self.bytes[from..].contains(&b'\n');
        let is_same_line = !is_first && is_one_line(0) || trailing_end.is_some_and(is_one_line);
        if !is_end && is_same_line {
            self.detach_the_only_one();
        }
        self.comments.leading = self.pending;
        self.comments
    }

    fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at.min(self.bytes.len())..]
    }

    fn skip_space(&mut self) {
        let space = self.rest().iter().take_while(|byte| is_space(**byte));
        self.at += space.count();
    }

    fn take_newline(&mut self) -> bool {
        let is_newline = self.rest().first() == Some(&b'\n');
        self.at += usize::from(is_newline);
        is_newline
    }

    fn is_line_comment(&self) -> bool {
        self.rest().starts_with(b"//")
    }

    fn is_block_comment(&self) -> bool {
        self.rest().starts_with(b"/*")
    }

    /// Adds a line to the line comment before it, or begins a new one.
    fn line_comment(&mut self) {
        let newline = self.rest().iter().position(|byte| *byte == b'\n');
        let length = newline.map_or(self.rest().len(), |newline| newline + 1);
        let start = self.offset + self.at as u32;
        self.at += length;
        let end = self.offset + self.at as u32;
        match &mut self.pending {
            Some(Comment::Line { end: last, .. }) => *last = end,
            _ => {
                self.flush();
                self.pending = Some(Comment::Line { start, end });
            }
        }
    }

    fn block_comment(&mut self) {
        self.flush();
        let inner = &self.rest()[2..];
        let end = inner.windows(2).position(|two| two == b"*/");
        let (length, marks) = end.map_or((inner.len(), 2), |end| (end, 4));
        let start = self.offset + self.at as u32 + 2;
        self.pending = Some(Comment::Block {
            start,
            end: start + length as u32,
        });
        self.at += length + marks;
    }

    /// The pending comment does not lead the next token.
    fn flush(&mut self) {
        let Some(comment) = self.pending.take() else {
            return;
        };
        if self.can_trail {
            self.comments.trailing = Some(comment);
            self.can_trail = false;
        } else {
            self.comments.detached.push(comment);
        }
        self.count += 1;
    }

    /// One comment between two tokens of a line could belong to either.
    fn detach_the_only_one(&mut self) {
        if self.count + usize::from(self.pending.is_some()) != 1 {
            return;
        }
        if let Some(trailing) = self.comments.trailing.take() {
            self.comments.detached.insert(0, trailing);
        }
        self.flush();
    }
}
