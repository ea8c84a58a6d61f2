//! Messages with placeholders: `there is no user {id}`.

/// A part of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    /// The name of a placeholder.
    Placeholder(String),
}

/// The parts of a message; an error is what is wrong, and the text that it is about.
pub(super) fn parse(message: &str) -> Result<Vec<Piece>, (String, String)> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = message;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        let (brace, behind) = rest[at..].split_at(1);
        if behind.starts_with(brace) {
            text.push_str(brace);
            rest = &behind[1..];
            continue;
        }
        if brace == "}" {
            return Err(wrong("a `}` without a `{`", "}"));
        }
        let Some((name, behind)) = behind.split_once('}') else {
            return Err(wrong("a `{` without a `}`", &rest[at..]));
        };
        if !text.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut text)));
        }
        pieces.push(Piece::Placeholder(name.to_owned()));
        rest = behind;
    }
    text.push_str(rest);
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    Ok(pieces)
}

fn wrong(what: &str, text: &str) -> (String, String) {
    (format!("the message has {what}"), text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(message: &str) -> String {
        match parse(message) {
            Ok(pieces) => pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => format!("[{text}]"),
                    Piece::Placeholder(name) => format!("<{name}>"),
                })
                .collect(),
            Err((problem, text)) => format!("{problem}: {text}"),
        }
    }

    #[test]
    fn parses() {
        for (message, expected) in [
            ("", ""),
            ("plain", "[plain]"),
            ("{id}", "<id>"),
            ("no {a} in {b}.", "[no ]<a>[ in ]<b>[.]"),
            ("{{{a}}}", "[{]<a>[}]"),
            ("{{a}}", "[{a}]"),
            ("é{a}é", "[é]<a>[é]"),
            ("{}", "<>"),
            ("a}b", "the message has a `}` without a `{`: }"),
            ("x {a", "the message has a `{` without a `}`: {a"),
        ] {
            assert_eq!(show(message), expected, "{message}");
        }
    }
}
