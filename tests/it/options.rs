//! Options: parsing what was shown gives the same options.

use proptest::prelude::*;
use rust_svc_build::{Builder, DescriptorSet, Messages, Options, Stubs, configure};

use crate::support::fixture;

fn proto_path() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(".".to_owned()),
        "\\.?[a-zA-Z_][a-zA-Z0-9_]{0,5}(\\.[a-zA-Z][a-z0-9]{0,4}){0,3}",
        "\\.[a-z]{1,4}(\\.[A-Z][a-z]{0,4}){0,3}\\$"
    ]
}

fn rust_path() -> impl Strategy<Value = String> {
    "(::|crate::)?x[a-z]{0,4}(::y[a-z]{0,4}){0,2}"
}

/// With what has to be escaped in a parameter: commas, `=` and backslashes.
fn attribute() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec!["=", ",", r"\\", r"\n", "a"]);
    let text = prop::collection::vec(pieces, 0..4).prop_map(|pieces| pieces.concat());
    (text, any::<bool>()).prop_map(|(text, more)| match more {
        true => format!("#[x(a = \"{text}\", b)] #[y]"),
        false => format!("#[x = \"{text}\"]"),
    })
}

/// A value of the shape that the table says.
fn value(shape: &'static str) -> BoxedStrategy<String> {
    let pair = |value: BoxedStrategy<String>| {
        (proto_path(), value)
            .prop_map(|(path, value)| format!("{path}={value}"))
            .boxed()
    };
    match shape {
        "`true`, `false`" => any::<bool>().prop_map(|value| value.to_string()).boxed(),
        "`tree`, `package`, `none`" => prop::sample::select(vec!["tree", "package", "none"])
            .prop_map(str::to_owned)
            .boxed(),
        "`true`, `false`, `all`" => prop::sample::select(vec!["true", "false", "all"])
            .prop_map(str::to_owned)
            .boxed(),
        "`svc`, `prost`" => prop::sample::select(vec!["svc", "prost"])
            .prop_map(str::to_owned)
            .boxed(),
        "`svc`, `tonic`" => prop::sample::select(vec!["svc", "tonic"])
            .prop_map(str::to_owned)
            .boxed(),
        "file" => "[a-z,=]{1,6}(/[a-z,]{1,4}[.][a-z]{0,2}){0,2}".boxed(),
        "JSON file" => "[a-z,=]{1,6}(/[a-z,]{1,4}){0,2}[.]json".boxed(),
        "path of a JSON file" => prop::sample::select(vec!["right.json", "./right.json"])
            .prop_map(|name| format!("../fixtures/policies/{name}"))
            .boxed(),
        "folder" => "([.]/)?[a-z,=]{1,6}(/[a-z,]{1,4}){0,2}/?".boxed(),
        "Rust path" => rust_path().boxed(),
        "proto path" => proto_path().boxed(),
        "proto path`=`Rust path" => pair(rust_path().boxed()),
        "proto path`=`Rust name" => pair("x[a-zA-Z0-9_]{0,8}".boxed()),
        "proto path`=`attribute" => pair(attribute().boxed()),
        "proto path`=`text" => pair("[ -~]{0,10}".boxed()),
        other => panic!("a shape that this test does not know: {other}"),
    }
}

fn pair() -> impl Strategy<Value = (&'static str, String)> {
    prop::sample::select(Options::TABLE)
        .prop_flat_map(|option| value(option.shape).prop_map(move |value| (option.key, value)))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parse_of_show_is_the_same(pairs in prop::collection::vec(pair(), 0..12)) {
        let mut options = Options::default();
        for (key, value) in &pairs {
            options.set(key, value).unwrap_or_else(|error| panic!("{key}={value}: {error}"));
        }
        prop_assert_eq!(Options::parse(&options.show()).unwrap(), options);
    }

    #[test]
    fn no_parameter_is_a_panic(parameter in "\\PC{0,60}") {
        let _ = Options::parse(&parameter);
    }
}

/// The setter of each option, with a value that is not the default, beside the same value as a text.
macro_rules! setters {
    ($($key:ident($text:literal): $setter:ident($($value:expr),+);)*) => {
        vec![$((stringify!($key), $text, configure().$setter($($value),+)),)*]
    };
}

