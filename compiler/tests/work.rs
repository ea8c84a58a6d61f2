//! Compiling takes work in proportion to its input, and a stack that does not depend on it.
//!
//! Work is what the compiler counts in its inner loops, in builds with debug assertions, so that no clock
//! has a say. `--nocapture` prints a table.
#![cfg(debug_assertions)]

use std::collections::{BTreeSet, HashMap};
use std::thread;

use rust_svc_compiler::descriptor::FileSet;
use rust_svc_compiler::wire::Codec as _;
use rust_svc_compiler::{Diagnostic, Resolver, Source, compile, work};

#[path = "work/inputs.rs"]
mod inputs;

use inputs::{Files, INPUTS, NESTED};

/// Main threads have at least eight times as much, and threads of tests twice.
const STACK: usize = 1 << 20;

/// How much more work twice the input may be. Sorting takes a bit more than twice, and what each file sees of public
/// imports of public imports; what is quadratic takes four times.
const RATIO: f64 = 2.5;

struct Texts(HashMap<String, String>);

impl Resolver for Texts {
    fn open(&mut self, name: &str) -> Result<Option<Source>, Diagnostic> {
        let text = self.0.get(name);
        Ok(text.map(|text| Source::new(name, text.as_str())))
    }
}

/// The work of compiling, and of writing what comes out; and what is wrong with the input.
fn run(files: Files) -> (u64, Vec<String>) {
    let listed: BTreeSet<String> = files.iter().map(|(name, _)| name.clone()).collect();
    let mut texts = Texts(files.into_iter().collect());
    let before = work::done();
    let errors = match compile(&listed, &mut texts, &|_| None) {
        Ok(compiled) => {
            let set = FileSet {
                file: compiled.files,
            };
            set.encode_to_vec();
            Vec::new()
        }
        Err(errors) => errors.iter().map(Diagnostic::to_line).collect(),
    };
    (work::done() - before, errors)
}

/// On a thread of its own, so that its stack is known.
fn run_apart(files: Files) -> (u64, Vec<String>) {
    let thread = thread::Builder::new().stack_size(STACK);
    thread.spawn(move || run(files)).unwrap().join().unwrap()
}

#[test]
fn grows_with_the_input() {
    let mut steep = Vec::new();
    // What is read once in a process is read before.
    run_apart(INPUTS[0].1(1));
    for &(name, make, size) in INPUTS {
        let (one, _) = run_apart(make(size));
        let (two, _) = run_apart(make(2 * size));
        let ratio = two as f64 / one as f64;
        println!("{name:45} {size:7} {one:12} {two:12} {ratio:5.2}");
        if ratio > RATIO {
            steep.push(format!("{name}: {ratio:.2}"));
        }
    }
    assert!(steep.is_empty(), "{steep:#?}");
}

#[test]
fn refuses_what_nests() {
    for &(name, make, expected) in NESTED {
        let (_, errors) = run_apart(make(50_000));
        assert!(
            errors.iter().any(|error| error.contains(expected)),
            "{name}: {:?}",
            errors.first().map(|error| error.get(..200))
        );
    }
}
