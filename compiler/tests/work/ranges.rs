//! Ranges of numbers: what is reserved, and extensions.

use super::{HEAD, HEAD2, Input, each, file, message};

#[rustfmt::skip]
pub(super) const INPUTS: &[Input] = &[
    ("reserved names and numbers", 1000, |n| {
        message(n, "reserved $even;\nreserved \"r$i\";\nint32 f$i = $odd;\n")
    }),
    ("reserved numbers in one statement", 2000, |n| {
        file([HEAD, "message M { reserved ", &each(n, "$odd, "), "100000; }"])
    }),
    ("reserved names in one statement", 2000, |n| {
        file([HEAD, "message M { reserved ", &each(n, "\"a$i\", "), "\"a\"; }"])
    }),
    ("reserved names used", 1000, |n| message(n, "reserved \"f$i\"; int32 f$i = $n;\n")),
    ("reserved ranges within each other", 1000, |n| {
        let ranges = (0..n).map(|i| format!("reserved {} to {};\n", i + 1, 2 * n - i + 1));
        file([HEAD, "message M {\n", &ranges.collect::<String>(), "}\n"])
    }),
    ("reserved in an enum", 1000, |n| {
        let values = each(n, "reserved $odd; reserved \"R$i\"; V$i = $even;\n");
        file([HEAD, "enum E { Z = 0;\n", &values, "}\n"])
    }),
    ("extends of a message", 1000, |n| {
        let extends = each(n, "extend M { optional int32 e$i = $n; }\n");
        file([HEAD2, "message M { extensions 1 to max; }\n", &extends])
    }),
    ("extensions of one number", 1000, |n| {
        let extends = each(n, "extend M { optional int32 e$i = 7; }\n");
        file([HEAD2, "message M { extensions 1 to max; }\n", &extends])
    }),
    ("extensions of no message", 300, |n| {
        file([HEAD2, &each(n, "extend Nothing { optional int32 e$i = 7; }\n")])
    }),
    ("extension ranges with extensions", 1000, |n| {
        let extends = each(n, "extend M { optional int32 e$i = $odd; }\n");
        file([HEAD2, "message M {\n", &each(n, "extensions $odd;\n"), "}\n", &extends])
    }),
    ("extension declarations", 500, |n| {
        let declarations = each(n, ",\ndeclaration = { number: $n, full_name: \".p.e$n\", type: \"int32\" }");
        let range = ["message M { extensions 1 to max [verification = DECLARATION", &declarations, "];\n}\n"];
        file([HEAD2, &range.concat(), "extend M {\n", &each(n, "optional int32 e$n = $n;\n"), "}\n"])
    }),
];
