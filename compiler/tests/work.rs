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

use inputs::{Files, NESTED, inputs};

/// The stack of a compile, in bytes. Main threads have at least eight times as much, and threads of tests twice.
const STACK: usize = 1 << 20;

/// How many times the work may grow when the input doubles. Sorting takes a bit more than twice, and so does what each file
/// sees of public imports of public imports; quadratic work takes four times.
const RATIO: f64 = 2.5;

struct Texts(HashMap<String, String>);

impl Resolver for Texts {
    fn open(&mut self, name: &str) -> Result<Option<Source>, Diagnostic> {
        let text = self.0.get(name);
        Ok(text.map(|text| Source::new(name, text.as_str())))
    }
}

/// Compiles, and encodes what comes out: the work of both, and what is wrong with the input.
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

/// [`run`] on a thread of its own, so that its stack is known.
fn run_apart(files: Files) -> (u64, Vec<String>) {
    let thread = thread::Builder::new().stack_size(STACK);
    thread.spawn(move || run(files)).unwrap().join().unwrap()
}

#[test]
fn grows_with_the_input() {
    let mut steep = Vec::new();
    // The first compile of a process also reads the protos that the compiler carries.
    let &(_, _, any) = inputs().next().unwrap();
    run_apart(any(1));
    for &(name, size, make) in inputs() {
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
    for &(name, expected, make) in NESTED {
        let (_, errors) = run_apart(make(50_000));
        assert!(
            errors.iter().any(|error| error.contains(expected)),
            "{name}: {:?}",
            errors.first().map(|error| error.get(..200))
        );
    }
}