/// Each option: its key, a value, and a builder in which the setter has set that.
fn all_set() -> Vec<(&'static str, &'static str, Builder)> {
    setters! {
        client("false"): build_client(false);
        server("false"): build_server(false);
        transport("false"): build_transport(false);
        default_stubs("true"): generate_default_stubs(true);
        arc_self("true"): use_arc_self(true);
        messages("prost"): messages(Messages::Prost);
        stubs("tonic"): stubs(Stubs::Tonic);
        client_trait("false"): build_client_trait(false);
        testing("true"): testing(true);
        errors("false"): build_errors(false);
        exhaustive_errors("."): exhaustive_errors(["."]);
        errors_catalog("docs/errors"): errors_catalog("docs/errors");
        service_config("../fixtures/policies/right.json"): service_config("../fixtures/policies/right.json");
        service_config_out("a/b.json"): service_config_out("a/b.json");
        allow_retry("."): allow_retry(["."]);
        runtime("false"): runtime(false);
        emit_package("false"): emit_package(false);
        module_tree("false"): module_tree(false);
        include_file("protos.rs"): include_file("protos.rs");
        out_dir("gen"): out_dir("gen");
        descriptor_set("package"): descriptor_set(DescriptorSet::Package);
        imports("false"): generate_imports(false);
        include("a.v1"): include(["a.v1"]);
        exclude("a.v1"): exclude(["a.v1"]);
        extern_path(".a=::x"): extern_path(".a", "::x");
        rename(".a.B=C"): rename(".a.B", "C");
        rename_module(".a.B=c"): rename_module(".a.B", "c");
        bytes("."): bytes(".");
        btree_map("."): btree_map(".");
        boxed("A.b"): boxed("A.b");
        type_attribute(".=#[a]"): type_attribute(".", "#[a]");
        message_attribute(".=#[a]"): message_attribute(".", "#[a]");
        enum_attribute(".=#[a]"): enum_attribute(".", "#[a]");
        oneof_attribute(".=#[a]"): oneof_attribute(".", "#[a]");
        field_attribute(".=#[a]"): field_attribute(".", "#[a]");
        server_attribute(".=#[a]"): server_attribute(".", "#[a]");
        client_attribute(".=#[a]"): client_attribute(".", "#[a]");
        trait_attribute(".=#[a]"): trait_attribute(".", "#[a]");
        server_mod_attribute(".=#[a]"): server_mod_attribute(".", "#[a]");
        client_mod_attribute(".=#[a]"): client_mod_attribute(".", "#[a]");
        module_attribute(".=#[a]"): module_attribute(".", "#[a]");
        disable_comments("."): disable_comments(["."]);
        skip_debug("."): skip_debug(["."]);
        debug_redact("."): debug_redact(["."]);
        allow_inexact("."): allow_inexact(["."]);
        compile_well_known_types("true"): compile_well_known_types(true);
        retain_enum_prefix("true"): retain_enum_prefix(true);
        enable_type_names("true"): enable_type_names(true);
        type_name_domain(".=x"): type_name_domain(".", "x");
        codec_path("::x"): codec_path("::x");
        prost_path("::x"): prost_path("::x");
        prost_types_path("::x"): prost_types_path("::x");
        runtime_path("::x"): runtime_path("::x");
    }
}

#[test]
fn a_setter_sets_what_its_key_sets() {
    let set = all_set();
    let keys: Vec<_> = set.iter().map(|(key, ..)| *key).collect();
    let table: Vec<_> = Options::TABLE.iter().map(|option| option.key).collect();
    assert_eq!(keys, table, "a row of the table has no line here");
    for (key, text, builder) in set {
        let mut options = Options::default();
        options.set(key, text).unwrap();
        assert_ne!(options, Options::default(), "{key}={text}");
        assert_builder_has(&builder, &options);
    }
    // Values of setters that take several come in their order.
    let mut options = Options::default();
    options
        .set("include", "a")
        .and_then(|()| options.set("include", "b"))
        .unwrap();
    assert_builder_has(&configure().include(["a", "b"]), &options);
}

/// A builder shows its options to nobody, but in `Debug`.
fn assert_builder_has(builder: &Builder, options: &Options) {
    let expected = format!("Builder {{ options: {options:?}, problems: [], ");
    let shown = format!("{builder:?}");
    assert!(
        shown.starts_with(&expected),
        "{shown}\ndoes not begin with\n{expected}"
    );
}

#[test]
fn what_is_allowed_or_not_generated_is_not_told() {
    let told = |parameter: &str| {
        let options = Options::parse(parameter).unwrap();
        let warnings = fixture("inexact").generate(&options).warnings;
        let messages = warnings.iter().map(|warning| warning.message().to_owned());
        messages.collect::<Vec<_>>()
    };
    assert_eq!(told("").len(), 3);
    // prost has open enums only.
    assert_eq!(told("messages=prost").len(), 4);
    assert!(told("allow_inexact=.,messages=prost").is_empty());
    let set = "the message `Set` is a message set, which prost cannot read or write";
    let nested = "the enum `Nested` is closed, and prost has open ones only";
    let text = "the field `Legacy.text` can have what is no UTF-8, and a `String` in Rust cannot";
    assert_eq!(
        told(
            "messages=prost,include=.inexact.v1.Legacy,include=.inexact.v1.Set,\
             allow_inexact=Legacy.counts,allow_inexact=other_text,allow_inexact=.inexact.v1.Legacy.texts"
        ),
        [nested, text, set]
    );
    assert_eq!(
        told("include=.inexact.v1.Legacy,allow_inexact=Nested,allow_inexact=Legacy.text"),
        [
            "the field `Legacy.counts` and 2 others can have what is no UTF-8, and a `String` in Rust cannot"
        ]
    );
}
