//! What protoc rejects, we reject, at the same line: the rules of the language, one mistake each.

use std::process::Command;

use rust_svc_build::{Diagnostic, Input};

use crate::support::{root, skip, stderr};

/// A name and a file with one mistake.
const MISTAKES: &[(&str, &str)] = &[
    // Files.
    ("syntax_unknown", "syntax = \"proto4\";\nmessage A {}"),
    (
        "syntax_without_semicolon",
        "syntax = \"proto3\"\nmessage A {}",
    ),
    ("syntax_second", "package a;\nsyntax = \"proto3\";"),
    ("syntax_twice", "syntax = \"proto3\";\nsyntax = \"proto3\";"),
    (
        "package_twice",
        "syntax = \"proto3\";\npackage a;\npackage b;",
    ),
    (
        "package_with_a_digit",
        "syntax = \"proto3\";\npackage a.1b;",
    ),
    (
        "package_named_like_a_message",
        "syntax = \"proto3\";\npackage a.b;\nimport \"package_a.proto\";",
    ),
    (
        "import_of_nothing",
        "syntax = \"proto3\";\nimport \"nowhere.proto\";",
    ),
    (
        "import_of_itself",
        "syntax = \"proto3\";\nimport \"a.proto\";",
    ),
    (
        "import_twice",
        "syntax = \"proto3\";\nimport \"google/protobuf/any.proto\";\nimport \"google/protobuf/any.proto\";",
    ),
    ("import_not_quoted", "syntax = \"proto3\";\nimport a;"),
    ("statement_unknown", "syntax = \"proto3\";\nstruct A {}"),
    (
        "text_open",
        "syntax = \"proto3\";\noption java_package = \"a;\n",
    ),
    (
        "text_with_a_bad_escape",
        "syntax = \"proto3\";\noption java_package = \"\\q\";",
    ),
    ("comment_open", "syntax = \"proto3\";\n/* a"),
    ("brace_open", "syntax = \"proto3\";\nmessage A {"),
    ("brace_too_many", "syntax = \"proto3\";\nmessage A {}\n}"),
    (
        "octal_number",
        "syntax = \"proto3\";\nmessage A {\n  int32 a = 08;\n}",
    ),
    (
        "letters_behind_a_number",
        "syntax = \"proto3\";\nmessage A {\n  int32 a = 1b;\n}",
    ),
    // Fields.
    (
        "field_without_a_number",
        "syntax = \"proto3\";\nmessage A {\n  int32 a;\n}",
    ),
    (
        "field_number_zero",
        "syntax = \"proto3\";\nmessage A {\n  int32 a = 0;\n}",
    ),
    (
        "field_number_negative",
        "syntax = \"proto3\";\nmessage A {\n  int32 a = -1;\n}",
    ),
    (
        "field_number_too_large",
        "syntax = \"proto3\";\nmessage A {\n  int32 a = 536870912;\n}",
    ),
    (
        "field_number_of_protobuf",
        "syntax = \"proto3\";\nmessage A {\n  int32 a = 19000;\n}",
    ),
    (
        "field_number_twice",
        "syntax = \"proto3\";\nmessage A {\n  int32 a = 1;\n  int32 b = 1;\n}",
    ),
    (
        "field_name_twice",
        "syntax = \"proto3\";\nmessage A {\n  int32 a = 1;\n  int32 a = 2;\n}",
    ),
    (
        "field_named_like_a_type",
        "syntax = \"proto3\";\nmessage A {\n  message b {}\n  int32 b = 1;\n}",
    ),
    (
        "field_with_a_digit_first",
        "syntax = \"proto3\";\nmessage A {\n  int32 1a = 1;\n}",
    ),
    (
        "field_of_an_unknown_type",
        "syntax = \"proto3\";\nmessage A {\n  B b = 1;\n}",
    ),
    (
        "field_of_a_service",
        "syntax = \"proto3\";\nservice S {}\nmessage A {\n  S s = 1;\n}",
    ),
    (
        "field_required_in_proto3",
        "syntax = \"proto3\";\nmessage A {\n  required int32 a = 1;\n}",
    ),
    (
        "field_without_a_label_in_proto2",
        "syntax = \"proto2\";\nmessage A {\n  int32 a = 1;\n}",
    ),
    (
        "field_with_two_labels",
        "syntax = \"proto2\";\nmessage A {\n  optional repeated int32 a = 1;\n}",
    ),
    (
        "group_in_proto3",
        "syntax = \"proto3\";\nmessage A {\n  repeated group B = 1 {}\n}",
    ),
    (
        "group_in_lower_case",
        "syntax = \"proto2\";\nmessage A {\n  optional group b = 1 {}\n}",
    ),
    (
        "json_name_clash",
        "syntax = \"proto3\";\nmessage A {\n  int32 foo_bar = 1;\n  int32 fooBar = 2;\n}",
    ),
    (
        "json_name_chosen_twice",
        "syntax = \"proto3\";\nmessage A {\n  int32 a = 1 [json_name = \"x\"];\n  int32 b = 2 [json_name = \"x\"];\n}",
    ),
    (
        "default_in_proto3",
        "syntax = \"proto3\";\nmessage A {\n  int32 a = 1 [default = 1];\n}",
    ),
    (
        "default_of_a_message",
        "syntax = \"proto2\";\nmessage A {\n  optional A a = 1 [default = {}];\n}",
    ),
    (
        "default_of_a_list",
        "syntax = \"proto2\";\nmessage A {\n  repeated int32 a = 1 [default = 1];\n}",
    ),
    (
        "default_of_another_type",
        "syntax = \"proto2\";\nmessage A {\n  optional int32 a = 1 [default = \"1\"];\n}",
    ),
    (
        "default_too_large",
        "syntax = \"proto2\";\nmessage A {\n  optional int32 a = 1 [default = 2147483648];\n}",
    ),
    (
        "default_negative",
        "syntax = \"proto2\";\nmessage A {\n  optional uint32 a = 1 [default = -1];\n}",
    ),
    (
        "default_of_an_unknown_value",
        "syntax = \"proto2\";\nenum E {\n  Z = 0;\n}\nmessage A {\n  optional E a = 1 [default = Y];\n}",
    ),
    (
        "default_twice",
        "syntax = \"proto2\";\nmessage A {\n  optional int32 a = 1 [default = 1, default = 2];\n}",
    ),
    (
        "packed_text",
        "syntax = \"proto2\";\nmessage A {\n  repeated string a = 1 [packed = true];\n}",
    ),
    (
        "packed_alone",
        "syntax = \"proto2\";\nmessage A {\n  optional int32 a = 1 [packed = true];\n}",
    ),
    (
        "lazy_number",
        "syntax = \"proto2\";\nmessage A {\n  optional int32 a = 1 [lazy = true];\n}",
    ),
    (
        "jstype_of_a_text",
        "syntax = \"proto2\";\nmessage A {\n  optional string a = 1 [jstype = JS_STRING];\n}",
    ),
    // Oneofs and maps.
    (
        "oneof_empty",
        "syntax = \"proto3\";\nmessage A {\n  oneof o {}\n}",
    ),
    (
        "oneof_with_a_label",
        "syntax = \"proto3\";\nmessage A {\n  oneof o {\n    repeated int32 a = 1;\n  }\n}",
    ),
    (
        "oneof_with_a_map",
        "syntax = \"proto3\";\nmessage A {\n  oneof o {\n    map<int32, int32> a = 1;\n  }\n}",
    ),
    (
        "oneof_twice",
        "syntax = \"proto3\";\nmessage A {\n  oneof o {\n    int32 a = 1;\n  }\n  oneof o {\n    int32 b = 2;\n  }\n}",
    ),
    (
        "map_of_floats",
        "syntax = \"proto3\";\nmessage A {\n  map<float, int32> a = 1;\n}",
    ),
    (
        "map_of_bytes",
        "syntax = \"proto3\";\nmessage A {\n  map<bytes, int32> a = 1;\n}",
    ),
    (
        "map_of_messages",
        "syntax = \"proto3\";\nmessage A {\n  map<A, int32> a = 1;\n}",
    ),
    (
        "map_of_maps",
        "syntax = \"proto3\";\nmessage A {\n  map<int32, map<int32, int32>> a = 1;\n}",
    ),
    (
        "map_with_a_label",
        "syntax = \"proto3\";\nmessage A {\n  repeated map<int32, int32> a = 1;\n}",
    ),
    (
        "map_entry_by_hand",
        "syntax = \"proto3\";\nmessage A {\n  option map_entry = true;\n}",
    ),
    (
        "map_entry_clash",
        "syntax = \"proto3\";\nmessage A {\n  map<int32, int32> foo = 1;\n  message FooEntry {}\n}",
    ),
    // Reserved and extensions.
    (
        "reserved_number_used",
        "syntax = \"proto3\";\nmessage A {\n  reserved 1;\n  int32 a = 1;\n}",
    ),
    (
        "reserved_name_used",
        "syntax = \"proto3\";\nmessage A {\n  reserved \"a\";\n  int32 a = 1;\n}",
    ),
    (
        "reserved_twice",
        "syntax = \"proto3\";\nmessage A {\n  reserved 1 to 3;\n  reserved 3;\n}",
    ),
    (
        "reserved_name_twice",
        "syntax = \"proto3\";\nmessage A {\n  reserved \"a\";\n  reserved \"a\";\n}",
    ),
    (
        "reserved_backwards",
        "syntax = \"proto3\";\nmessage A {\n  reserved 3 to 1;\n}",
    ),
    (
        "reserved_mixed",
        "syntax = \"proto3\";\nmessage A {\n  reserved 1, \"a\";\n}",
    ),
    (
        "extensions_in_proto3",
        "syntax = \"proto3\";\nmessage A {\n  extensions 1 to 2;\n}",
    ),
    (
        "extensions_used",
        "syntax = \"proto2\";\nmessage A {\n  extensions 1 to 2;\n  optional int32 a = 1;\n}",
    ),
    (
        "extensions_reserved",
        "syntax = \"proto2\";\nmessage A {\n  extensions 1 to 2;\n  reserved 2;\n}",
    ),
    (
        "extension_outside",
        "syntax = \"proto2\";\nmessage A {\n  extensions 1 to 2;\n}\nextend A {\n  optional int32 a = 3;\n}",
    ),
    (
        "extension_twice",
        "syntax = \"proto2\";\nmessage A {\n  extensions 1 to 2;\n}\nextend A {\n  optional int32 a = 1;\n  optional int32 b = 1;\n}",
    ),
    (
        "extension_of_nothing",
        "syntax = \"proto2\";\nextend A {\n  optional int32 a = 3;\n}",
    ),
    (
        "extension_required",
        "syntax = \"proto2\";\nmessage A {\n  extensions 1 to 2;\n}\nextend A {\n  required int32 a = 1;\n}",
    ),
    (
        "extension_with_a_json_name",
        "syntax = \"proto2\";\nmessage A {\n  extensions 1 to 2;\n}\nextend A {\n  optional int32 a = 1 [json_name = \"x\"];\n}",
    ),
    (
        "extension_in_proto3",
        "syntax = \"proto3\";\nimport \"proto2.proto\";\nextend Extended {\n  int32 a = 1;\n}",
    ),
    (
        "message_set_with_a_field",
        "syntax = \"proto2\";\nmessage A {\n  option message_set_wire_format = true;\n  optional int32 a = 1;\n}",
    ),
    // Enums.
    ("enum_empty", "syntax = \"proto3\";\nenum E {}"),
    (
        "enum_without_zero",
        "syntax = \"proto3\";\nenum E {\n  A = 1;\n}",
    ),
    (
        "enum_number_twice",
        "syntax = \"proto3\";\nenum E {\n  A = 0;\n  B = 0;\n}",
    ),
    (
        "enum_name_twice",
        "syntax = \"proto3\";\nenum E {\n  A = 0;\n  A = 1;\n}",
    ),
    (
        "enum_names_in_one_scope",
        "syntax = \"proto3\";\nenum E {\n  A = 0;\n}\nenum F {\n  A = 0;\n}",
    ),
    (
        "enum_number_too_large",
        "syntax = \"proto3\";\nenum E {\n  A = 0;\n  B = 2147483648;\n}",
    ),
    (
        "enum_alias_of_nothing",
        "syntax = \"proto3\";\nenum E {\n  option allow_alias = true;\n  A = 0;\n  B = 1;\n}",
    ),
    (
        "enum_alias_not_wanted",
        "syntax = \"proto3\";\nenum E {\n  option allow_alias = false;\n  A = 0;\n}",
    ),
    (
        "enum_reserved_number_used",
        "syntax = \"proto3\";\nenum E {\n  A = 0;\n  reserved 0;\n}",
    ),
    (
        "enum_reserved_name_used",
        "syntax = \"proto3\";\nenum E {\n  A = 0;\n  reserved \"A\";\n}",
    ),
    (
        "enum_names_alike",
        "syntax = \"proto3\";\nenum Kind {\n  KIND_A = 0;\n  A = 1;\n}",
    ),
    (
        "enum_closed_in_proto3",
        "syntax = \"proto3\";\nimport \"proto2.proto\";\nmessage A {\n  Closed a = 1;\n}",
    ),
    // Services.
    (
        "rpc_of_a_number",
        "syntax = \"proto3\";\nmessage A {}\nservice S {\n  rpc R(int32) returns (A);\n}",
    ),
    (
        "rpc_of_an_enum",
        "syntax = \"proto3\";\nenum E {\n  Z = 0;\n}\nmessage A {}\nservice S {\n  rpc R(A) returns (E);\n}",
    ),
    (
        "rpc_of_an_unknown_type",
        "syntax = \"proto3\";\nservice S {\n  rpc R(A) returns (A);\n}",
    ),
    (
        "rpc_twice",
        "syntax = \"proto3\";\nmessage A {}\nservice S {\n  rpc R(A) returns (A);\n  rpc R(A) returns (A);\n}",
    ),
    (
        "rpc_without_an_answer",
        "syntax = \"proto3\";\nmessage A {}\nservice S {\n  rpc R(A);\n}",
    ),
    (
        "service_twice",
        "syntax = \"proto3\";\nservice S {}\nservice S {}",
    ),
    (
        "service_named_like_a_message",
        "syntax = \"proto3\";\nmessage S {}\nservice S {}",
    ),
    // Options.
    (
        "option_unknown",
        "syntax = \"proto3\";\noption nothing = 1;",
    ),
    (
        "option_of_another_type",
        "syntax = \"proto3\";\noption java_package = 1;",
    ),
    (
        "option_twice",
        "syntax = \"proto3\";\noption java_package = \"a\";\noption java_package = \"b\";",
    ),
    (
        "option_not_imported",
        "syntax = \"proto3\";\noption (nowhere.option) = 1;",
    ),
    (
        "option_no_boolean",
        "syntax = \"proto3\";\nmessage A {\n  option deprecated = maybe;\n}",
    ),
    (
        "option_of_an_unknown_value",
        "syntax = \"proto3\";\noption optimize_for = NOTHING;",
    ),
    (
        "option_uninterpreted",
        "syntax = \"proto3\";\noption uninterpreted_option = {};",
    ),
    (
        "option_too_large",
        "syntax = \"proto3\";\nimport \"options.proto\";\noption (small) = 2147483648;",
    ),
    (
        "option_of_a_message_without_a_field",
        "syntax = \"proto3\";\nimport \"options.proto\";\noption (large).nothing = 1;",
    ),
    (
        "option_of_a_message_twice",
        "syntax = \"proto3\";\nimport \"options.proto\";\noption (large).text = \"a\";\noption (large).text = \"b\";",
    ),
    (
        "option_for_another_thing",
        "syntax = \"proto3\";\nimport \"options.proto\";\nmessage A {\n  option (small) = 1;\n}",
    ),
    // Editions.
    ("edition_unknown", "edition = \"2099\";\nmessage A {}"),
    (
        "edition_with_a_syntax",
        "edition = \"2023\";\nsyntax = \"proto3\";",
    ),
    (
        "edition_with_optional",
        "edition = \"2023\";\nmessage A {\n  optional int32 a = 1;\n}",
    ),
    (
        "edition_with_required",
        "edition = \"2023\";\nmessage A {\n  required int32 a = 1;\n}",
    ),
    (
        "edition_with_a_group",
        "edition = \"2023\";\nmessage A {\n  repeated group G = 1 {}\n}",
    ),
    (
        "edition_with_quoted_names",
        "edition = \"2023\";\nmessage A {\n  reserved \"a\";\n}",
    ),
    (
        "edition_with_an_unknown_feature",
        "edition = \"2023\";\noption features.nothing = OPEN;",
    ),
    (
        "edition_with_an_unknown_value",
        "edition = \"2023\";\noption features.enum_type = AJAR;",
    ),
    (
        "edition_with_a_feature_elsewhere",
        "edition = \"2023\";\nmessage A {\n  option features.enum_type = OPEN;\n}",
    ),
    (
        "edition_open_without_zero",
        "edition = \"2023\";\nenum E {\n  A = 1;\n}",
    ),
    (
        "edition_list_with_presence",
        "edition = \"2023\";\nmessage A {\n  repeated int32 a = 1 [features.field_presence = EXPLICIT];\n}",
    ),
    (
        "edition_oneof_with_presence",
        "edition = \"2023\";\nmessage A {\n  oneof o {\n    int32 a = 1 [features.field_presence = IMPLICIT];\n  }\n}",
    ),
    (
        "edition_message_without_presence",
        "edition = \"2023\";\nmessage A {\n  A a = 1 [features.field_presence = IMPLICIT];\n}",
    ),
    (
        "edition_default_without_presence",
        "edition = \"2023\";\nmessage A {\n  int32 a = 1 [features.field_presence = IMPLICIT, default = 1];\n}",
    ),
    (
        "edition_closed_without_presence",
        "edition = \"2023\";\nenum E {\n  option features.enum_type = CLOSED;\n  A = 0;\n}\nmessage M {\n  E e = 1 [features.field_presence = IMPLICIT];\n}",
    ),
    (
        "edition_packed_option",
        "edition = \"2023\";\nmessage A {\n  repeated int32 a = 1 [packed = true];\n}",
    ),
    (
        "edition_encoding_of_one",
        "edition = \"2023\";\nmessage A {\n  int32 a = 1 [features.repeated_field_encoding = PACKED];\n}",
    ),
    (
        "edition_packed_text",
        "edition = \"2023\";\nmessage A {\n  repeated string a = 1 [features.repeated_field_encoding = PACKED];\n}",
    ),
    (
        "edition_utf8_of_a_number",
        "edition = \"2023\";\nmessage A {\n  int32 a = 1 [features.utf8_validation = NONE];\n}",
    ),
    (
        "edition_delimited_number",
        "edition = \"2023\";\nmessage A {\n  int32 a = 1 [features.message_encoding = DELIMITED];\n}",
    ),
    (
        "features_in_proto3",
        "syntax = \"proto3\";\noption features.field_presence = EXPLICIT;",
    ),
    ("export_in_2023", "edition = \"2023\";\nexport message A {}"),
    (
        "import_option_in_2023",
        "edition = \"2023\";\nimport option \"options.proto\";",
    ),
    (
        "import_weak_in_2024",
        "edition = \"2024\";\nimport weak \"options.proto\";",
    ),
    (
        "local_of_another_file",
        "edition = \"2024\";\nimport \"local.proto\";\nmessage A {\n  Local a = 1;\n}",
    ),
];

