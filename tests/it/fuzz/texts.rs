//! Texts that are nearly right: told what is wrong with them, or generated from; never a panic.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use rust_svc_build::{Input, Options};

use super::Tries;
use super::random::Random;
use crate::support::{fixtures, folders, read_folder, root, write};

/// What is put into texts: the words on which parsers depend.
pub(super) const WORDS: [&str; 40] = [
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "<",
    ">",
    "=",
    ";",
    ",",
    ".",
    "-",
    "\"",
    "'",
    "\\",
    "/*",
    "*/",
    "//",
    "\n",
    "\0",
    "ü",
    "edition",
    "syntax",
    "option",
    "features.",
    "extensions",
    "reserved",
    "extend",
    "oneof",
    "group",
    "map<",
    "repeated",
    "message",
    "enum",
    "18446744073709551616",
    "-inf",
    "nan",
    "to max",
    "import option",
];

/// A text with a few changes: bytes that are gone, words that are there twice or elsewhere.
pub(super) fn mutate(text: &str, random: &mut Random) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=random.below(4) {
        let at = random.below(chars.len() + 1);
        let end = (at + random.below(12)).min(chars.len());
        match random.below(4) {
            0 => {
                chars.drain(at..end);
            }
            1 => {
                let again = chars[at..end].to_vec();
                let to = random.below(chars.len() + 1);
                chars.splice(to..to, again);
            }
            2 => {
                let word = WORDS[random.below(WORDS.len())].chars();
                chars.splice(at..at, word);
            }
            _ => {
                let word: Vec<char> = WORDS[random.below(WORDS.len())].chars().collect();
                chars.splice(at..end, word);
            }
        }
    }
    chars.into_iter().collect()
}

/// The protos of fixtures, right ones and wrong ones: a name and the text of each.
fn corpus() -> Vec<Vec<(String, String)>> {
    let rejects = folders(&root().join("fixtures/rejects"));
    let all = fixtures().into_iter().chain(rejects);
    all.map(|fixture| read_folder(&fixture.folder).into_iter().collect())
        .collect()
}

/// Reads a tree and generates from it.
fn try_tree(tree: &[(String, String)]) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in tree {
        write(folder.path(), name, text);
    }
    if let Ok(input) = Input::from_protos(&[folder.path()], &[folder.path()]) {
        let generated = rust_svc_build::generate(&input, &Options::default());
        for (path, text) in generated
            .iter()
            .flat_map(|generated| generated.files.iter())
        {
            if path.ends_with(".rs") && !path.ends_with("-descriptor-set.rs") {
                syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
            }
        }
    }
}

#[test]
fn no_text_is_a_panic() {
    let corpus = corpus();
    let mut done = 0;
    for seed in Tries::new(600) {
        done += 1;
        let mut random = Random::new(seed);
        let mut tree = random.one(&corpus).clone();
        let file = random.below(tree.len());
        tree[file].1 = mutate(&tree[file].1, &mut random);
        let before = std::time::Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| try_tree(&tree)));
        let (name, text) = &tree[file];
        assert!(outcome.is_ok(), "seed {seed}, {name}:\n{text}");
        let took = before.elapsed();
        assert!(took < Duration::from_secs(20), "{took:?}:\n{text}");
    }
    eprintln!("{done} texts");
}
