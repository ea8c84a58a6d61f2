//! Many files, and what they import.

use super::{Files, HEAD, HEAD2, Input, each, file};

/// A file for each number, with a text for each.
fn files(n: usize, text: impl Fn(usize) -> String) -> Files {
    let file = |i| (format!("f{i}.proto"), format!("{HEAD}{}", text(i)));
    (0..n).map(file).collect()
}

/// Files with a message each, and one behind them.
fn messages_and(n: usize, last: &[&str]) -> Files {
    let mut files = files(n, message);
    files.push(("z.proto".to_owned(), last.concat()));
    files
}

fn message(i: usize) -> String {
    format!("message F{i} {{}}\n")
}

fn import(i: usize) -> String {
    format!("import \"f{i}.proto\";\n")
}

fn public(i: usize) -> String {
    format!("import public \"f{i}.proto\";\n")
}

/// A message whose fields have the types of all files.
fn message_of_all(n: usize) -> String {
    ["message Z {\n", &each(n, "F$i f$i = $n;\n"), "}\n"].concat()
}

#[rustfmt::skip]
pub(super) const INPUTS: &[Input] = &[
    ("missing imports", 2000, |n| file([HEAD, &each(n, "import \"m/x$i.proto\";\n")])),
    ("importers of what is missing", 300, |n| files(n, |_| "import \"missing.proto\";\n".to_owned())),
    ("unknown types and missing imports", 300, |n| {
        file([HEAD, &each(n, "import \"m$i/x.proto\";\nmessage M$i { q$i.X f = 1; }\n")])
    }),
    ("public imports of the two before", 15, |n| {
        files(n, |i| (i.saturating_sub(2)..i).map(public).collect::<String>() + &message(i))
    }),
    ("chain of imports", 300, |n| {
        files(n, |i| i.checked_sub(1).map(import).unwrap_or_default() + &message(i))
    }),
    ("importers of a hundred", 100, |n| {
        let mut files = files(n, message);
        let all: String = (0..100).map(import).collect();
        files.extend((0..n).map(|i| (format!("g{i}.proto"), format!("{HEAD}{all}message G{i} {{ F0 a = 1; }}\n"))));
        files
    }),
    ("one package in files", 300, |n| files(n, |_| "message Same {}\n".to_owned())),
    ("files of one package", 300, |n| files(n, |i| format!("message F{i} {{ F{i} f = 1; }}\n"))),
    ("a public import of all", 500, |n| {
        let mut files = messages_and(n, &[HEAD, "import \"all.proto\";\n", &message_of_all(n)]);
        files.push(("all.proto".to_owned(), [HEAD, &each(n, "import public \"f$i.proto\";\n")].concat()));
        files
    }),
    ("public imports of a file", 300, |n| messages_and(n, &[HEAD, &each(n, "import public \"f$i.proto\";\n")])),
    ("unused imports", 300, |n| messages_and(n, &[HEAD, &each(n, "import \"f$i.proto\";\n")])),
    ("weak imports", 300, |n| messages_and(n, &[HEAD2, &each(n, "import weak \"f$i.proto\";\n")])),
    ("types of imports", 300, |n| {
        messages_and(n, &[HEAD, &each(n, "import \"f$i.proto\";\n"), &message_of_all(n)])
    }),
    ("types that are not imported", 300, |n| messages_and(n, &[HEAD, &message_of_all(n)])),
    ("doubled imports", 1000, |n| {
        let mut files = file([HEAD]);
        files.push(("z.proto".to_owned(), [HEAD, &each(n, "import \"a.proto\";\n")].concat()));
        files
    }),
    ("cycles", 300, |n| {
        files(n, |i| (0..i).rev().take(3).map(import).collect::<String>() + &import((i + 1) % n))
    }),
];
