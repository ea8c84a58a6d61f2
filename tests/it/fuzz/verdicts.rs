//! protoc is asked of each text: what it takes we take, to the same bytes, and what it refuses we refuse.
//!
//! Texts are made from the files in `negatives/`. No other corpus is kept: a finding becomes a section of one of those
//! files, which each run tests, and which later runs change further.

use super::Tries;
use super::random::Random;
use super::texts::{WORDS, mutate};
use crate::negatives::{Written, all_sections};

/// How many texts one process of [`Written::taken_by_protoc`] is given.
const BATCH: usize = 250;

/// Tokens beside those of [`WORDS`], so that some of what they make is right.
const TOKENS: [&str; 40] = [
    "optional",
    "required",
    "int32",
    "string",
    "bytes",
    "M",
    "E",
    ".p.M",
    "a",
    "b",
    "c_d",
    "0",
    "1",
    "2",
    "0x3",
    "017",
    "1.5",
    "1e3",
    "\"x\"",
    "'y'",
    "a = 1;",
    "int32 f = 7;",
    "A = 0;",
    "returns",
    "rpc",
    "stream",
    "service",
    "package",
    "default",
    "deprecated",
    "true",
    "packed",
    "json_name",
    "allow_alias",
    "(o)",
    "max",
    "local",
    "export",
    "weak",
    "public",
];

/// What stands before and behind a soup of tokens.
const FRAMES: [(&str, &str); 8] = [
    ("", ""),
    ("message M {", "}"),
    ("message M { optional int32 a = 1 [", "]; }"),
    ("enum E {", "}"),
    ("service S {", "}"),
    ("message M { oneof o {", "} }"),
    ("message M { extensions 5 to 9; } extend M {", "}"),
    ("option", ";"),
];

const SYNTAXES: [&str; 4] = [
    "syntax = \"proto2\";",
    "syntax = \"proto3\";",
    "edition = \"2023\";",
    "edition = \"2024\";",
];

/// Tokens in any order, in one of the [`FRAMES`].
fn soup(random: &mut Random) -> String {
    let (before, behind) = *random.one(&FRAMES);
    let mut words = vec![*random.one(&SYNTAXES), "package p;", before];
    for _ in 0..=random.below(10) {
        words.push(match random.below(3) {
            0 => *random.one(&WORDS),
            _ => *random.one(&TOKENS),
        });
    }
    words.push(behind);
    words.join(" ")
}

/// The words, signs and spaces of a text.
fn tokens(text: &str) -> Vec<&str> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let (token, behind) = rest.split_at(word.max(first.len_utf8() * usize::from(word == 0)));
        tokens.push(token);
        rest = behind;
    }
    tokens
}

/// A text with one or two tokens that are others, twice, gone or elsewhere: some of these are right.
fn edit(text: &str, random: &mut Random) -> String {
    let mut all = tokens(text);
    for _ in 0..=random.below(2) {
        if all.is_empty() {
            break;
        }
        let (at, from) = (random.below(all.len()), random.below(all.len()));
        match random.below(5) {
            0 => drop(all.remove(at)),
            1 => all.insert(at, all[from]),
            2 => all.swap(at, from),
            3 => all[at] = all[from],
            _ => all[at] = *random.one(&TOKENS),
        }
    }
    all.concat()
}

/// Texts whose verdict is known.
struct Known {
    all: Vec<(String, String)>,
    accepted: Vec<(String, String)>,
}

/// A text that differs a little from a known one, or a soup of tokens.
fn text(known: &Known, seed: u64) -> String {
    let mut random = Random::new(seed);
    match random.below(8) {
        0 => soup(&mut random),
        1 => mutate(&random.one(&known.all).1, &mut random),
        2 => edit(&random.one(&known.all).1, &mut random),
        _ => edit(&random.one(&known.accepted).1, &mut random),
    }
}

#[test]
fn protoc_takes_the_same() {
    let known = Known {
        all: all_sections(|_| true),
        accepted: all_sections(|name| name.starts_with("accepted")),
    };
    let (mut tries, mut done, mut taken_by_both) = (Tries::new(1000), 0, 0);
    let mut wrong = Vec::new();
    loop {
        let seeds: Vec<u64> = tries.by_ref().take(BATCH).collect();
        if seeds.is_empty() {
            break;
        }
        let texts = seeds.iter();
        let texts: Vec<_> = texts
            .map(|seed| (seed.to_string(), text(&known, *seed)))
            .collect();
        let written = Written::new(&texts);
        let Some(taken) = written.taken_by_protoc("protoc_takes_the_same") else {
            return;
        };
        for (seed, text) in &texts {
            let is_taken = taken.contains(seed);
            let difference = written.difference(seed, is_taken);
            taken_by_both += usize::from(is_taken && difference.is_none());
            wrong.extend(difference.map(|found| format!("seed {seed}: {found}\n{text}\n")));
        }
        done += seeds.len();
    }
    eprintln!("{done} texts, of which protoc and we take {taken_by_both}");
    assert!(
        taken_by_both >= done / 50,
        "hardly a text is right: {taken_by_both} of {done}"
    );
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
