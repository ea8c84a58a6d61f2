//! Each of `cases/` has to fail with the error beside it, and each of `passes/` to compile.
//!
//! To accept what the compiler says now: `TRYBUILD=overwrite cargo test -p compile-fail-tests`.

use std::io::Write as _;
use std::process::Command;

/// The compiler that the expected errors are of: another one may word them differently.
const RUSTC: &str = "rustc 1.95.";

#[test]
fn mistakes_are_errors_that_one_understands() {
    let cases = trybuild::TestCases::new();
    cases.pass("passes/*.rs");
    let version = Command::new("rustc").arg("--version").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    if version.starts_with(RUSTC) {
        cases.compile_fail("cases/*.rs");
    } else {
        // Not `eprintln!`, which nobody sees of a test that passes.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED the cases that fail: their errors are those of {RUSTC}x, this is {version}"
        );
    }
}
