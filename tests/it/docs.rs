//! Parts of the documentation that repeat the code are equal to it.

use std::fmt::Write as _;

use rust_svc_build::Options;

use crate::support::root;

/// The table of docs/options.md. It names a setter only if its name is not that of the key.
fn table() -> String {
    let mut table = String::from("| option | value | what it does |\n|---|---|---|\n");
    for option in Options::TABLE {
        let setter = match option.setter == option.key {
            true => String::new(),
            false => format!(" (setter `{}`)", option.setter),
        };
        let doc = option.doc.trim().replace('\n', " ").replace('|', "\\|");
        writeln!(
            table,
            "| `{}`{setter} | {} | {doc} |",
            option.key, option.shape
        )
        .unwrap();
    }
    table
}

/// Fails if the part of a page between `start` and `end` differs from `expected`. With `UPDATE_README=1`, writes it.
fn holds(page: &str, (start, end): (&str, &str), expected: &str) {
    let path = root().join(page);
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(start).expect("the page has the start mark");
    let (old, after) = rest.split_once(end).expect("the page has the end mark");
    if old == expected {
        return;
    }
    let wanted = std::env::var_os("UPDATE_README").is_some();
    assert!(
        wanted,
        "{page} is outdated below {start}: run this test with UPDATE_README=1\n{expected}"
    );
    let text = format!("{before}{start}{expected}{end}{after}");
    std::fs::write(&path, text).unwrap();
}

/// One test checks all parts, since it may write the file.
#[test]
fn the_pages_are_current() {
    let options = ("<!-- options -->\n", "<!-- /options -->");
    holds("docs/options.md", options, &table());
    let hello = [
        ("proto", "proto/hello/v1/hello.proto"),
        ("rust,no_run", "build.rs"),
        ("rust,no_run", "src/bin/server.rs"),
        ("rust,no_run", "src/bin/client.rs"),
    ];
    for (language, file) in hello {
        let file = format!("examples/hello/{file}");
        let code = std::fs::read_to_string(root().join(&file)).unwrap();
        // The README leaves out the module documentation.
        let code = match code.strip_prefix("//!") {
            Some(comment) => comment.split_once("\n\n").expect("code is behind it").1,
            None => &code,
        };
        let start = format!("<!-- {file} -->\n```{language}\n");
        holds("README.md", (&start, "```\n"), code);
    }
}
