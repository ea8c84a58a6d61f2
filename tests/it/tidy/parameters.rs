//! At most four parameters for a function, so that a call is read without the declaration beside it.
//!
//! `self` does not count. Functions that macros make are not seen.

use std::collections::HashMap;

use syn::visit::{self, Visit};

use super::{Finding, Rule, Source, check, finding};

const MOST: usize = 4;

#[test]
fn a_function_has_at_most_four_parameters() {
    check(&Rule {
        find: long_lists,
        mend: "give what belongs together a type with a name of the domain",
        exceptions: &[],
    });
}

fn long_lists(source: &Source) -> Vec<Finding> {
    // Texts that are included need not be files of Rust.
    let Ok(file) = syn::parse_file(&source.text) else {
        return Vec::new();
    };
    let mut signatures = Signatures::default();
    signatures.visit_file(&file);
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut findings = Vec::new();
    for (name, count) in &signatures.0 {
        let earlier = seen.entry(name).or_default();
        if *count > MOST {
            let what = format!("`{name}` has {count} parameters");
            findings.push(finding(line_of(source, name, *earlier), what));
        }
        *earlier += 1;
    }
    findings
}

/// The index of the line that declares a function of this name, behind some earlier functions of the same name.
fn line_of(source: &Source, name: &str, earlier: usize) -> usize {
    let declares = |line: &str| {
        let behind = line.split_once(&format!("fn {name}"));
        behind.is_some_and(|(_, behind)| behind.starts_with(['(', '<']))
    };
    let lines = source.text.lines().enumerate();
    let mut lines = lines.filter(|(_, line)| declares(line));
    lines.nth(earlier).map_or(0, |(index, _)| index)
}

/// The name of each function with the number of its parameters, in the order of the text.
#[derive(Default)]
struct Signatures(Vec<(String, usize)>);

impl<'ast> Visit<'ast> for Signatures {
    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        let parameters = signature.inputs.iter();
        let typed = parameters.filter(|parameter| matches!(parameter, syn::FnArg::Typed(_)));
        self.0.push((signature.ident.to_string(), typed.count()));
        visit::visit_signature(self, signature);
    }
}

/// Functions of a module, an `impl` and a trait, and one in another.
#[test]
fn long_lists_are_found() {
    let source = Source {
        path: "a.rs".to_owned(),
        text: "fn a(b: u8, c: u8, d: u8, e: u8) {}\n\
               impl A {\n    fn a(\n        &self,\n        b: u8, c: u8, d: u8, e: u8, f: u8,\n    ) {}\n}\n\
               trait B { fn g<'a>(b: &'a u8, c: u8, d: u8, e: u8, f: u8); }\n\
               fn outer() {\n    fn inner(self_: u8, b: u8, c: u8, d: u8, e: u8, f: u8) {}\n}\n"
            .to_owned(),
    };
    let found: Vec<_> = long_lists(&source)
        .into_iter()
        .map(|found| (found.line, found.what))
        .collect();
    let expected = [(3, "a", 5), (8, "g", 5), (10, "inner", 6)]
        .map(|(line, name, count)| (line, format!("`{name}` has {count} parameters")));
    assert_eq!(found, expected);
}