/// What the files above import.
const IMPORTED: [(&str, &str); 4] = [
    ("package_a.proto", "syntax = \"proto3\";\nmessage a {}"),
    (
        "proto2.proto",
        "syntax = \"proto2\";\nenum Closed {\n  Z = 0;\n}\nmessage Extended {\n  extensions 1 to 10;\n}",
    ),
    (
        "options.proto",
        "syntax = \"proto3\";\nimport \"google/protobuf/descriptor.proto\";\nmessage Large {\n  string text = 1;\n}\nextend google.protobuf.FileOptions {\n  int32 small = 50001;\n  Large large = 50002;\n}",
    ),
    ("local.proto", "edition = \"2024\";\nlocal message Local {}"),
];

#[test]
fn what_protoc_rejects_we_reject() {
    let protoc = root().join("target/tools/bin/protoc");
    let has_protoc = protoc.exists();
    if !has_protoc {
        skip(
            "what_protoc_rejects_we_reject",
            "there is no protoc to compare with",
        );
    }
    let mut wrong = Vec::new();
    for (name, text) in MISTAKES {
        let folder = tempfile::tempdir().unwrap();
        for (file, text) in IMPORTED.iter().chain(&[("a.proto", *text)]) {
            std::fs::write(folder.path().join(file), text).unwrap();
        }
        let ours = Input::from_protos(&[folder.path().join("a.proto")], &[folder.path()]);
        match ours {
            Ok(_) => wrong.push(format!("{name}: accepted")),
            Err(error) => {
                let mut problems = error.diagnostics().iter();
                let has_line = |problem: &Diagnostic| {
                    let place = problem.place();
                    place.is_some_and(|place| place.position.is_some())
                };
                if !problems.all(has_line) {
                    wrong.push(format!("{name}: without a line: {}", error.to_lines()));
                }
            }
        }
        if has_protoc {
            let output = Command::new(&protoc)
                .arg("-I")
                .arg(folder.path())
                .args(["-o", "/dev/null", "a.proto"])
                .output()
                .unwrap();
            if output.status.success() {
                wrong.push(format!("{name}: protoc accepts it: {}", stderr(&output)));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        MISTAKES.len(),
        wrong.join("\n")
    );
}
