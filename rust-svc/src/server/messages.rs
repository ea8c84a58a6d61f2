//! Boundaries of messages in a body.

use std::collections::VecDeque;

use prost::bytes::Bytes;

use crate::codec::FRAME_HEADER;

/// Buffer that releases the bytes of complete messages of a body. An incomplete message waits: an error may follow.
pub(super) struct Messages {
    held: VecDeque<Bytes>,
    /// Number of held pieces that are released.
    free: usize,
    /// Header that arrives in pieces, as far as it was read.
    header: [u8; FRAME_HEADER],
    header_bytes: usize,
    /// Number of missing bytes of the message whose header was read.
    left: usize,
    longest: usize,
    /// Whether a message was too long, which tonic refuses at its header.
    is_refused: bool,
}

impl Messages {
    pub(super) fn new(longest: usize) -> Self {
        Self {
            held: VecDeque::new(),
            free: 0,
            header: [0; FRAME_HEADER],
            header_bytes: 0,
            left: 0,
            longest,
            is_refused: false,
        }
    }

    /// Adds bytes, and returns the next released piece.
    pub(super) fn add(&mut self, data: Bytes) -> Option<Bytes> {
        let end = self.last_end(&data);
        if self.held.is_empty() && end == data.len() {
            return Some(data);
        }
        if end > 0 {
            self.held.push_back(data.slice(..end));
            self.release();
        }
        if end < data.len() {
            self.held.push_back(data.slice(end..));
        }
        self.next()
    }

    /// Next released piece.
    pub(super) fn next(&mut self) -> Option<Bytes> {
        self.free = self.free.checked_sub(1)?;
        self.held.pop_front()
    }

    /// Whether the buffer is empty.
    pub(super) fn is_whole(&self) -> bool {
        self.held.is_empty()
    }

    /// Releases all pieces.
    pub(super) fn release(&mut self) {
        self.free = self.held.len();
    }

    /// Drops all pieces.
    pub(super) fn forget(&mut self) {
        self.held.clear();
        self.free = 0;
    }

    /// The end of the last whole message in these bytes.
    fn last_end(&mut self, data: &[u8]) -> usize {
        let (mut end, mut rest, mut left) = (0, data, self.left);
        while !self.is_refused {
            let Some(behind) = rest.get(left..) else {
                self.left = left - rest.len();
                return end;
            };
            rest = behind;
            let header = match rest.split_first_chunk() {
                Some((header, behind)) if self.header_bytes == 0 => {
                    end = data.len() - behind.len() - FRAME_HEADER;
                    rest = behind;
                    *header
                }
                _ => {
                    if self.header_bytes == 0 {
                        end = data.len() - rest.len();
                    }
                    match self.piece_of_header(&mut rest) {
                        Some(header) => header,
                        None => {
                            self.left = 0;
                            return end;
                        }
                    }
                }
            };
            let [_, length @ ..] = header;
            left = u32::from_be_bytes(length) as usize;
            self.is_refused = left > self.longest;
        }
        data.len()
    }

    /// Reads the next piece of a header, and returns the header once it is whole.
    fn piece_of_header(&mut self, rest: &mut &[u8]) -> Option<[u8; FRAME_HEADER]> {
        let missing = &mut self.header[self.header_bytes..];
        let (piece, behind) = rest.split_at(missing.len().min(rest.len()));
        missing[..piece.len()].copy_from_slice(piece);
        self.header_bytes += piece.len();
        *rest = behind;
        (self.header_bytes == FRAME_HEADER).then(|| {
            self.header_bytes = 0;
            self.header
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three messages, of 1, 0 and 300 bytes.
    fn body() -> Vec<u8> {
        let header = |length: u32| [&[0_u8][..], &length.to_be_bytes()].concat();
        let messages =
            [1, 0, 300].map(|length| [header(length), vec![7; length as usize]].concat());
        messages.concat()
    }

    #[test]
    fn only_whole_messages_go_on() {
        let body = body();
        let ends = [0, 6, 11, body.len()];
        for size in 1..=body.len() {
            let mut messages = Messages::new(300);
            let (mut fed, mut passed) = (0, Vec::new());
            for chunk in body.chunks(size) {
                fed += chunk.len();
                let mut next = messages.add(Bytes::copy_from_slice(chunk));
                while let Some(data) = next {
                    passed.extend(data);
                    next = messages.next();
                }
                let whole = ends.iter().rev().find(|end| **end <= fed).unwrap();
                assert_eq!(passed, body[..*whole], "{size} {fed}");
                assert_eq!(messages.is_whole(), *whole == fed);
            }
        }
    }

    #[test]
    fn what_is_too_long_goes_on_as_it_comes() {
        let body = body();
        for size in 1..=body.len() {
            let mut messages = Messages::new(299);
            let mut passed = 0;
            for chunk in body.chunks(size) {
                let mut next = messages.add(Bytes::copy_from_slice(chunk));
                while let Some(data) = next {
                    passed += data.len();
                    next = messages.next();
                }
            }
            assert_eq!(passed, body.len(), "{size}");
        }
    }

    #[test]
    fn what_waits_is_released_or_forgotten() {
        let half = || Bytes::copy_from_slice(&body()[..9]);
        let mut messages = Messages::new(300);
        assert_eq!(messages.add(half()).unwrap().len(), 6);
        assert_eq!(messages.next(), None);
        messages.release();
        assert_eq!(messages.next().unwrap().len(), 3);
        assert_eq!(messages.next(), None);
        let mut messages = Messages::new(300);
        assert!(messages.add(half()).is_some());
        messages.forget();
        assert!(messages.is_whole() && messages.next().is_none());
    }
}
