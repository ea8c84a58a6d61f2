//! A generated file as an outline and its items, where the whole is too long to be read.
//!
//! Generated code is formatted, so an item ends at the first line that is as far to the left as its beginning and ends
//! with `}` or `;`. The outline has every line that belongs to no item, and one line for each item, so that
//! nothing is lost: neither a line nor the order.

use std::collections::{BTreeMap, BTreeSet};

/// The most lines of a snapshot. A part of this length is split again, along the items in it.
pub(super) const MOST_LINES: usize = 300;

/// A snapshot.
pub(super) struct Part {
    /// A path below the folder of the fixture, without `.snap`.
    pub(super) name: String,
    pub(super) text: String,
}

/// The snapshots of a text: itself, or an outline and its items.
pub(super) fn split(name: &str, text: &str) -> Vec<Part> {
    let lines: Vec<_> = text.lines().collect();
    if lines.len() <= MOST_LINES || !name.ends_with(".rs") {
        return vec![Part {
            name: name.to_owned(),
            text: text.to_owned(),
        }];
    }
    let mut parts = split_items(name, &items(&lines, "", type_name));
    parts[0].name = name.to_owned();
    parts
}

/// Attributes, docs and an item, or lines between items, which have no name.
struct Item<'a> {
    name: Option<String>,
    lines: &'a [&'a str],
}

