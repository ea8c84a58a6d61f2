//! Errors and warnings: what is wrong, where, and how to mend it.

use std::fmt;
use std::sync::Arc;

use crate::work;

/// An error or a warning about proto files or options: a message, labels with places, and help.
///
/// `Display` shows all of it with the lines of the source; [`to_line`](Self::to_line) is one line, as compilers print it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    severity: Severity,
    message: String,
    labels: Vec<Label>,
    help: Option<String>,
}

/// The severity of a [`Diagnostic`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// Code is generated, and something about it may surprise.
    Warning,
}

/// A place in a proto file, with a text about it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Label {
    /// The place.
    pub place: Place,
    /// The text; empty where the place says enough.
    pub text: String,
}

/// A place in a proto file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file: its path on disk where that is known, otherwise its import name.
    pub file: Arc<str>,
    /// Line and column, counted from 1; columns count characters. None for the file as a whole.
    pub position: Option<(u32, u32)>,
    /// How many characters are meant.
    pub length: u32,
    /// The line's text where the source is at hand.
    pub line: Option<String>,
}

impl Place {
    /// A file as a whole.
    pub fn file(file: &str) -> Self {
        Self {
            file: file.into(),
            position: None,
            length: 0,
            line: None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some((line, column)) => write!(f, "{}:{line}:{column}", self.file),
            None => f.write_str(&self.file),
        }
    }
}

impl Diagnostic {
    /// An error without a place yet.
    pub fn error(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            message: message.into(),
            labels: Vec::new(),
            help: None,
        }
    }

    /// A warning without a place yet.
    pub fn warning(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(message)
        }
    }

    /// Adds a label. The first one is where the mistake is, the others explain it.
    #[must_use]
    pub fn with_label(mut self, place: Place, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            place,
            text: text.into(),
        });
        self
    }

    /// Sets the help: how to mend it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Whether it is an error, which stops the run, or a warning.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// The text of the error, without place and help.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The places in proto files: the first one is where the mistake is, the others explain it.
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// How to mend it, if there is something to say.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// The place of the mistake, if that is in a proto file: that of the first label.
    pub fn place(&self) -> Option<&Place> {
        self.labels.first().map(|label| &label.place)
    }

    /// `file:line:column: message (fix)` in one line.
    pub fn to_line(&self) -> String {
        let mut line = String::new();
        if let Some(place) = self.place() {
            line = format!("{place}: ");
        }
        line += &self.message;
        for label in self.labels.iter().skip(1) {
            line += &format!("; {} at {}", label.text, label.place);
        }
        if let Some(help) = &self.help {
            line += &format!(" ({help})");
        }
        line
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        writeln!(f, "{severity}: {}", self.message)?;
        for label in &self.labels {
            fmt_label(f, label)?;
        }
        if let Some(help) = &self.help {
            writeln!(f, "  = help: {help}")?;
        }
        Ok(())
    }
}

fn fmt_label(f: &mut fmt::Formatter<'_>, Label { place, text }: &Label) -> fmt::Result {
    writeln!(f, " --> {place}")?;
    let (Some((number, column)), Some(line)) = (place.position, &place.line) else {
        return Ok(());
    };
    let gutter = " ".repeat(number.to_string().len());
    // Tabs stay tabs in the indent, so that the carets stand below what they point at.
    let indent: String = line
        .chars()
        .take(column as usize - 1)
        .map(|c| if c == '\t' { '\t' } else { ' ' })
        .collect();
    let carets = "^".repeat(place.length.max(1) as usize);
    writeln!(f, "{gutter} |")?;
    writeln!(f, "{number} | {line}")?;
    writeln!(
        f,
        "{}",
        format!("{gutter} | {indent}{carets} {text}").trim_end()
    )
}

/// Comparing names takes the product of their lengths.
const LONGEST_COMPARED: usize = 100;

/// The name among `known` that a misspelt one most likely meant.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if wrong.len() > LONGEST_COMPARED {
        return None;
    }
    known
        .into_iter()
        .filter(|name| name.len() <= 2 * LONGEST_COMPARED)
        .map(|name| (edit_distance(wrong, name), name))
        .min()
        .filter(|&(distance, name)| distance <= name.len().max(wrong.len()) / 2)
        .map(|(_, name)| name)
}

/// A help that suggests the nearest name, or else another one.
pub(crate) fn did_you_mean<'a>(
    wrong: &str,
    known: impl IntoIterator<Item = &'a str>,
    otherwise: &str,
) -> String {
    match nearest(wrong, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => otherwise.to_owned(),
    }
}

/// How many characters have to be put in, taken out or changed to make one name of another.
pub fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    work::count(a.len() * b.len());
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &to) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_at_the_source() {
        let place = Place {
            file: "a.proto".into(),
            position: Some((12, 3)),
            length: 4,
            line: Some("\t\tBlub x = 1;".into()),
        };
        let diagnostic = Diagnostic::error("unknown type 'Blub'")
            .with_label(place, "found here")
            .with_help("import the file that declares it");
        assert_eq!(
            diagnostic.to_string(),
            "error: unknown type 'Blub'\n --> a.proto:12:3\n   |\n12 | \t\tBlub x = 1;\n   | \t\t^^^^ found here\n  = help: import the file that declares it\n"
        );
        assert_eq!(diagnostic.help(), Some("import the file that declares it"));
        assert_eq!(diagnostic.labels()[0].text, "found here");
        assert_eq!(
            diagnostic.to_line(),
            "a.proto:12:3: unknown type 'Blub' (import the file that declares it)"
        );
    }

    #[test]
    fn finds_the_nearest_name() {
        assert_eq!(
            nearest("extern_pth", ["bytes", "extern_path"]),
            Some("extern_path")
        );
        assert_eq!(nearest("qqqq", ["bytes", "extern_path"]), None);
    }
}
