//! Inputs of any size that a pass could take too long for.

use std::fmt::Write as _;

/// Names and texts of files, all of which are listed.
pub(crate) type Files = Vec<(String, String)>;

/// A name, an input of a size, and a size.
pub(crate) type Input = (&'static str, fn(usize) -> Files, usize);

const HEAD: &str = "syntax = \"proto3\";\npackage p;\n";
const HEAD2: &str = "syntax = \"proto2\";\npackage p;\n";
const OPTIONS: &str = "import \"google/protobuf/descriptor.proto\";\n";

fn one(text: String) -> Files {
    vec![("a.proto".to_owned(), text)]
}

/// A head, an item for each number, and an end.
fn repeat(head: &str, n: usize, item: impl Fn(usize) -> String, end: &str) -> String {
    let mut text = head.to_owned();
    for i in 0..n {
        text += &item(i);
    }
    text + end
}

fn file(head: &str, n: usize, item: impl Fn(usize) -> String, end: &str) -> Files {
    one(repeat(head, n, item, end))
}

fn message(n: usize, item: impl Fn(usize) -> String) -> Files {
    file(&format!("{HEAD}message M {{\n"), n, item, "}\n")
}

fn message2(n: usize, item: impl Fn(usize) -> String) -> Files {
    file(&format!("{HEAD2}message M {{\n"), n, item, "}\n")
}

/// Extensions of options, and then an item for each number.
fn options(n: usize, item: impl Fn(usize) -> String, end: &str) -> Files {
    let extensions = "message A { optional A a = 1; repeated int32 n = 2; optional int32 m = 3; repeated A r = 4; \
        map<string, int32> map = 5; oneof o { int32 x = 6; int32 y = 7; } extensions 1000 to max; }\n\
        extend A { optional int32 deep = 1000; }\n\
        extend google.protobuf.MessageOptions { optional A a = 50000; repeated int32 n = 50001; repeated A r = 50002; }\n\
        extend google.protobuf.FieldOptions { repeated int32 f = 50001; }\n\
        message M {\n";
    file(&format!("{HEAD2}{OPTIONS}{extensions}"), n, item, end)
}

/// As many options of one message, each with a declaration.
fn own_options(n: usize) -> Files {
    let mut text = format!("{HEAD2}{OPTIONS}extend google.protobuf.MessageOptions {{\n");
    for i in 0..n {
        let _ = writeln!(text, "optional int32 e{i} = {};", 50000 + i);
    }
    text += "}\nmessage M {\n";
    for i in 0..n {
        let _ = writeln!(text, "option (e{i}) = 1;");
    }
    one(text + "}\n")
}

/// As many files.
fn imports(n: usize, item: impl Fn(usize) -> String) -> Files {
    (0..n)
        .map(|i| (format!("f{i}.proto"), format!("{HEAD}{}", item(i))))
        .collect()
}

fn import(i: usize) -> String {
    format!("import \"f{i}.proto\";\n")
}

fn public(i: usize) -> String {
    format!("import public \"f{i}.proto\";\n")
}

/// As many files that each import a hundred others.
fn importers(n: usize) -> Files {
    let mut files = imports(n, |i| format!("message F{i} {{}}\n"));
    let all: String = (0..100).map(import).collect();
    for i in 0..n {
        files.push((
            format!("g{i}.proto"),
            format!("{HEAD}{all}message G{i} {{ F0 a = 1; }}\n"),
        ));
    }
    files
}

/// Ranges of one number, each with its extension.
fn extended(n: usize) -> Files {
    let mut text = format!("{HEAD2}message M {{\n");
    for i in 0..n {
        let _ = writeln!(text, "extensions {};", 2 * i + 1);
    }
    text += "}\n";
    for i in 0..n {
        let _ = writeln!(text, "extend M {{ optional int32 e{i} = {}; }}", 2 * i + 1);
    }
    one(text)
}

/// Declarations of extensions in one range, and the extensions.
fn declared(n: usize) -> Files {
    let mut text = format!("{HEAD2}message M {{ extensions 1 to max [verification = DECLARATION");
    for i in 1..=n {
        let _ = write!(
            text,
            ",\ndeclaration = {{ number: {i}, full_name: \".p.e{i}\", type: \"int32\" }}"
        );
    }
    text += "];\n}\nextend M {\n";
    for i in 1..=n {
        let _ = writeln!(text, "optional int32 e{i} = {i};");
    }
    one(text + "}\n")
}

/// Fields, and as many reserved numbers and names between them.
fn reserved(n: usize) -> Files {
    message(n, |i| {
        format!(
            "reserved {};\nreserved \"r{i}\";\nint32 f{i} = {};\n",
            2 * i + 30_000,
            2 * i + 30_001
        )
    })
}

/// Inputs whose work is to grow as they do.
pub(crate) const INPUTS: &[Input] = &[
    (
        "maps in a message",
        |n| message(n, |i| format!("map<string, M> f{i} = {};\n", number(i))),
        400,
    ),
    (
        "messages with a map",
        |n| {
            file(
                HEAD,
                n,
                |i| format!("message M{i} {{ map<int32, M{i}> m = 1; }}\n"),
                "",
            )
        },
        400,
    ),
    (
        "missing imports",
        |n| file(HEAD, n, |i| format!("import \"m/x{i}.proto\";\n"), ""),
        2000,
    ),
    (
        "importers of what is missing",
        |n| imports(n, |_| "import \"missing.proto\";\n".into()),
        300,
    ),
    (
        "unknown types",
        |n| message(n, |i| format!("Nothing{i} f{i} = {};\n", number(i))),
        300,
    ),
    (
        "unknown types beside types",
        |n| {
            let mut files = message(n, |i| format!("Nothing{i} f{i} = {};\n", number(i)));
            files[0].1 += &repeat("", n, |i| format!("message Some{i} {{}}\n"), "");
            files
        },
        250,
    ),
    (
        "public imports of the two before",
        |n| {
            imports(n, |i| {
                let before: String = (i.saturating_sub(2)..i).map(public).collect();
                format!("{before}message F{i} {{}}\n")
            })
        },
        15,
    ),
    (
        "chain of imports",
        |n| {
            imports(n, |i| {
                let before = i.checked_sub(1).map(import).unwrap_or_default();
                format!("{before}message F{i} {{}}\n")
            })
        },
        300,
    ),
    ("importers of a hundred", importers, 100),
    (
        "one package in files",
        |n| imports(n, |_| "message Same {}\n".into()),
        300,
    ),
    (
        "files of one package",
        |n| imports(n, |i| format!("message F{i} {{ F{i} f = 1; }}\n")),
        300,
    ),
    (
        "a public import of all",
        |n| {
            let mut files = imports(n, |i| format!("message F{i} {{}}\n"));
            let all: String = (0..n).map(public).collect();
            files.push(("all.proto".into(), format!("{HEAD}{all}")));
            let uses = repeat(
                "import \"all.proto\";\nmessage Z {\n",
                n,
                |i| format!("F{i} f{i} = {};\n", number(i)),
                "}\n",
            );
            files.push(("z.proto".into(), format!("{HEAD}{uses}")));
            files
        },
        500,
    ),
    (
        "fields",
        |n| message(n, |i| format!("int32 f{i} = {};\n", number(i))),
        2000,
    ),
    (
        "optional fields",
        |n| message(n, |i| format!("optional int32 f{i} = {};\n", number(i))),
        2000,
    ),
    (
        "optional fields of one name",
        |n| {
            message(n, |i| {
                format!(
                    "optional int32 {}f = {};\n",
                    "_".repeat(1 + i % 2),
                    number(i)
                )
            })
        },
        400,
    ),
    (
        "fields of one number",
        |n| message(n, |i| format!("int32 f{i} = 1;\n")),
        2000,
    ),
    (
        "fields of one name",
        |n| message(n, |i| format!("int32 f = {};\n", number(i))),
        1000,
    ),
    (
        "fields of one name in JSON",
        |n| {
            message(n, |i| {
                format!(
                    "int32 f_{i} = {}; int32 f{i} = {};\n",
                    number(2 * i),
                    number(2 * i + 1)
                )
            })
        },
        1000,
    ),
    (
        "fields of messages",
        |n| message(n, |i| format!("M f{i} = {};\n", number(i))),
        2000,
    ),
    (
        "groups",
        |n| message2(n, |i| format!("optional group G{i} = {} {{}}\n", number(i))),
        1000,
    ),
    (
        "defaults",
        |n| {
            message2(n, |i| {
                format!(
                    "optional string f{i} = {} [default = \"a\", json_name = \"j{i}\"];\n",
                    number(i)
                )
            })
        },
        1000,
    ),
    (
        "defaults of an enum",
        |n| {
            let mut files = message2(n, |i| {
                format!("optional E f{i} = {} [default = V{i}];\n", number(i))
            });
            files[0].1 += &repeat("enum E {\n", n, |i| format!("V{i} = {i};\n"), "}\n");
            files
        },
        1000,
    ),
    (
        "wrong defaults of an enum",
        |n| {
            let mut files = message2(n, |i| {
                format!("optional E f{i} = {} [default = W{i}];\n", number(i))
            });
            files[0].1 += &repeat("enum E {\n", n, |i| format!("V{i} = {i};\n"), "}\n");
            files
        },
        300,
    ),
    (
        "a oneof",
        |n| {
            file(
                &format!("{HEAD}message M {{ oneof o {{\n"),
                n,
                |i| format!("int32 f{i} = {};\n", number(i)),
                "}}\n",
            )
        },
        2000,
    ),
    (
        "oneofs",
        |n| {
            message(n, |i| {
                format!("oneof o{i} {{ int32 f{i} = {}; }}\n", number(i))
            })
        },
        1000,
    ),
    (
        "nested types",
        |n| {
            message(n, |i| {
                format!("message N{i} {{ N{i} n = 1; }}\nenum E{i} {{ V{i} = 0; }}\n")
            })
        },
        1000,
    ),
    (
        "enum values",
        |n| {
            file(
                &format!("{HEAD}enum E {{\n"),
                n,
                |i| format!("V{i} = {i};\n"),
                "}\n",
            )
        },
        2000,
    ),
    (
        "enum values of one number",
        |n| {
            file(
                &format!("{HEAD}enum E {{ option allow_alias = true;\n"),
                n,
                |i| format!("V{i} = 0;\n"),
                "}\n",
            )
        },
        2000,
    ),
    (
        "enum values of one number, forbidden",
        |n| {
            file(
                &format!("{HEAD}enum E {{\n"),
                n,
                |i| format!("V{i} = 0;\n"),
                "}\n",
            )
        },
        1000,
    ),
    (
        "enum values of one name",
        |n| {
            file(
                &format!("{HEAD}enum E {{\n"),
                n,
                |i| format!("V = {i};\n"),
                "}\n",
            )
        },
        1000,
    ),
    (
        "enum values alike",
        |n| {
            file(
                &format!("{HEAD}enum E {{\n"),
                n,
                |i| format!("V_{i} = {};\nE_V{i} = {};\n", 2 * i, 2 * i + 1),
                "}\n",
            )
        },
        1000,
    ),
    (
        "enums",
        |n| file(HEAD, n, |i| format!("enum E{i} {{ V{i} = 0; }}\n"), ""),
        1000,
    ),
    ("reserved names and numbers", reserved, 1000),
    (
        "reserved numbers in one statement",
        |n| {
            file(
                &format!("{HEAD}message M {{ reserved 1"),
                n,
                |i| format!(", {}", 2 * i + 3),
                "; }",
            )
        },
        2000,
    ),
    (
        "reserved names in one statement",
        |n| {
            file(
                &format!("{HEAD}message M {{ reserved \"a\""),
                n,
                |i| format!(", \"a{i}\""),
                "; }",
            )
        },
        2000,
    ),
    (
        "reserved names used",
        |n| {
            message(n, |i| {
                format!("reserved \"f{i}\"; int32 f{i} = {};\n", number(i))
            })
        },
        1000,
    ),
    (
        "reserved ranges within each other",
        |n| message(n, |i| format!("reserved {} to {};\n", i + 1, 2 * n - i + 1)),
        1000,
    ),
    (
        "reserved in an enum",
        |n| {
            file(
                &format!("{HEAD}enum E {{ Z = 0;\n"),
                n,
                |i| {
                    format!(
                        "reserved {}; reserved \"R{i}\"; V{i} = {};\n",
                        2 * i + 1,
                        2 * i + 2
                    )
                },
                "}\n",
            )
        },
        1000,
    ),
    (
        "extends of a message",
        |n| {
            file(
                &format!("{HEAD2}message M {{ extensions 1 to max; }}\n"),
                n,
                |i| format!("extend M {{ optional int32 e{i} = {}; }}\n", number(i)),
                "",
            )
        },
        1000,
    ),
    (
        "extensions of one number",
        |n| {
            file(
                &format!("{HEAD2}message M {{ extensions 1 to max; }}\n"),
                n,
                |i| format!("extend M {{ optional int32 e{i} = 7; }}\n"),
                "",
            )
        },
        1000,
    ),
    (
        "extensions of no message",
        |n| {
            file(
                HEAD2,
                n,
                |i| format!("extend Nothing {{ optional int32 e{i} = 7; }}\n"),
                "",
            )
        },
        300,
    ),
    ("extension ranges with extensions", extended, 1000),
    ("extension declarations", declared, 500),
    (
        "options of a message",
        |n| options(n, |i| format!("option (n) = {i};\n"), "}\n"),
        2000,
    ),
    ("own options of a message", own_options, 1000),
    (
        "parts of an option",
        |n| options(n, |i| format!("option (a).n = {i};\n"), "}\n"),
        1000,
    ),
    (
        "parts of an option, in extensions",
        |n| {
            options(
                n,
                |i| format!("option (r) = {{ n: {i} [p.deep]: 1 }};\n"),
                "}\n",
            )
        },
        1000,
    ),
    (
        "one option set again",
        |n| options(n, |i| format!("option (a).m = {i};\n"), "}\n"),
        1000,
    ),
    (
        "options of no name",
        |n| options(n, |i| format!("option (nothing{i}) = {i};\n"), "}\n"),
        300,
    ),
    (
        "options of no field",
        |n| options(n, |i| format!("option nothing{i} = {i};\n"), "}\n"),
        1000,
    ),
    (
        "one own option set again",
        |n| options(n, |_| "option deprecated = true;\n".into(), "}\n"),
        1000,
    ),
    (
        "features set again",
        |n| {
            one(repeat(
                "edition = \"2023\";\npackage p;\nmessage M {\n",
                n,
                |_| "option features.json_format = ALLOW;\n".into(),
                "}\n",
            ))
        },
        1000,
    ),
    (
        "options in brackets",
        |n| {
            options(
                n,
                |i| {
                    if i == 0 {
                        "optional int32 x = 1 [(f) = 0".into()
                    } else {
                        format!(", (f) = {i}")
                    }
                },
                "];\n}\n",
            )
        },
        1000,
    ),
    (
        "fields with options",
        |n| {
            options(
                n,
                |i| {
                    format!(
                        "optional int32 f{i} = {} [(f) = {i}, deprecated = true];\n",
                        number(i)
                    )
                },
                "}\n",
            )
        },
        1000,
    ),
    (
        "fields of an aggregate",
        |n| {
            options(
                n,
                |i| {
                    if i == 0 {
                        "option (a) = {\n".into()
                    } else {
                        format!("n: {i}\n")
                    }
                },
                "};\n}\n",
            )
        },
        2000,
    ),
    (
        "messages of an aggregate",
        |n| {
            options(
                n,
                |i| {
                    if i == 0 {
                        "option (a) = {\n".into()
                    } else {
                        format!("r {{ a {{ n: {i} }} }}\n")
                    }
                },
                "};\n}\n",
            )
        },
        1000,
    ),
    (
        "one field of an aggregate again",
        |n| {
            options(
                n,
                |i| {
                    if i == 0 {
                        "option (a) = {\n".into()
                    } else {
                        format!("m: {i}\n")
                    }
                },
                "};\n}\n",
            )
        },
        1000,
    ),
    (
        "a list in an aggregate",
        |n| {
            options(
                n,
                |i| {
                    if i == 0 {
                        "option (a) = { n: [0".into()
                    } else {
                        format!(", {i}")
                    }
                },
                "] };\n}\n",
            )
        },
        2000,
    ),
    (
        "a map in an aggregate",
        |n| {
            options(
                n,
                |i| {
                    if i == 0 {
                        "option (a) = {\n".into()
                    } else {
                        format!("map {{ key: \"{i}\" value: {i} }}\n")
                    }
                },
                "};\n}\n",
            )
        },
        1000,
    ),
    (
        "messages with options",
        |n| {
            file(
                &format!(
                    "{HEAD2}{OPTIONS}extend google.protobuf.MessageOptions {{ optional int32 n = 50000; }}\n"
                ),
                n,
                |i| format!("message M{i} {{ option (n) = {i}; option deprecated = true; }}\n"),
                "",
            )
        },
        1000,
    ),
    (
        "messages with features",
        |n| {
            file(
                "edition = \"2023\";\npackage p;\n",
                n,
                |i| {
                    format!(
                        "message M{i} {{ option features.json_format = ALLOW; int32 f = 1 [features.field_presence = IMPLICIT]; }}\n"
                    )
                },
                "",
            )
        },
        500,
    ),
    (
        "fields of a message with options",
        |n| {
            options(
                n,
                |i| format!("option (n) = {i};\n"),
                &repeat(
                    "}\nmessage X {\n",
                    n,
                    |i| format!("optional M f{i} = {};\n", number(i)),
                    "}\n",
                ),
            )
        },
        500,
    ),
    (
        "fields of an enum with options",
        |n| {
            let head = format!(
                "{HEAD2}{OPTIONS}extend google.protobuf.EnumOptions {{ repeated int32 n = 50001; }}\nenum E {{ V = 0;\n"
            );
            file(
                &head,
                n,
                |i| format!("option (n) = {i};\n"),
                &repeat(
                    "}\nmessage X {\n",
                    n,
                    |i| format!("optional E f{i} = {} [default = V];\n", number(i)),
                    "}\n",
                ),
            )
        },
        500,
    ),
    (
        "fields of proto3 of an enum with options",
        |n| {
            let head = format!(
                "{HEAD}{OPTIONS}extend google.protobuf.EnumOptions {{ repeated int32 n = 50001; }}\nenum E {{ V = 0;\n"
            );
            file(
                &head,
                n,
                |i| format!("option (n) = {i};\n"),
                &repeat(
                    "}\nmessage X {\n",
                    n,
                    |i| format!("E f{i} = {};\n", number(i)),
                    "}\n",
                ),
            )
        },
        500,
    ),
    (
        "extensions of a message with options",
        |n| {
            options(
                n,
                |i| format!("option (n) = {i};\n"),
                &repeat(
                    "extensions 1 to max; }\nextend M {\n",
                    n,
                    |i| format!("optional int32 e{i} = {};\n", number(i)),
                    "}\n",
                ),
            )
        },
        500,
    ),
    (
        "options in a file with options",
        |n| {
            let head = format!(
                "{HEAD2}{OPTIONS}extend google.protobuf.FileOptions {{ repeated int32 n = 50001; }}\nextend google.protobuf.MessageOptions {{ repeated int32 m = 50001; }}\n"
            );
            file(
                &head,
                n,
                |i| format!("option (n) = {i};\n message M{i} {{ option (m) = 1; }}\n"),
                "",
            )
        },
        500,
    ),
    (
        "parts of an option, each once",
        |n| {
            let mut files = options(
                n,
                |i| format!("option (b).f{i} = {i};\n"),
                "}\nextend google.protobuf.MessageOptions { optional B b = 50003; }\n",
            );
            files[0].1 += &repeat(
                "message B {\n",
                n,
                |i| format!("optional int32 f{i} = {};\n", number(i)),
                "}\n",
            );
            files
        },
        500,
    ),
    (
        "oneofs of an aggregate",
        |n| {
            let mut files = options(
                n,
                |i| {
                    if i == 0 {
                        "option (b) = {\n".into()
                    } else {
                        format!("f{i}: {i}\n")
                    }
                },
                "};\n}\nextend google.protobuf.MessageOptions { optional B b = 50003; }\n",
            );
            files[0].1 += &repeat(
                "message B {\n",
                n,
                |i| format!("oneof o{i} {{ int32 f{i} = {}; }}\n", number(i)),
                "}\n",
            );
            files
        },
        500,
    ),
    (
        "values of an aggregate of a large message",
        |n| {
            let mut files = options(
                n,
                |_| "option (b) = {};\n".into(),
                "}\nextend google.protobuf.MessageOptions { repeated B b = 50003; }\n",
            );
            files[0].1 += &repeat(
                "message B {\n",
                n,
                |i| format!("optional int32 f{i} = {};\n", number(i)),
                "}\n",
            );
            files
        },
        300,
    ),
    (
        "numbers of an enum in an aggregate",
        |n| {
            let mut files = options(
                n,
                |i| {
                    if i == 0 {
                        "option (b) = {\n".into()
                    } else {
                        format!("f: {i}\n")
                    }
                },
                "};\n}\nextend google.protobuf.MessageOptions { optional B b = 50003; }\nmessage B { repeated E f = 1; }\n",
            );
            files[0].1 += &repeat("enum E {\n", n, |i| format!("V{i} = {i};\n"), "}\n");
            files
        },
        500,
    ),
    (
        "reserved names of an aggregate",
        |n| {
            let mut files = options(
                n,
                |i| {
                    if i == 0 {
                        "option (b) = {\n".into()
                    } else {
                        format!("r{i}: {i}\n")
                    }
                },
                "};\n}\nextend google.protobuf.MessageOptions { optional B b = 50003; }\n",
            );
            files[0].1 += &repeat(
                "message B {\n",
                n,
                |i| format!("reserved \"r{i}\";\n"),
                "}\n",
            );
            files
        },
        500,
    ),
    (
        "unknown types and missing imports",
        |n| {
            file(
                HEAD,
                n,
                |i| format!("import \"m{i}/x.proto\";\nmessage M{i} {{ q{i}.X f = 1; }}\n"),
                "",
            )
        },
        300,
    ),
    (
        "a long name that is nearly known",
        |n| {
            one(format!(
                "{HEAD}message {0} {{ {0}b f = 1; }}\n",
                "a".repeat(n)
            ))
        },
        2000,
    ),
    (
        "types in a package of far too many parts",
        |n| {
            file(
                &format!("syntax = \"proto3\";\npackage a{};\n", ".a".repeat(n)),
                n,
                |i| format!("message M{i} {{ M{i} f = 1; }}\n"),
                "",
            )
        },
        500,
    ),
    (
        "deep option names",
        |n| {
            options(
                n,
                |i| format!("option (a){}.n = {i};\n", ".a".repeat(90)),
                "}\n",
            )
        },
        100,
    ),
    (
        "features of fields",
        |n| {
            file(
                "edition = \"2023\";\npackage p;\nmessage M {\n",
                n,
                |i| {
                    format!(
                        "int32 f{i} = {} [features.field_presence = IMPLICIT];\n",
                        number(i)
                    )
                },
                "}\n",
            )
        },
        500,
    ),
    (
        "public imports of a file",
        |n| {
            let mut files = imports(n, |i| format!("message F{i} {{}}\n"));
            let all: String = (0..n).map(public).collect();
            files.push(("z.proto".into(), format!("{HEAD}{all}")));
            files
        },
        300,
    ),
    (
        "tabs",
        |n| one(format!("{HEAD}{}message M {{}}\n", "\t".repeat(n))),
        2000,
    ),
    (
        "one line",
        |n| {
            one(repeat(
                "syntax = \"proto3\"; package p; message M {",
                n,
                |i| format!("int32 f{i} = {}; ", number(i)),
                "}\n",
            ))
        },
        1000,
    ),
    (
        "rpcs",
        |n| {
            file(
                &format!("{HEAD}message M {{}}\nservice S {{\n"),
                n,
                |i| format!("rpc R{i}(M) returns (stream M) {{ option deprecated = true; }}\n"),
                "}\n",
            )
        },
        1000,
    ),
    (
        "services",
        |n| {
            file(
                &format!("{HEAD}message M {{}}\n"),
                n,
                |i| format!("service S{i} {{ rpc R(M) returns (M); }}\n"),
                "",
            )
        },
        1000,
    ),
    (
        "comments before one item",
        |n| file(HEAD, n, |i| format!("// {i}\n\n"), "message M {}\n"),
        2000,
    ),
    (
        "block comments before one item",
        |n| file(HEAD, n, |i| format!("/* {i} */\n\n"), "message M {}\n"),
        2000,
    ),
    (
        "lines of one comment",
        |n| file(HEAD, n, |i| format!("// {i}\n"), "message M {}\n"),
        2000,
    ),
    (
        "comments on items",
        |n| {
            message(n, |i| {
                format!("// {i}\n\n// a\nint32 f{i} = {}; // b\n", number(i))
            })
        },
        1000,
    ),
    (
        "comments between tokens",
        |n| {
            file(
                &format!("{HEAD}message M {{ int32 f ="),
                n,
                |_| " /* a */\n".into(),
                "1; }\n",
            )
        },
        2000,
    ),
    (
        "block comments within a block comment",
        |n| file(HEAD, n, |_| "/* ".into(), "*/"),
        2000,
    ),
    (
        "a long comment",
        |n| one(format!("{HEAD}// {}\nmessage M {{}}\n", "a".repeat(n))),
        100000,
    ),
    (
        "a long block comment",
        |n| one(format!("{HEAD}/* {} */\nmessage M {{}}\n", "*\n".repeat(n))),
        50000,
    ),
    (
        "a long string",
        |n| {
            one(format!(
                "{HEAD}option java_package = \"{}\";\n",
                "a".repeat(n)
            ))
        },
        100000,
    ),
    (
        "strings in a row",
        |n| {
            file(
                &format!("{HEAD}option java_package = "),
                n,
                |_| "\"\\n\" ".into(),
                ";\n",
            )
        },
        2000,
    ),
    (
        "a string of escapes",
        |n| {
            one(format!(
                "{HEAD}option java_package = \"{}\";\n",
                "\\u00fc".repeat(n)
            ))
        },
        10000,
    ),
    (
        "a string of wrong escapes",
        |n| {
            one(format!(
                "{HEAD}option java_package = \"{}\";\n",
                "\\q".repeat(n)
            ))
        },
        2000,
    ),
    (
        "a long name",
        |n| {
            one(format!(
                "{HEAD}message {} {{ int32 f = 1; }}\n",
                "a".repeat(n)
            ))
        },
        50000,
    ),
    (
        "a long name of a field",
        |n| {
            one(format!(
                "{HEAD}message M {{ int32 {} = 1; }}\n",
                "a".repeat(n)
            ))
        },
        50000,
    ),
    (
        "a long name of no type",
        |n| one(format!("{HEAD}message M {{ {} f = 1; }}\n", "a".repeat(n))),
        10000,
    ),
    (
        "long names of no types",
        |n| {
            message(200, |i| {
                format!("{}{i} f{i} = {};\n", "a".repeat(n), number(i))
            })
        },
        500,
    ),
    (
        "a long number",
        |n| {
            one(format!(
                "{HEAD}message M {{ int32 f = {}; }}\n",
                "9".repeat(n)
            ))
        },
        50000,
    ),
    (
        "a long float",
        |n| {
            one(format!(
                "{HEAD2}message M {{ optional double f = 1 [default = 0.{}]; }}\n",
                "9".repeat(n)
            ))
        },
        50000,
    ),
    (
        "a type name of many parts",
        |n| one(format!("{HEAD}message M {{ {} f = 1; }}\n", ".a".repeat(n))),
        2000,
    ),
    (
        "an inner type name of many parts",
        |n| {
            one(format!(
                "{HEAD}message M {{ M{} f = 1; }}\n",
                ".M".repeat(n)
            ))
        },
        2000,
    ),
    (
        "a package of many parts",
        |n| {
            one(format!(
                "syntax = \"proto3\";\npackage a{};\nmessage M {{}}\n",
                ".a".repeat(n)
            ))
        },
        90,
    ),
    (
        "a package of far too many parts",
        |n| {
            one(format!(
                "syntax = \"proto3\";\npackage a{};\nmessage M {{}}\n",
                ".a".repeat(n)
            ))
        },
        1000,
    ),
    (
        "an option name of many parts",
        |n| options(1, |_| format!("option (a){} = 1;\n", ".a".repeat(n)), "}\n"),
        2000,
    ),
    (
        "an option name of many wrong parts",
        |n| options(1, |_| format!("option (a){} = 1;\n", ".b".repeat(n)), "}\n"),
        2000,
    ),
    (
        "an extension name of many parts",
        |n| options(1, |_| format!("option (a{}) = 1;\n", ".a".repeat(n)), "}\n"),
        2000,
    ),
    (
        "doubled names",
        |n| {
            file(
                HEAD,
                n,
                |i| format!("message M{i} {{}}\nmessage M{i} {{}}\n"),
                "",
            )
        },
        1000,
    ),
    (
        "syntax errors",
        |n| message(n, |i| format!("int32 = {i};\n")),
        1000,
    ),
    (
        "syntax errors at top level",
        |n| file(HEAD, n, |_| "oops;\n".into(), ""),
        1000,
    ),
    (
        "syntax errors in one line",
        |n| message(n, |_| "int32 = 1; ".into()),
        1000,
    ),
    (
        "no ASCII",
        |n| file(HEAD, n, |_| "\u{fc} ".into(), ""),
        2000,
    ),
    (
        "control characters",
        |n| file(HEAD, n, |_| "\u{1} ".into(), ""),
        2000,
    ),
    ("unclosed strings", |n| message(n, |_| "\"\n".into()), 1000),
    (
        "open braces",
        |n| file(HEAD, n, |_| "message".into(), "{"),
        1000,
    ),
    (
        "closing braces",
        |n| file(HEAD, n, |_| "}".into(), ""),
        2000,
    ),
    (
        "wrong numbers",
        |n| message(n, |i| format!("int32 f{i} = 0;\n")),
        1000,
    ),
    (
        "unused imports",
        |n| {
            let mut files = imports(n, |i| format!("message F{i} {{}}\n"));
            let all: String = (0..n).map(import).collect();
            files.push(("z.proto".into(), format!("{HEAD}{all}")));
            files
        },
        300,
    ),
    (
        "doubled imports",
        |n| {
            vec![
                ("a.proto".into(), HEAD.into()),
                (
                    "z.proto".into(),
                    repeat(HEAD, n, |_| "import \"a.proto\";\n".into(), ""),
                ),
            ]
        },
        1000,
    ),
    (
        "cycles",
        |n| {
            imports(n, |i| {
                (0..i).rev().take(3).map(import).collect::<String>() + &import((i + 1) % n)
            })
        },
        300,
    ),
    (
        "weak imports",
        |n| {
            let mut files = imports(n, |i| format!("message F{i} {{}}\n"));
            let all: String = (0..n)
                .map(|i| format!("import weak \"f{i}.proto\";\n"))
                .collect();
            files.push(("z.proto".into(), format!("{HEAD2}{all}")));
            files
        },
        300,
    ),
    (
        "types of imports",
        |n| {
            let mut files = imports(n, |i| format!("message F{i} {{}}\n"));
            let all: String = (0..n).map(import).collect();
            let uses = repeat(
                "message Z {\n",
                n,
                |i| format!("F{i} f{i} = {};\n", number(i)),
                "}\n",
            );
            files.push(("z.proto".into(), format!("{HEAD}{all}{uses}")));
            files
        },
        300,
    ),
    (
        "types that are not imported",
        |n| {
            let mut files = imports(n, |i| format!("message F{i} {{}}\n"));
            let uses = repeat(
                "message Z {\n",
                n,
                |i| format!("F{i} f{i} = {};\n", number(i)),
                "}\n",
            );
            files.push(("z.proto".into(), format!("{HEAD}{uses}")));
            files
        },
        300,
    ),
];

/// A number for a field, without those that are kept for the implementation.
fn number(i: usize) -> usize {
    if i < 18_000 { i + 1 } else { i + 3000 }
}

/// A name, what makes the files of a size, and a part of what is told.
pub(crate) type Nested = (&'static str, fn(usize) -> Files, &'static str);

/// Inputs that nest, or that are long where others nest: each is refused, with this in a message.
pub(crate) const NESTED: &[Nested] = &[
    (
        "messages",
        |n| {
            one(format!(
                "{HEAD}{}{}",
                "message M {".repeat(n),
                "}".repeat(n)
            ))
        },
        "levels deep",
    ),
    (
        "open messages",
        |n| one(format!("{HEAD}{}", "message M {".repeat(n))),
        "levels deep",
    ),
    (
        "groups",
        |n| {
            one(format!(
                "{HEAD2}message M {{{}{}}}",
                "optional group G = 1 {".repeat(n),
                "}".repeat(n)
            ))
        },
        "levels deep",
    ),
    (
        "groups in oneofs",
        |n| {
            one(format!(
                "{HEAD2}message M {{{}{}}}",
                "oneof o { group G = 1 {".repeat(n),
                "}}".repeat(n)
            ))
        },
        "levels deep",
    ),
    (
        "oneofs",
        |n| {
            one(format!(
                "{HEAD}message M {{{}{}}}",
                "oneof o {".repeat(n),
                "}".repeat(n)
            ))
        },
        "",
    ),
    (
        "extends",
        |n| {
            one(format!(
                "{HEAD2}{}{}",
                "extend M { optional group G = 1 {".repeat(n),
                "}}".repeat(n)
            ))
        },
        "levels deep",
    ),
    (
        "aggregates",
        |n| {
            options(
                1,
                |_| {
                    format!(
                        "option (a) = {{ {} {} }};\n",
                        "a {".repeat(n),
                        "}".repeat(n)
                    )
                },
                "}\n",
            )
        },
        "levels deep",
    ),
    (
        "aggregates with points",
        |n| {
            options(
                1,
                |_| {
                    format!(
                        "option (a) = {{ {} {} }};\n",
                        "a: <".repeat(n),
                        ">".repeat(n)
                    )
                },
                "}\n",
            )
        },
        "levels deep",
    ),
    (
        "lists",
        |n| {
            options(
                1,
                |_| {
                    format!(
                        "option (a) = {{ n: {}{} }};\n",
                        "[".repeat(n),
                        "]".repeat(n)
                    )
                },
                "}\n",
            )
        },
        "",
    ),
    (
        "lists of messages",
        |n| {
            options(
                1,
                |_| {
                    format!(
                        "option (a) = {{ {} {} }};\n",
                        "r: [{".repeat(n),
                        "}]".repeat(n)
                    )
                },
                "}\n",
            )
        },
        "levels deep",
    ),
    (
        "brackets of names",
        |n| {
            options(
                1,
                |_| {
                    format!(
                        "option (a) = {{ {}{}: 1 }};\n",
                        "[".repeat(n),
                        "]".repeat(n)
                    )
                },
                "}\n",
            )
        },
        "",
    ),
    (
        "unknown fields",
        |n| {
            options(
                1,
                |_| {
                    format!(
                        "option (a) = {{ {} {} }};\n",
                        "unknown {".repeat(n),
                        "}".repeat(n)
                    )
                },
                "}\n",
            )
        },
        "",
    ),
    (
        "parentheses",
        |n| {
            options(
                1,
                |_| format!("option {}a{} = 1;\n", "(".repeat(n), ")".repeat(n)),
                "}\n",
            )
        },
        "",
    ),
    (
        "braces that do not close",
        |n| options(1, |_| format!("option (a) = {}", "{".repeat(n)), ""),
        "",
    ),
    (
        "map types",
        |n| {
            one(format!(
                "{HEAD}message M {{ {}int32{} f = 1; }}",
                "map<string, ".repeat(n),
                ">".repeat(n)
            ))
        },
        "",
    ),
    (
        "enums",
        |n| one(format!("{HEAD}{}{}", "enum E {".repeat(n), "}".repeat(n))),
        "",
    ),
    (
        "services",
        |n| {
            one(format!(
                "{HEAD}{}{}",
                "service S { rpc R".repeat(n),
                "}".repeat(n)
            ))
        },
        "",
    ),
];
