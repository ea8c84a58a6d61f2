//! Comments, strings and numbers: what the lexer reads.

use super::{HEAD, HEAD2, Input, each, file, message};

#[rustfmt::skip]
pub(super) const INPUTS: &[Input] = &[
    ("tabs", 2000, |n| file([HEAD, &"\t".repeat(n), "message M {}\n"])),
    ("one line", 1000, |n| {
        file(["syntax = \"proto3\"; package p; message M {", &each(n, "int32 f$i = $n; "), "}\n"])
    }),
    ("comments before one item", 2000, |n| file([HEAD, &each(n, "// $i\n\n"), "message M {}\n"])),
    ("block comments before one item", 2000, |n| file([HEAD, &each(n, "/* $i */\n\n"), "message M {}\n"])),
    ("lines of one comment", 2000, |n| file([HEAD, &each(n, "// $i\n"), "message M {}\n"])),
    ("comments on items", 1000, |n| message(n, "// $i\n\n// a\nint32 f$i = $n; // b\n")),
    ("comments between tokens", 2000, |n| {
        file([HEAD, "message M { int32 f =", &" /* a */\n".repeat(n), "1; }\n"])
    }),
    ("block comments within a block comment", 2000, |n| file([HEAD, &"/* ".repeat(n), "*/"])),
    ("a long comment", 100000, |n| file([HEAD, "// ", &"a".repeat(n), "\nmessage M {}\n"])),
    ("a long block comment", 50000, |n| file([HEAD, "/* ", &"*\n".repeat(n), " */\nmessage M {}\n"])),
    ("a long string", 100000, |n| file([HEAD, "option java_package = \"", &"a".repeat(n), "\";\n"])),
    ("strings in a row", 2000, |n| file([HEAD, "option java_package = ", &"\"\\n\" ".repeat(n), ";\n"])),
    ("a string of escapes", 10000, |n| file([HEAD, "option java_package = \"", &"\\u00fc".repeat(n), "\";\n"])),
    ("a string of wrong escapes", 2000, |n| file([HEAD, "option java_package = \"", &"\\q".repeat(n), "\";\n"])),
    ("a long number", 50000, |n| file([HEAD, "message M { int32 f = ", &"9".repeat(n), "; }\n"])),
    ("a long float", 50000, |n| {
        file([HEAD2, "message M { optional double f = 1 [default = 0.", &"9".repeat(n), "]; }\n"])
    }),
];
