//! Options as text: the parameter of a plugin, and `--opt` of the command.

use super::Options;
use crate::diagnostics::{Diagnostic, Error};

impl Options {
    /// Reads the parameter of a plugin: `key=value` pairs, joined by commas.
    ///
    /// The first `=` ends the key; a key alone is `key=true`. A comma inside a value is written
    /// `\,` and a backslash `\\`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, not only the first pair.
    pub fn parse(parameter: &str) -> Result<Self, Error> {
        Self::from_pieces([split(parameter)])
    }

    /// Reads several parameters, as a command gets them: [`parse`](Self::parse) of all of them.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn parse_pairs(parameters: &[impl AsRef<str>]) -> Result<Self, Error> {
        let parameters = parameters.iter();
        Self::from_pieces(parameters.map(|parameter| split(parameter.as_ref())))
    }

    /// Reads parameters that were split at their commas.
    fn from_pieces(parameters: impl IntoIterator<Item = Vec<String>>) -> Result<Self, Error> {
        let mut options = Self::default();
        let mut problems = Vec::new();
        for pieces in parameters {
            let mut rest = pieces.as_slice();
            while let [piece, behind @ ..] = rest {
                rest = behind;
                let Err(error) = options.set_pair(piece) else {
                    continue;
                };
                match cut_at_comma(piece, behind) {
                    Some((problem, taken)) => {
                        problems.push(problem);
                        rest = &behind[taken..];
                    }
                    None => problems.extend_from_slice(error.diagnostics()),
                }
            }
        }
        if problems.is_empty() {
            Ok(options)
        } else {
            Err(Error::new(problems))
        }
    }

    fn set_pair(&mut self, pair: &str) -> Result<(), Error> {
        if pair.trim().is_empty() {
            return Ok(());
        }
        let (key, value) = pair.split_once('=').unwrap_or((pair, "true"));
        self.set(key.trim(), value)
    }

    /// The parameter that [`parse`](Self::parse) reads these options from.
    pub fn show(&self) -> String {
        let pairs: Vec<_> = self
            .pairs()
            .into_iter()
            .map(|(key, value)| format!("{key}={}", escape(&value)))
            .collect();
        pairs.join(",")
    }
}

/// Splits at commas, and takes the backslashes away.
fn split(parameter: &str) -> Vec<String> {
    let mut pairs = vec![String::new()];
    let mut chars = parameter.chars().peekable();
    while let Some(c) = chars.next() {
        let last = pairs.last_mut().expect("starts with one");
        match c {
            // A backslash before anything else is one: `C:\x` needs no care.
            '\\' => last.push(
                chars
                    .next_if(|&next| next == ',' || next == '\\')
                    .unwrap_or('\\'),
            ),
            ',' => pairs.push(String::new()),
            _ => last.push(c),
        }
    }
    pairs
}

/// The value as [`split`] reads it back.
fn escape(value: &str) -> String {
    value.replace('\\', r"\\").replace(',', r"\,")
}

/// Whether a piece that is no option is the beginning of one whose comma was not escaped: what to say then, and
/// how many of the pieces behind it belong to it.
fn cut_at_comma(piece: &str, behind: &[String]) -> Option<(Diagnostic, usize)> {
    let (key, _) = piece.split_once('=')?;
    let mut whole = piece.to_owned();
    let taken = behind.iter().position(|more| {
        whole = format!("{whole},{more}");
        Options::default().set_pair(&whole).is_ok()
    })?;
    let (_, value) = whole.split_once('=')?;
    let message = format!("option `{whole}`: a comma ends a value, unless it is written `\\,`");
    let help = format!("write `{key}={}`", escape(value));
    Some((Diagnostic::error(message).with_help(help), taken + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_protoc_and_buf_pass_on() {
        let options = Options::parse(
            r"client=false,arc_self,type_attribute=.=#[derive(A\, B)],extern_path=.a.B=::x::Y",
        )
        .unwrap();
        assert!(!options.client && options.arc_self);
        assert_eq!(
            options.type_attribute.0,
            [(".".to_owned(), "#[derive(A, B)]".to_owned())]
        );
        assert_eq!(
            options.extern_path.0,
            [(".a.B".to_owned(), "::x::Y".to_owned())]
        );
    }

    #[test]
    fn says_all_that_is_wrong_at_once() {
        let error =
            Options::parse("clinet=true,server=maybe,type_attribute=.=derive(A)").unwrap_err();
        let messages: Vec<_> = error
            .diagnostics()
            .iter()
            .map(Diagnostic::to_line)
            .collect();
        assert_eq!(
            messages,
            [
                "unknown option `clinet` (did you mean `client`?)",
                "option `server=maybe`: expected `true` or `false`",
                "option `type_attribute=.=derive(A)`: `derive(A)` is not an attribute such as `#[derive(Eq)]`",
            ]
        );
    }

    #[test]
    fn says_how_a_comma_is_written() {
        let parameter =
            r"type_attribute=.=#[derive(A, B\, C)],client=false,extern_path=.a=x::Y<A,B>,b";
        let error = Options::parse(parameter).unwrap_err();
        let lines: Vec<_> = error
            .diagnostics()
            .iter()
            .map(Diagnostic::to_line)
            .collect();
        assert_eq!(
            lines,
            [
                r"option `type_attribute=.=#[derive(A, B, C)]`: a comma ends a value, unless it is written `\,` (write `type_attribute=.=#[derive(A\, B\, C)]`)",
                r"option `extern_path=.a=x::Y<A,B>`: a comma ends a value, unless it is written `\,` (write `extern_path=.a=x::Y<A\,B>`)",
                r"unknown option `b` (docs/options.md lists the options, and so does `protoc-gen-rust-svc --help`; a comma inside a value is written `\,`)",
            ]
        );
    }
}
