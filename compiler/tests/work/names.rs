//! Names and numbers that are taken twice, that are alike, or that nothing has.

use super::{HEAD, HEAD2, Input, each, file, message};

#[rustfmt::skip]
pub(super) const INPUTS: &[Input] = &[
    ("unknown types", 300, |n| message(n, "Nothing$i f$i = $n;\n")),
    ("unknown types beside types", 250, |n| {
        let fields = each(n, "Nothing$i f$i = $n;\n");
        file([HEAD, "message M {\n", &fields, "}\n", &each(n, "message Some$i {}\n")])
    }),
    ("optional fields of one name", 400, |n| {
        message(n.div_ceil(2), "optional int32 _f = $odd;\noptional int32 __f = $even;\n")
    }),
    ("fields of one number", 2000, |n| message(n, "int32 f$i = 1;\n")),
    ("fields of one name", 1000, |n| message(n, "int32 f = $n;\n")),
    ("fields of one name in JSON", 1000, |n| message(n, "int32 f_$i = $odd; int32 f$i = $even;\n")),
    ("wrong defaults of an enum", 300, |n| {
        let fields = each(n, "optional E f$i = $n [default = W$i];\n");
        file([HEAD2, "message M {\n", &fields, "}\nenum E {\n", &each(n, "V$i = $i;\n"), "}\n"])
    }),
    ("enum values of one number, forbidden", 1000, |n| file([HEAD, "enum E {\n", &each(n, "V$i = 0;\n"), "}\n"])),
    ("enum values of one name", 1000, |n| file([HEAD, "enum E {\n", &each(n, "V = $i;\n"), "}\n"])),
    ("enum values alike", 1000, |n| {
        file([HEAD, "enum E { Z = 0;\n", &each(n, "V_$i = $odd;\nE_V$i = $even;\n"), "}\n"])
    }),
    ("a long name that is nearly known", 2000, |n| {
        let name = "a".repeat(n);
        file([HEAD, "message ", &name, " { ", &name, "b f = 1; }\n"])
    }),
    ("types in a package of far too many parts", 500, |n| {
        let types = each(n, "message M$i { M$i f = 1; }\n");
        file(["syntax = \"proto3\";\npackage a", &".a".repeat(n), ";\n", &types])
    }),
    ("a long name", 50000, |n| file([HEAD, "message ", &"a".repeat(n), " { int32 f = 1; }\n"])),
    ("a long name of a field", 50000, |n| file([HEAD, "message M { int32 ", &"a".repeat(n), " = 1; }\n"])),
    ("a long name of no type", 10000, |n| file([HEAD, "message M { ", &"a".repeat(n), " f = 1; }\n"])),
    ("long names of no types", 500, |n| message(200, &format!("{}$i f$i = $n;\n", "a".repeat(n)))),
    ("a type name of many parts", 2000, |n| file([HEAD, "message M { ", &".a".repeat(n), " f = 1; }\n"])),
    ("an inner type name of many parts", 2000, |n| file([HEAD, "message M { M", &".M".repeat(n), " f = 1; }\n"])),
    ("a package of many parts", 90, of_parts),
    ("a package of far too many parts", 1000, of_parts),
    ("doubled names", 1000, |n| file([HEAD, &each(n, "message M$i {}\nmessage M$i {}\n")])),
];

fn of_parts(n: usize) -> super::Files {
    file([
        "syntax = \"proto3\";\npackage a",
        &".a".repeat(n),
        ";\nmessage M {}\n",
    ])
}
