//! Many declarations of one kind, none of them wrong.

use super::{HEAD, HEAD2, HEAD2023, Input, each, file, message, message2};

#[rustfmt::skip]
pub(super) const INPUTS: &[Input] = &[
    ("maps in a message", 400, |n| message(n, "map<string, M> f$i = $n;\n")),
    ("messages with a map", 400, |n| file([HEAD, &each(n, "message M$i { map<int32, M$i> m = 1; }\n")])),
    ("fields", 2000, |n| message(n, "int32 f$i = $n;\n")),
    ("optional fields", 2000, |n| message(n, "optional int32 f$i = $n;\n")),
    ("fields of messages", 2000, |n| message(n, "M f$i = $n;\n")),
    ("groups", 1000, |n| message2(n, "optional group G$i = $n {}\n")),
    ("defaults", 1000, |n| message2(n, "optional string f$i = $n [default = \"a\", json_name = \"j$i\"];\n")),
    ("defaults of an enum", 1000, |n| {
        let fields = each(n, "optional E f$i = $n [default = V$i];\n");
        file([HEAD2, "message M {\n", &fields, "}\nenum E {\n", &each(n, "V$i = $i;\n"), "}\n"])
    }),
    ("a oneof", 2000, |n| file([HEAD, "message M { oneof o {\n", &each(n, "int32 f$i = $n;\n"), "}}\n"])),
    ("oneofs", 1000, |n| message(n, "oneof o$i { int32 f$i = $n; }\n")),
    ("nested types", 1000, |n| message(n, "message N$i { N$i n = 1; }\nenum E$i { V$i = 0; }\n")),
    ("enum values", 2000, |n| file([HEAD, "enum E {\n", &each(n, "V$i = $i;\n"), "}\n"])),
    ("enum values of one number", 2000, |n| {
        file([HEAD, "enum E { option allow_alias = true;\n", &each(n, "V$i = 0;\n"), "}\n"])
    }),
    ("enums", 1000, |n| file([HEAD, &each(n, "enum E$i { V$i = 0; }\n")])),
    ("features of fields", 500, |n| {
        let fields = each(n, "int32 f$i = $n [features.field_presence = IMPLICIT];\n");
        file([HEAD2023, "message M {\n", &fields, "}\n"])
    }),
    ("rpcs", 1000, |n| {
        let rpcs = each(n, "rpc R$i(M) returns (stream M) { option deprecated = true; }\n");
        file([HEAD, "message M {}\nservice S {\n", &rpcs, "}\n"])
    }),
    ("services", 1000, |n| {
        file([HEAD, "message M {}\n", &each(n, "service S$i { rpc R(M) returns (M); }\n")])
    }),
];
