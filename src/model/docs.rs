//! Proto comments as rustdoc.
//!
//! A comment was written for people who read the proto, and rustdoc takes it for Markdown: `<T>`
//! is an HTML tag to it, `[x]` a link, an indented table a doctest. So the layout is read leniently
//! and written back so that CommonMark can see nothing else in it: each line stands exactly in the
//! column of its list item, code is always in a `text` fence, and what would begin a block by
//! accident has a backslash.

mod inline;
mod page;

use page::{Line, Page};

use crate::text::printable;

/// The doc lines of a comment without their `///`: a line begins with a space or is empty.
pub(crate) fn rustdoc(comment: &str) -> Vec<String> {
    let text = printable(without_second_star(comment));
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

/// `/** … */` is a comment in other languages, whose second star parsers of protos leave in the text. A list of
/// points, `//* a` and `//* b`, has more than one.
fn without_second_star(comment: &str) -> &str {
    match comment.strip_prefix('*') {
        Some(rest) if rest.starts_with(char::is_whitespace) && !rest.contains("\n*") => rest,
        _ => comment,
    }
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
            ("two stars", "* A\n B\n", "A\nB"),
            ("two stars on their line", "*\n A\n", "A"),
            ("two points", "* A\n* B\n", "* A\n* B"),
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
        let deep: String = (0..500)
            .map(|depth| " ".repeat(depth * 2) + "- a\n")
            .collect();
        let lines = rustdoc(&(deep + &"a\n".repeat(10_000)));
        assert!(lines.iter().all(|line| line.len() < 40));
    }
}
