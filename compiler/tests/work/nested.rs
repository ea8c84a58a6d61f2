//! Inputs that nest, or that are long where others nest.

use super::options::options;
use super::{Files, HEAD, HEAD2, file};

/// A name, a part of what is told, and the files of a depth.
pub(crate) type Nested = (&'static str, &'static str, fn(usize) -> Files);

/// Each is refused, with this in a message.
#[rustfmt::skip]
pub(crate) const NESTED: &[Nested] = &[
    ("messages", "levels deep", |n| file([HEAD, &"message M {".repeat(n), &"}".repeat(n)])),
    ("open messages", "levels deep", |n| file([HEAD, &"message M {".repeat(n)])),
    ("groups", "levels deep", |n| {
        file([HEAD2, "message M {", &"optional group G = 1 {".repeat(n), &"}".repeat(n), "}"])
    }),
    ("groups in oneofs", "levels deep", |n| {
        file([HEAD2, "message M {", &"oneof o { group G = 1 {".repeat(n), &"}}".repeat(n), "}"])
    }),
    ("oneofs", "", |n| file([HEAD, "message M {", &"oneof o {".repeat(n), &"}".repeat(n), "}"])),
    ("extends", "levels deep", |n| {
        file([HEAD2, &"extend M { optional group G = 1 {".repeat(n), &"}}".repeat(n)])
    }),
    ("aggregates", "levels deep", |n| options(&["option (a) = { ", &"a {".repeat(n), &"}".repeat(n), " };\n"])),
    ("aggregates with points", "levels deep", |n| {
        options(&["option (a) = { ", &"a: <".repeat(n), &">".repeat(n), " };\n"])
    }),
    ("lists", "", |n| options(&["option (a) = { n: ", &"[".repeat(n), &"]".repeat(n), " };\n"])),
    ("lists of messages", "levels deep", |n| {
        options(&["option (a) = { ", &"r: [{".repeat(n), &"}]".repeat(n), " };\n"])
    }),
    ("brackets of names", "", |n| options(&["option (a) = { ", &"[".repeat(n), &"]".repeat(n), ": 1 };\n"])),
    ("unknown fields", "", |n| options(&["option (a) = { ", &"unknown {".repeat(n), &"}".repeat(n), " };\n"])),
    ("parentheses", "", |n| options(&["option ", &"(".repeat(n), "a", &")".repeat(n), " = 1;\n"])),
    ("braces that do not close", "", |n| options(&["option (a) = ", &"{".repeat(n)])),
    ("map types", "", |n| {
        file([HEAD, "message M { ", &"map<string, ".repeat(n), "int32", &">".repeat(n), " f = 1; }"])
    }),
    ("enums", "", |n| file([HEAD, &"enum E {".repeat(n), &"}".repeat(n)])),
    ("services", "", |n| file([HEAD, &"service S { rpc R".repeat(n), &"}".repeat(n)])),
];
