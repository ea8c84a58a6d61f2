//! The rules of CONTRIBUTING.md for the text of this repository, held by a test.
//!
//! Each rule reports `file:line`, what it found, and how to mend it. An exception is a row with a reason, and a row that
//! nothing needs any more fails as well. Generated code is skipped: snapshots are no `.rs` files, and [`GENERATED`] lists
//! the folders of the rest.
//!
//! Lines are read as rustfmt leaves them, so a function ends at the first `}` with the indentation of its `fn`. Spans
//! from `syn` would need a feature of proc-macro2 that keeps every parsed text for as long as a thread lives, and the
//! fuzz tests of this binary parse many.

use std::path::Path;

use crate::support::root;

mod imports;
mod parameters;

/// Folders with generated code that is checked in.
const GENERATED: [&str; 1] = ["examples/user-service-buf/src/gen/"];

/// A Rust file of the repository.
struct Source {
    /// Relative to the repository.
    path: String,
    text: String,
}

/// A place that breaks a rule.
struct Finding {
    /// Counts from 1.
    line: usize,
    what: String,
}

struct Rule {
    find: fn(&Source) -> Vec<Finding>,
    mend: &'static str,
    /// The beginning of `path: what`, and the reason.
    exceptions: &'static [(&'static str, &'static str)],
}

#[test]
fn every_file_says_what_it_is() {
    check(&Rule {
        find: |source| match source.text.starts_with("//!") {
            true => Vec::new(),
            false => vec![finding(0, "no module doc".to_owned())],
        },
        mend: "begin the file with `//!` and a sentence that says what it holds",
        exceptions: &[
            ("examples/hello/build.rs", "the README shows the whole file"),
            (
                "templates/",
                "`include!` refuses inner docs; a comment says what the file holds",
            ),
            (
                "tests/compile_fail/cases/",
                "a comment says which mistake it is: the file is what a user would write",
            ),
            ("tests/compile_fail/passes/", "as the cases beside them"),
            (
                "tests/runtime/tests/it/same_as_tonic/user.rs",
                "`include!` refuses inner docs; the first item has one",
            ),
        ],
    });
}

#[test]
fn no_file_is_longer_than_500_lines() {
    check(&Rule {
        find: |source| match source.text.lines().count() {
            ..=500 => Vec::new(),
            count => vec![finding(500, format!("{count} lines"))],
        },
        mend: "move one idea of the file to a file of its own",
        exceptions: &[],
    });
}

#[test]
fn no_function_is_longer_than_70_lines() {
    check(&Rule {
        find: |source| {
            let functions = functions(&source.text).into_iter();
            let long = functions.filter(|function| function.lines > 70);
            long.map(|function| {
                finding(
                    function.first,
                    format!("`{}` has {} lines", function.name, function.lines),
                )
            })
            .collect()
        },
        mend: "give a part of the function a name",
        exceptions: &[],
    });
}

#[test]
fn every_allow_has_a_reason() {
    check(&Rule {
        find: allows_without_reason,
        mend: "add `reason = \"…\"`, or a comment directly above the attribute or behind it",
        exceptions: &[],
    });
}

#[test]
fn comments_begin_with_what_they_are_about() {
    check(&Rule {
        find: riddles,
        mend: "begin with the noun: \"Errors of one rpc\" in place of \"Those of one rpc\"",
        exceptions: &[],
    });
}

/// Fails with every place that breaks the rule, and with every exception that is not needed.
fn check(rule: &Rule) {
    let mut problems = Vec::new();
    let mut used = vec![false; rule.exceptions.len()];
    for source in sources() {
        for found in (rule.find)(&source) {
            let subject = format!("{}: {}", source.path, found.what);
            match rule
                .exceptions
                .iter()
                .position(|(start, _)| subject.starts_with(start))
            {
                Some(exception) => used[exception] = true,
                None => problems.push(format!("{}:{}: {}", source.path, found.line, found.what)),
            }
        }
    }
    for ((start, _), used) in rule.exceptions.iter().zip(used) {
        if !used {
            problems.push(format!("nothing needs the exception `{start}`: remove it"));
        }
    }
    assert!(
        problems.is_empty(),
        "\n{}\n= help: {}",
        problems.join("\n"),
        rule.mend
    );
}

/// Every Rust file of the repository that a person wrote.
fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    visit(&root(), "", &mut sources);
    assert!(
        sources.len() > 100,
        "the repository has more files than {}",
        sources.len()
    );
    sources
}

fn visit(folder: &Path, prefix: &str, sources: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let relative = format!("{prefix}{name}");
        let is_folder = path.is_dir();
        if is_folder && !name.starts_with('.') && name != "target" && name != "node_modules" {
            visit(&path, &format!("{relative}/"), sources);
        }
        let is_generated = GENERATED.iter().any(|folder| relative.starts_with(folder));
        if !is_folder && name.ends_with(".rs") && !is_generated {
            let text = std::fs::read_to_string(&path).expect("a text");
            sources.push(Source {
                path: relative,
                text,
            });
        }
    }
}

