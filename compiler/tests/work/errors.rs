//! What no parser can read, many times.

use super::{HEAD, Input, file, message};

#[rustfmt::skip]
pub(super) const INPUTS: &[Input] = &[
    ("syntax errors", 1000, |n| message(n, "int32 = $i;\n")),
    ("syntax errors at top level", 1000, |n| file([HEAD, &"oops;\n".repeat(n)])),
    ("syntax errors in one line", 1000, |n| message(n, "int32 = 1; ")),
    ("no ASCII", 2000, |n| file([HEAD, &"\u{fc} ".repeat(n)])),
    ("control characters", 2000, |n| file([HEAD, &"\u{1} ".repeat(n)])),
    ("unclosed strings", 1000, |n| message(n, "\"\n")),
    ("open braces", 1000, |n| file([HEAD, &"message".repeat(n), "{"])),
    ("closing braces", 2000, |n| file([HEAD, &"}".repeat(n)])),
    ("wrong numbers", 1000, |n| message(n, "int32 f$i = 0;\n")),
];
