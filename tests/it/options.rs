//! Options: parsing what was shown gives the same options.

use proptest::prelude::*;
use rust_svc_build::Options;

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

#[test]
fn every_option_is_a_setter() {
    let options = rust_svc_build::configure()
        .build_client(false)
        .bytes(".")
        .codec_path("::my::Codec");
    // What the table names is what there is: the setters come out of the same table.
    drop(options);
    let mut keys: Vec<_> = Options::TABLE.iter().map(|option| option.key).collect();
    let count = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), count);
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
