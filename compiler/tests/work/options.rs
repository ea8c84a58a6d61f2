//! Options, and their aggregates.

use super::{Files, HEAD, HEAD2, HEAD2023, Input, each, file};

const IMPORT: &str = "import \"google/protobuf/descriptor.proto\";\n";

/// Extensions of options, and the begin of a message.
const HEAD_OF_M: &str = "syntax = \"proto2\";
package p;
import \"google/protobuf/descriptor.proto\";
message A {
  optional A a = 1; repeated int32 n = 2; optional int32 m = 3; repeated A r = 4;
  map<string, int32> map = 5; oneof o { int32 x = 6; int32 y = 7; } extensions 1000 to max;
}
extend A { optional int32 deep = 1000; }
extend google.protobuf.MessageOptions { optional A a = 50000; repeated int32 n = 50001; repeated A r = 50002; }
extend google.protobuf.FieldOptions { repeated int32 f = 50001; }
message M {
";

/// A message with these options.
pub(super) fn options(texts: &[&str]) -> Files {
    file([HEAD_OF_M, &texts.concat(), "}\n"])
}

/// A message with options of the type `B`, and what is in that.
fn options_of_b(texts: &[&str], b: &str) -> Files {
    let extend = "}\nextend google.protobuf.MessageOptions { optional B b = 50003; repeated B bs = 50004; }\n";
    file([
        HEAD_OF_M,
        &texts.concat(),
        extend,
        "message B {\n",
        b,
        "}\n",
    ])
}

#[rustfmt::skip]
pub(super) const INPUTS: &[Input] = &[
    ("options of a message", 2000, |n| options(&[&each(n, "option (n) = $i;\n")])),
    ("own options of a message", 1000, |n| {
        let extensions = each(n, "optional int32 e$i = $ext;\n");
        let extend = ["extend google.protobuf.MessageOptions {\n", &extensions, "}\n"];
        file([HEAD2, IMPORT, &extend.concat(), "message M {\n", &each(n, "option (e$i) = 1;\n"), "}\n"])
    }),
    ("parts of an option", 1000, |n| options(&[&each(n, "option (a).n = $i;\n")])),
    ("parts of an option, in extensions", 1000, |n| {
        options(&[&each(n, "option (r) = { n: $i [p.deep]: 1 };\n")])
    }),
    ("parts of an option, each once", 500, |n| {
        options_of_b(&[&each(n, "option (b).f$i = $i;\n")], &each(n, "optional int32 f$i = $n;\n"))
    }),
    ("one option set again", 1000, |n| options(&[&each(n, "option (a).m = $i;\n")])),
    ("one own option set again", 1000, |n| options(&[&each(n, "option deprecated = true;\n")])),
    ("features set again", 1000, |n| {
        file([HEAD2023, "message M {\n", &each(n, "option features.json_format = ALLOW;\n"), "}\n"])
    }),
    ("options of no name", 300, |n| options(&[&each(n, "option (nothing$i) = $i;\n")])),
    ("options of no field", 1000, |n| options(&[&each(n, "option nothing$i = $i;\n")])),
    ("deep option names", 100, |n| {
        options(&[&each(n, &format!("option (a){}.n = $i;\n", ".a".repeat(90)))])
    }),
    ("an option name of many parts", 2000, |n| options(&["option (a)", &".a".repeat(n), " = 1;\n"])),
    ("an option name of many wrong parts", 2000, |n| options(&["option (a)", &".b".repeat(n), " = 1;\n"])),
    ("an extension name of many parts", 2000, |n| options(&["option (a", &".a".repeat(n), ") = 1;\n"])),

    ("options in brackets", 1000, |n| {
        options(&["optional int32 x = 1 [", &each(n, "(f) = $i, "), "deprecated = true];\n"])
    }),
    ("fields with options", 1000, |n| {
        options(&[&each(n, "optional int32 f$i = $n [(f) = $i, deprecated = true];\n")])
    }),
    ("messages with options", 1000, |n| {
        let extend = "extend google.protobuf.MessageOptions { optional int32 n = 50000; }\n";
        let messages = each(n, "message M$i { option (n) = $i; option deprecated = true; }\n");
        file([HEAD2, IMPORT, extend, &messages])
    }),
    ("messages with features", 500, |n| {
        let field = "int32 f = 1 [features.field_presence = IMPLICIT];";
        file([HEAD2023, &each(n, &format!("message M$i {{ option features.json_format = ALLOW; {field} }}\n"))])
    }),
    ("fields of a message with options", 500, |n| {
        let fields = each(n, "optional M f$i = $n;\n");
        options(&[&each(n, "option (n) = $i;\n"), "}\nmessage X {\n", &fields])
    }),
    ("fields of an enum with options", 500, |n| {
        let fields = each(n, "optional E f$i = $n [default = V];\n");
        file([HEAD2, &enum_with_options(n), "message X {\n", &fields, "}\n"])
    }),
    ("fields of proto3 of an enum with options", 500, |n| {
        file([HEAD, &enum_with_options(n), "message X {\n", &each(n, "E f$i = $n;\n"), "}\n"])
    }),
    ("extensions of a message with options", 500, |n| {
        let extensions = each(n, "optional int32 e$i = $n;\n");
        options(&[&each(n, "option (n) = $i;\n"), "extensions 1 to max; }\nextend M {\n", &extensions])
    }),
    ("options in a file with options", 500, |n| {
        let extend = "extend google.protobuf.FileOptions { repeated int32 n = 50001; }\n\
            extend google.protobuf.MessageOptions { repeated int32 m = 50001; }\n";
        file([HEAD2, IMPORT, extend, &each(n, "option (n) = $i;\n message M$i { option (m) = 1; }\n")])
    }),

    ("files with an option of a large type", 300, |n| {
        let extend = "}\nextend google.protobuf.FileOptions { optional R a = 50000; }\n";
        let mut files = file([HEAD2, IMPORT, "message R {\n", &each(n, "optional int32 f$i = $n;\n"), extend]);
        let text = "syntax = \"proto3\";\nimport \"a.proto\";\noption (p.a) = { f1: 1 };\n";
        files.extend((0..n).map(|i| (format!("f{i}.proto"), text.to_owned())));
        files
    }),

    ("fields of an aggregate", 2000, |n| options(&["option (a) = {\n", &each(n, "n: $i\n"), "};\n"])),
    ("messages of an aggregate", 1000, |n| {
        options(&["option (a) = {\n", &each(n, "r { a { n: $i } }\n"), "};\n"])
    }),
    ("one field of an aggregate again", 1000, |n| options(&["option (a) = {\n", &each(n, "m: $i\n"), "};\n"])),
    ("a list in an aggregate", 2000, |n| options(&["option (a) = { n: [", &each(n, "$i, "), "0] };\n"])),
    ("a map in an aggregate", 1000, |n| {
        options(&["option (a) = {\n", &each(n, "map { key: \"$i\" value: $i }\n"), "};\n"])
    }),
    ("oneofs of an aggregate", 500, |n| {
        let oneofs = each(n, "oneof o$i { int32 f$i = $n; }\n");
        options_of_b(&["option (b) = {\n", &each(n, "f$i: $i\n"), "};\n"], &oneofs)
    }),
    ("values of an aggregate of a large message", 300, |n| {
        options_of_b(&[&each(n, "option (bs) = {};\n")], &each(n, "optional int32 f$i = $n;\n"))
    }),
    ("values of an aggregate of a large message, in parts", 400, |n| {
        let part = "optional P p = 1; } message P { repeated R r = 1; } message R {\n";
        let fields = [part, &each(n, "optional int32 f$i = $n;\n")].concat();
        options_of_b(&["option (b).p = {\n", &each(n, "r {}\n"), "};\n"], &fields)
    }),
    ("numbers of an enum in an aggregate", 500, |n| {
        let fields = ["repeated E f = 1; enum E {\n", &each(n, "V$i = $i;\n"), "}\n"];
        options_of_b(&["option (b) = {\n", &each(n, "f: $i\n"), "};\n"], &fields.concat())
    }),
    ("reserved names of an aggregate", 500, |n| {
        options_of_b(&["option (b) = {\n", &each(n, "r$i: $i\n"), "};\n"], &each(n, "reserved \"r$i\";\n"))
    }),
];

fn enum_with_options(n: usize) -> String {
    let extend = "extend google.protobuf.EnumOptions { repeated int32 n = 50001; }\n";
    let options = each(n, "option (n) = $i;\n");
    [IMPORT, extend, "enum E { V = 0;\n", &options, "}\n"].concat()
}