/// A finding in the line with this index.
fn finding(index: usize, what: String) -> Finding {
    Finding {
        line: index + 1,
        what,
    }
}

struct Function {
    name: String,
    /// The index of the line with `fn`.
    first: usize,
    lines: usize,
}

/// The functions of a text, those of macros and of other functions among them.
fn functions(text: &str) -> Vec<Function> {
    let lines: Vec<_> = text.lines().collect();
    let starts = lines.iter().enumerate();
    let of_line = |(first, line): (usize, &&str)| {
        let name = function_name(line)?;
        let end = format!("{}}}", &line[..line.len() - line.trim_start().len()]);
        let last = lines[first..]
            .iter()
            .position(|line| line.starts_with(&end))?;
        Some(Function {
            name,
            first,
            lines: last + 1,
        })
    };
    starts.filter_map(of_line).collect()
}

/// The name of the function that begins in this line.
fn function_name(line: &str) -> Option<String> {
    let (before, after) = line.split_once("fn ")?;
    let qualifiers = before.split_whitespace();
    let is_qualifier = |word: &str| {
        word.starts_with("pub")
            || [
                "const", "async", "unsafe", "extern", "\"C\"", "super)", "crate)",
            ]
            .contains(&word)
    };
    let name: String = after
        .chars()
        .take_while(|&c| c == '_' || c == '$' || c.is_alphanumeric())
        .collect();
    (qualifiers.into_iter().all(is_qualifier) && !name.is_empty() && !line.ends_with(';'))
        .then_some(name)
}

fn allows_without_reason(source: &Source) -> Vec<Finding> {
    let lines: Vec<_> = source.text.lines().collect();
    let mut findings = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let attribute = line
            .trim_start()
            .trim_start_matches("#![")
            .trim_start_matches("#[");
        let is_attribute = attribute.len() < line.trim_start().len();
        if !is_attribute || !(attribute.contains("allow(") || attribute.contains("expect(")) {
            continue;
        }
        let end = lines[index..]
            .iter()
            .position(|line| line.contains(']'))
            .unwrap_or(0);
        let whole = lines[index..=index + end].join("\n");
        let is_comment_above = index > 0 && lines[index - 1].trim_start().starts_with("// ");
        if !whole.contains("reason = ") && !whole.contains("] // ") && !is_comment_above {
            findings.push(finding(index, format!("`{}` has no reason", line.trim())));
        }
    }
    findings
}

/// Words that point at something the reader has not seen yet.
const RIDDLES: [&str; 9] = [
    "Of",
    "The same",
    "What that",
    "None",
    "Nor",
    "Whoever",
    "Whose",
    "Those",
    "That",
];

/// Comments whose first words only those understand who know what comes.
fn riddles(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut is_behind_comment = false;
    for (index, line) in source.text.lines().enumerate() {
        let comment = line.trim_start().strip_prefix("//");
        let opening = comment.filter(|_| !is_behind_comment);
        is_behind_comment = comment.is_some();
        let Some(text) = opening.map(|text| text.trim_start_matches(['/', '!']).trim_start())
        else {
            continue;
        };
        let is_word = |word: &&&str| {
            let rest = text.strip_prefix(**word);
            rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
        };
        if let Some(word) = RIDDLES.iter().find(is_word) {
            findings.push(finding(
                index,
                format!("a comment opens with \"{word}\": {text}"),
            ));
        }
    }
    findings
}

/// A rule that finds nothing would hold for ever.
#[test]
fn the_rules_find_what_they_look_for() {
    let source = |text: &str| Source {
        path: "a.rs".to_owned(),
        text: text.to_owned(),
    };
    let bare = source("#[allow(dead_code)]\nfn a() {}\n\n#[expect(\n    x,\n)]\nfn b() {}\n");
    let lines: Vec<_> = allows_without_reason(&bare)
        .iter()
        .map(|found| found.line)
        .collect();
    assert_eq!(lines, [1, 4]);
    let reasoned = source(
        "// Why.\n#[allow(x)]\n#[allow(y)] // Why.\n#[cfg_attr(z, allow(z, reason = \"why\"))]\n#[expect(\n    w,\n    reason = \"why\",\n)]\n",
    );
    assert!(allows_without_reason(&reasoned).is_empty());

    let text = "impl A {\n    pub(crate) const fn one() {\n        fn two() {\n        }\n    }\n    fn three();\n}\n";
    let found: Vec<_> = functions(text)
        .into_iter()
        .map(|f| (f.name, f.first, f.lines))
        .collect();
    assert_eq!(found, [("one".to_owned(), 1, 4), ("two".to_owned(), 2, 2)]);

    let opened =
        source("/// Of it.\n/// None here.\nfn a() {}\n// Often.\nfn b() {}\n//! The same: x.\n");
    let lines: Vec<_> = riddles(&opened).iter().map(|found| found.line).collect();
    assert_eq!(lines, [1, 6]);
}
