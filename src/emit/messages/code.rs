//! Text with indents.

use std::fmt::{Arguments, Write as _};

// The names of the prelude by their paths: a module may have others of these names, by a glob or a macro.
pub(super) const SOME: &str = "::core::option::Option::Some";
pub(super) const NONE: &str = "::core::option::Option::None";
pub(super) const OK: &str = "::core::result::Result::Ok";
pub(super) const ERR: &str = "::core::result::Result::Err";
pub(super) const DEFAULT: &str = "::core::default::Default::default()";
pub(super) const INTO: &str = "::core::convert::Into::into";

/// Rust source that is being written.
#[derive(Default)]
pub(super) struct CodeWriter {
    text: String,
    depth: usize,
}

/// Writes one line, at the current depth.
macro_rules! line {
    ($code:expr, $($arguments:tt)*) => {
        $code.line(format_args!($($arguments)*))
    };
}
pub(super) use line;

impl CodeWriter {
    pub(super) fn line(&mut self, line: Arguments<'_>) {
        for _ in 0..self.depth {
            self.text.push_str("    ");
        }
        writeln!(self.text, "{line}").expect("a String takes everything");
    }

    /// An empty line, but at the beginning of something.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("{\n") {
            self.text.push('\n');
        }
    }

    /// Something in braces after its head.
    pub(super) fn block(&mut self, head: impl AsRef<str>, body: impl FnOnce(&mut Self)) {
        self.block_with(head, "}", body);
    }

    /// Something in braces after its head, with `end` for the last line.
    pub(super) fn block_with(
        &mut self,
        head: impl AsRef<str>,
        end: &str,
        body: impl FnOnce(&mut Self),
    ) {
        line!(self, "{} {{", head.as_ref());
        self.depth += 1;
        body(self);
        self.depth -= 1;
        line!(self, "{end}");
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }
}

/// A pattern of numbers: clippy wants `1..=3` for `1 | 2 | 3`.
pub(super) fn numbers(numbers: impl IntoIterator<Item = i32>) -> String {
    let mut numbers: Vec<_> = numbers.into_iter().collect();
    numbers.sort_unstable();
    let runs = numbers.chunk_by(|before, after| before.checked_add(1) == Some(*after));
    let runs = runs.flat_map(|run| match run {
        [first, _, .., last] => vec![format!("{first}..={last}")],
        _ => run.iter().map(i32::to_string).collect(),
    });
    runs.collect::<Vec<_>>().join(" | ")
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn joins_runs() {
        assert_eq!(numbers([5, 1, 2, 3, 8, 9]), "1..=3 | 5 | 8 | 9");
        assert_eq!(
            numbers([i32::MAX, i32::MIN, -1]),
            "-2147483648 | -1 | 2147483647"
        );
    }
}
