//! What the README says of options is what the code says.

use std::fmt::Write as _;

use rust_svc_build::Options;

use crate::support::root;

/// The table of the README; the setter is named where it is not called like the key.
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

/// Fails if a part of the README is not what it is made of, or writes it with `UPDATE_README=1`. The first line says
/// where the part begins.
fn holds(start: &str, end: &str, expected: &str) {
    let path = root().join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = readme
        .split_once(start)
        .expect("the README marks where it is");
    let (old, after) = rest.split_once(end).expect("and where it ends");
    if old == expected {
        return;
    }
    let wanted = std::env::var_os("UPDATE_README").is_some();
    assert!(
        wanted,
        "the README is old below {start}: run this test with UPDATE_README=1\n{expected}"
    );
    let readme = format!("{before}{start}{expected}{end}{after}");
    std::fs::write(&path, readme).unwrap();
}

/// One test checks all parts, since it may write the file.
#[test]
fn the_readme_is_current() {
    holds("<!-- options -->\n", "<!-- /options -->", &table());
    let hello = [
        ("proto", "proto/hello/v1/hello.proto"),
        ("rust,no_run", "build.rs"),
        ("rust,no_run", "src/bin/server.rs"),
        ("rust,no_run", "src/bin/client.rs"),
    ];
    for (language, file) in hello {
        let file = format!("examples/hello/{file}");
        let code = std::fs::read_to_string(root().join(&file)).unwrap();
        // The comment on the whole file is for those who read it alone.
        let code = match code.strip_prefix("//!") {
            Some(comment) => comment.split_once("\n\n").expect("code is behind it").1,
            None => &code,
        };
        holds(&format!("<!-- {file} -->\n```{language}\n"), "```\n", code);
    }
}
