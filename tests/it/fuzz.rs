//! Texts and descriptors that are nearly right: told what is wrong with them, or generated from; never a panic.
//!
//! A few hundred mutations by default, from a fixed seed; `RUST_SVC_FUZZ_SECONDS` goes on for longer, from
//! another seed each time, which is told.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rust_svc_build::{Input, Options};

use crate::support::{fixtures, folders, read_folder, root};

/// Pseudorandom numbers: xorshift64*.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

/// What is put into texts: the words on which parsers depend.
const WORDS: [&str; 40] = [
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
fn mutate(text: &str, random: &mut Random) -> String {
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
        let path: PathBuf = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
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
    let seconds = std::env::var("RUST_SVC_FUZZ_SECONDS").ok();
    let seconds = seconds.and_then(|seconds| seconds.parse().ok());
    let seed = match seconds {
        Some(_) => std::process::id().into(),
        None => 7,
    };
    eprintln!("seed {seed}");
    let mut random = Random(seed | 1);
    let corpus = corpus();
    let start = Instant::now();
    let mut tried = 0;
    while match seconds {
        Some(seconds) => start.elapsed() < Duration::from_secs(seconds),
        None => tried < 600,
    } {
        let mut tree = corpus[random.below(corpus.len())].clone();
        let file = random.below(tree.len());
        tree[file].1 = mutate(&tree[file].1, &mut random);
        let before = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| try_tree(&tree)));
        assert!(
            outcome.is_ok(),
            "seed {seed}, {}:\n{}",
            tree[file].0,
            tree[file].1
        );
        let took = before.elapsed();
        assert!(
            took < Duration::from_secs(20),
            "{took:?}:\n{}",
            tree[file].1
        );
        tried += 1;
    }
    eprintln!("{tried} texts");
}
