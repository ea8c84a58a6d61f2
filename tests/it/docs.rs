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

#[test]
fn the_option_table_is_current() {
    let path = root().join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (start, end) = ("<!-- options -->\n", "<!-- /options -->");
    let (before, rest) = readme
        .split_once(start)
        .expect("the README marks where the table is");
    let (old, after) = rest.split_once(end).expect("and where it ends");
    if old != table() {
        if std::env::var_os("UPDATE_README").is_some() {
            let readme = format!("{before}{start}{}{end}{after}", table());
            std::fs::write(&path, readme).unwrap();
            return;
        }
        panic!(
            "the option table of the README is old: run this test with UPDATE_README=1\n{}",
            table()
        );
    }
}