/// The outline of some items, and a part for each that has a name, in a folder called like the outline.
fn split_items(folder: &str, items: &[Item<'_>]) -> Vec<Part> {
    // Names that differ in case would be one file on some systems.
    let mut texts: BTreeMap<String, (String, Vec<&str>)> = BTreeMap::new();
    let mut outline = Vec::new();
    for item in items {
        let Some(name) = &item.name else {
            outline.extend(item.lines.iter().map(|line| (*line).to_owned()));
            continue;
        };
        let (file, lines) = texts
            .entry(name.to_lowercase())
            .or_insert_with(|| (name.clone(), Vec::new()));
        lines.extend_from_slice(item.lines);
        let line = format!("=> {file}.rs");
        if outline.last() != Some(&line) {
            outline.push(line);
        }
    }
    let mut parts = vec![Part {
        name: format!("{folder}/outline"),
        text: outline.join("\n"),
    }];
    for (name, lines) in texts.values() {
        parts.extend(split_part(&format!("{folder}/{name}"), lines));
    }
    parts
}

/// One part. If it is too long: a type without its traits and each `impl` of one, or else what is in the braces.
fn split_part(name: &str, lines: &[&str]) -> Vec<Part> {
    let first = lines
        .iter()
        .find(|line| !is_above_item(line))
        .copied()
        .unwrap_or_default();
    let indent = " ".repeat(first.len() - first.trim_start().len());
    let has_several = |items: &[Item<'_>]| {
        let names: BTreeSet<_> = items
            .iter()
            .filter_map(|item| item.name.as_ref()?.to_lowercase().into())
            .collect();
        names.len() > 1
    };
    let levels = [
        items(lines, &indent, trait_name),
        items(lines, &format!("{indent}    "), type_name),
    ];
    match levels.iter().find(|items| has_several(items)) {
        Some(items) if lines.len() > MOST_LINES => split_items(name, items),
        _ => vec![Part {
            name: format!("{name}.rs"),
            text: lines.join("\n"),
        }],
    }
}

/// Cuts lines to items with this indentation.
fn items<'a>(lines: &'a [&'a str], indent: &str, name: Name) -> Vec<Item<'a>> {
    let mut items = Vec::new();
    let mut start = 0;
    while start < lines.len() {
        let item = item(&lines[start..], indent, name);
        start += item.lines.len();
        items.push(item);
    }
    items
}

/// The item at the beginning of these lines, or one line that is none.
fn item<'a>(lines: &'a [&'a str], indent: &str, name: Name) -> Item<'a> {
    let none = Item {
        name: None,
        lines: &lines[..1],
    };
    let is_here = |line: &str| {
        line.strip_prefix(indent)
            .is_some_and(|rest| !rest.is_empty() && !rest.starts_with([' ', '}', ')']))
    };
    let mut first = 0;
    while lines
        .get(first)
        .is_some_and(|line| line.starts_with(indent) && is_above_item(line))
    {
        first += 1;
    }
    let Some(name) = lines
        .get(first)
        .filter(|line| is_here(line))
        .and_then(|_| name(&lines[first..]))
    else {
        return none;
    };
    let ends = |line: &&str| {
        let rest = line.strip_prefix(indent).unwrap_or_default();
        rest.starts_with(['}', ')']) || (!rest.starts_with(' ') && rest.ends_with([';', '}']))
    };
    match lines[first..].iter().position(ends) {
        Some(last) => {
            let end = first + last + 1;
            // A blank line behind an item is part of it.
            let blank = lines[end..]
                .iter()
                .take_while(|line| line.is_empty())
                .count();
            Item {
                name: Some(name),
                lines: &lines[..end + blank],
            }
        }
        None => none,
    }
}

/// An attribute or a comment: the item is below.
fn is_above_item(line: &str) -> bool {
    let text = line.trim_start();
    text.starts_with("//") || (text.starts_with("#[") && text.ends_with(']'))
}

/// Names the item that begins in the first of some lines.
type Name = fn(&[&str]) -> Option<String>;

/// The name of an item; of an `impl` the type's, so that both are one part.
fn type_name(lines: &[&str]) -> Option<String> {
    let head = head(lines);
    match head.strip_prefix("impl") {
        // The type is behind `for`, or behind the generics.
        Some(rest) => match rest.rsplit_once(" for ") {
            Some((_, name)) => last_segment(name),
            None => last_segment(without_generics(rest)),
        },
        None => keyword_name(&head),
    }
}

/// The name of an item; of the `impl` of a trait the trait's.
fn trait_name(lines: &[&str]) -> Option<String> {
    let head = head(lines);
    match head.strip_prefix("impl") {
        Some(rest) => last_segment(without_generics(rest)),
        None => keyword_name(&head),
    }
}

/// The text before the braces and bounds.
fn head(lines: &[&str]) -> String {
    let text = lines
        .iter()
        .take(20)
        .map(|line| line.trim())
        .collect::<Vec<_>>()
        .join(" ");
    let head = text.split(" {").next().unwrap_or_default();
    head.split(" where ").next().unwrap_or_default().to_owned()
}

/// The text behind the generics of an `impl`.
fn without_generics(text: &str) -> &str {
    let mut depth = 0;
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b'<' => depth += 1,
            b'>' => depth -= 1,
            b' ' if depth == 0 => return &text[index..],
            _ => {}
        }
    }
    text
}

/// The last name of a path, without its generics.
fn last_segment(path: &str) -> Option<String> {
    identifier(
        path.split(['<', ' '])
            .find(|part| !part.is_empty())?
            .rsplit("::")
            .next()?,
    )
}

fn identifier(text: &str) -> Option<String> {
    let text = text.trim_start().trim_start_matches("r#");
    let name: String = text
        .chars()
        .take_while(|&c| c == '_' || c.is_alphanumeric())
        .collect();
    (!name.is_empty()).then_some(name)
}

/// The name behind `struct`, `fn` and the others.
fn keyword_name(head: &str) -> Option<String> {
    let is_qualifier = |word: &&str| word.starts_with("pub") || ["async", "unsafe"].contains(word);
    let words: Vec<_> = head
        .split_whitespace()
        .skip_while(is_qualifier)
        .take(3)
        .collect();
    match words[..] {
        ["const", "fn", name] => identifier(name),
        [
            "struct" | "enum" | "trait" | "mod" | "fn" | "const" | "static" | "type",
            name,
            ..,
        ] => identifier(name),
        _ => None,
    }
}

#[test]
fn a_long_file_is_an_outline_and_its_items() {
    let long = "        a();\n".repeat(MOST_LINES);
    let text = format!(
        "use a;\n\n/// A.\n#[derive(B)]\npub struct A {{\n    b: u8,\n}}\nimpl<T> b::C<T> for A {{\n    fn d() {{}}\n}}\n/// M.\npub mod m {{\n    use a;\n    fn e() {{\n{long}    }}\n    pub(super) struct F;\n}}\n"
    );
    let parts = split("x.rs", &text);
    let names: Vec<_> = parts.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "x.rs",
            "x.rs/A.rs",
            "x.rs/m/outline",
            "x.rs/m/e.rs",
            "x.rs/m/F.rs"
        ]
    );
    assert_eq!(parts[0].text, "use a;\n\n=> A.rs\n=> m.rs");
    assert!(parts[1].text.ends_with("fn d() {}\n}"));
    assert_eq!(
        parts[2].text,
        "/// M.\npub mod m {\n    use a;\n=> e.rs\n=> F.rs\n}"
    );
    assert!(split("x.md", &text).len() == 1 && split("x.rs", "use a;\n").len() == 1);
}
