//! Policies of rpcs, as far as fixtures do not show them: which source wins, and that what is written is read back.

use proptest::prelude::*;
use rust_svc_build::{Diagnostic, Error, Generated, Input, Options};

use crate::support::{binary, fixture, root, stderr, write};

/// Two services, whose rpcs say something where a marker is.
const PROTO: &str = r#"syntax = "proto3";
package a.v1;
import "rust_svc/v1/options.proto";
message M {}
service Foo {
  option (rust_svc.v1.service) = {timeout: {seconds: 1} wait_for_ready: true max_request_bytes: 10};
  rpc Get(M) returns (M) { option (rust_svc.v1.method) = {timeout: {seconds: 2} max_response_bytes: 20}; }
  rpc Put(M) returns (M);
}
service Bar {
  rpc Get(M) returns (M);
}
"#;

/// The tree of [`PROTO`] without options.
const PLAIN: &str = r#"syntax = "proto3";
package a.v1;
message M {}
service Foo {
  rpc Get(M) returns (M);
  rpc Put(M) returns (M);
}
service Bar {
  rpc Get(M) returns (M);
}
"#;

/// What a proto, service configs and a parameter generate.
fn generate(proto: &str, configs: &[&str], parameter: &str) -> Result<Generated, Error> {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.proto", proto);
    let mut options = Options::parse(parameter).unwrap();
    for (index, config) in configs.iter().enumerate() {
        let name = format!("{index}.json");
        write(folder.path(), &name, config);
        let path = folder.path().join(name);
        options
            .set("service_config", path.to_str().unwrap())
            .unwrap();
    }
    let input = Input::from_protos(&[folder.path()], &[folder.path()])?;
    rust_svc_build::generate(&input, &options)
}

/// Nothing for rpcs, whose code takes its time.
const NO_CODE: &str = "client=false,server=false,runtime=false";

/// The service config that is written.
fn config(proto: &str, configs: &[&str]) -> String {
    let parameter = format!("service_config_out=out.json,{NO_CODE}");
    let generated = generate(proto, configs, &parameter).unwrap();
    generated.files.get("out.json").unwrap().to_owned()
}

/// Without spaces, and without the beginning that all have.
fn dense(config: &str) -> String {
    let dense: String = config.split_whitespace().collect();
    let members = dense.strip_prefix(r#"{"generator":"protoc-gen-rust-svc","methodConfig":"#);
    members
        .unwrap_or_else(|| panic!("{config}"))
        .trim_end_matches('}')
        .to_owned()
}

fn messages(diagnostics: &[Diagnostic]) -> Vec<&str> {
    diagnostics.iter().map(Diagnostic::message).collect()
}

#[test]
fn an_rpc_wins_over_its_service_field_by_field() {
    let written = dense(&config(PROTO, &[]));
    let get = r#"[{"name":[{"service":"a.v1.Foo","method":"Get"}],"waitForReady":true,"timeout":"2s","maxRequestMessageBytes":10,"maxResponseMessageBytes":20}"#;
    let put = r#"{"name":[{"service":"a.v1.Foo","method":"Put"}],"waitForReady":true,"timeout":"1s","maxRequestMessageBytes":10}]"#;
    assert_eq!(written, format!("{get},{put}"));
}

#[test]
fn a_service_config_wins_over_protos_field_by_field() {
    let said = r#"{"methodConfig": [{"name": [{"service": "a.v1.Foo", "method": "Get"}], "timeout": "0.5s", "waitForReady": false}]}"#;
    let written = dense(&config(PROTO, &[said]));
    let get = r#"[{"name":[{"service":"a.v1.Foo","method":"Get"}],"waitForReady":false,"timeout":"0.5s","maxRequestMessageBytes":10,"maxResponseMessageBytes":20}"#;
    assert!(written.starts_with(get), "{written}");
    // The descriptor of the rpc has it as well.
    let generated = generate(PROTO, &[said], "").unwrap();
    let text = generated.files.get("a.v1.rs").unwrap();
    let constant = text
        .split_once("pub const GET: ")
        .unwrap()
        .1
        .split_once(";\n")
        .unwrap()
        .0;
    for call in [
        "v1::duration(0, 500_000_000)",
        "v1::fail_fast(",
        "v1::max_response_bytes(",
    ] {
        assert!(constant.contains(call), "{call}: {constant}");
    }
}

/// gRFC A2: the config with the most exact name counts, and nothing of the others.
#[test]
fn the_most_exact_name_counts_alone() {
    let first = r#"{"methodConfig": [
        {"name": [{}], "timeout": "1s", "waitForReady": true},
        {"name": [{"service": "a.v1.Foo", "method": "Get"}], "timeout": "3s"}
    ]}"#;
    let second = r#"{"methodConfig": [
        {"name": [{"service": "a.v1.Foo", "method": ""}], "timeout": "2s", "maxRequestMessageBytes": 1}
    ]}"#;
    let expected = [
        r#"[{"name":[{"service":"a.v1.Foo","method":"Get"}],"timeout":"3s"}"#,
        r#"{"name":[{"service":"a.v1.Foo","method":"Put"}],"timeout":"2s","maxRequestMessageBytes":1}"#,
        r#"{"name":[{"service":"a.v1.Bar"}],"waitForReady":true,"timeout":"1s"}]"#,
    ];
    assert_eq!(dense(&config(PLAIN, &[first, second])), expected.join(","));
    assert_eq!(dense(&config(PLAIN, &[second, first])), expected.join(","));
}

#[test]
fn rpcs_that_share_a_policy_are_grouped() {
    let all = r#"{"methodConfig": [{"name": [{}], "timeout": "1s"}]}"#;
    let expected = r#"[{"name":[{"service":"a.v1.Foo"},{"service":"a.v1.Bar"}],"timeout":"1s"}]"#;
    assert_eq!(dense(&config(PLAIN, &[all])), expected);
    let some = r#"{"methodConfig": [{"name": [{"service": "a.v1.Bar"}, {"service": "a.v1.Foo", "method": "Put"}], "timeout": "1s"}]}"#;
    let expected = r#"[{"name":[{"service":"a.v1.Foo","method":"Put"},{"service":"a.v1.Bar"}],"timeout":"1s"}]"#;
    assert_eq!(dense(&config(PLAIN, &[some])), expected);
    assert_eq!(dense(&config(PLAIN, &[])), "[]");
    // What is not generated is not written.
    let generated = generate(
        PLAIN,
        &[all],
        "service_config_out=out.json,include=a.v1.Bar",
    )
    .unwrap();
    let expected = r#"[{"name":[{"service":"a.v1.Bar"}],"timeout":"1s"}]"#;
    assert_eq!(dense(generated.files.get("out.json").unwrap()), expected);
}

#[test]
fn the_throttling_of_a_config_is_for_the_services_that_it_names() {
    let throttling = r#""retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}"#;
    let of_bar = format!(
        r#"{{"methodConfig": [{{"name": [{{"service": "a.v1.Bar"}}], "timeout": "1s"}}], {throttling}}}"#
    );
    let of_all = format!("{{{throttling}}}");
    let throttled = |configs: &[&str]| {
        let generated = generate(PLAIN, configs, "").unwrap();
        let text = generated.files.get("a.v1.rs").unwrap();
        let modules = text.split("pub mod ");
        let throttled = modules.filter(|module| module.contains("v1::retry_throttling("));
        let names: Vec<_> = throttled.map(|module| module[..3].to_owned()).collect();
        names
    };
    assert_eq!(throttled(&[&of_bar]), ["bar"]);
    assert_eq!(throttled(&[&of_all]), ["foo", "bar"]);
}

#[test]
fn a_config_has_one_throttling() {
    let proto = |ratio: &str| {
        let option = |ratio: &str| {
            format!(
                "option (rust_svc.v1.service).retry_throttling = {{max_tokens: 9 token_ratio: {ratio}}};"
            )
        };
        let import = "message M {}\nimport \"rust_svc/v1/options.proto\";";
        PLAIN
            .replace("message M {}", import)
            .replace(
                "service Foo {",
                &format!("service Foo {{\n{}", option("0.1")),
            )
            .replace(
                "service Bar {",
                &format!("service Bar {{\n{}", option(ratio)),
            )
    };
    let same = config(&proto("0.1"), &[]);
    assert_eq!(
        dense(&same),
        r#"[],"retryThrottling":{"maxTokens":9,"tokenRatio":0.1"#
    );
    let differing = proto("0.25");
    let error = generate(&differing, &[], "service_config_out=out.json").unwrap_err();
    let expected = "`a.v1.Bar` and `a.v1.Foo` have different throttlings, and the service config of `service_config_out` has one";
    assert_eq!(messages(error.diagnostics()), [expected]);
    assert_eq!(error.diagnostics()[0].labels().len(), 2);
    // One of them alone can be said.
    for parameter in ["", "service_config_out=out.json,include=a.v1.Bar"] {
        assert!(generate(&differing, &[], parameter).is_ok(), "{parameter}");
    }
}

#[test]
fn names_are_those_of_paths() {
    let said = r#"{"methodConfig": [{"name": [{"service": "Foo"}], "timeout": "1s"}]}"#;
    let generated = generate(
        PLAIN,
        &[said],
        "emit_package=false,service_config_out=out.json",
    )
    .unwrap();
    let expected = r#"[{"name":[{"service":"Foo"}],"timeout":"1s"}]"#;
    assert_eq!(dense(generated.files.get("out.json").unwrap()), expected);
    let error = generate(PLAIN, &[said], "").unwrap_err();
    assert_eq!(
        messages(error.diagnostics()),
        ["there is no service `Foo` in this tree"]
    );

    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.proto", PLAIN);
    write(folder.path(), "b.proto", &PLAIN.replace("a.v1", "b.v1"));
    let input = Input::from_protos(&[folder.path()], &[folder.path()]).unwrap();
    let options = Options::parse("emit_package=false,service_config_out=out.json").unwrap();
    let error = rust_svc_build::generate(&input, &options).unwrap_err();
    let expected = "two services are called `Foo` in the service config of `service_config_out`";
    assert_eq!(messages(error.diagnostics())[0], expected);
}

/// Configs are shared by trees: another package is no mistake, and another service of ours is one.
#[test]
fn a_service_of_another_package_is_a_warning() {
    let config = |service: &str| {
        format!(
            r#"{{"methodConfig": [{{"name": [{{"service": "{service}"}}], "timeout": "1s"}}]}}"#
        )
    };
    let warnings = generate(PLAIN, &[&config("google.longrunning.Operations")], "")
        .unwrap()
        .warnings;
    let expected = "there is no service `google.longrunning.Operations` in this tree";
    assert_eq!(messages(&warnings), [expected]);
    let error = generate(PLAIN, &[&config("a.v1.X")], "").unwrap_err();
    assert_eq!(
        messages(error.diagnostics()),
        ["there is no service `a.v1.X` in this tree"]
    );
    // buf runs a plugin once for each folder, each time with the same options.
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.json", &config("c.Commons2"));
    let path = folder.path().join("a.json");
    let request = fixture("several_packages").request("buf");
    let respond = |parameter: &str| {
        let parameter = format!("{parameter},service_config={}", path.display());
        request.clone().with(&parameter).respond().error
    };
    assert_eq!(respond("module_tree=false"), None);
    let error = respond("module_tree=true").unwrap();
    assert!(
        error.contains("there is no service `c.Commons2` in this tree"),
        "{error}"
    );
}

#[test]
fn one_policy_of_many_rpcs_is_one_warning() {
    let said = r#"{"methodConfig": [{"name": [{}], "hedgingPolicy": {"maxAttempts": 2}}]}"#;
    let told = |parameter: &str| {
        let warnings = generate(PLAIN, &[said], parameter).unwrap().warnings;
        let texts = warnings.iter().map(|warning| {
            let (_, path) = warning.help().unwrap().split_once("meant by ").unwrap();
            format!("{}; {path}", warning.message())
        });
        texts.collect::<Vec<_>>()
    };
    let end = "again, whose `idempotency_level` is unknown";
    let all = format!(
        "the hedging policy sends calls of `a.v1.Foo.Get` and 2 others {end}; `allow_retry=.a.v1.Foo.Get`, `allow_retry=.a.v1.Foo.Put`, `allow_retry=.a.v1.Bar.Get`"
    );
    assert_eq!(told(""), [all]);
    let of_foo = format!(
        "the hedging policy sends calls of `a.v1.Foo.Get` and another rpc {end}; `allow_retry=.a.v1.Foo`"
    );
    assert_eq!(told("allow_retry=.a.v1.Bar"), [of_foo]);
    let of_bar = format!(
        "the hedging policy sends calls of `a.v1.Bar.Get` {end}; `allow_retry=.a.v1.Bar.Get`"
    );
    assert_eq!(told("include=a.v1.Bar"), [of_bar]);
    assert_eq!(told("allow_retry=."), [""; 0]);
}

/// A file that is not there, and paths that are no place for the one that is written.
#[test]
fn paths_of_fooervice_configs() {
    for (parameter, expected) in [
        ("service_config=nowhere.json", "the file cannot be read"),
        (
            "service_config=nowhere.json",
            "relative to the folder in which the generator runs",
        ),
        (
            "service_config_out=out.txt",
            "`out.txt` does not end in `.json`",
        ),
        ("service_config_out=../out.json", "below the output folder"),
    ] {
        let error = Options::parse(parameter).unwrap_err().to_lines();
        let is_told =
            error.contains(&format!("option `{parameter}`: ")) && error.contains(expected);
        assert!(is_told, "{parameter}: {error}");
    }
    let parameter = "service_config_out=errors.json,errors_catalog=errors";
    let error = generate(PLAIN, &[], parameter).unwrap_err().to_lines();
    assert!(
        error.contains("two generated files would be called `errors.json`"),
        "{error}"
    );
}

/// The path is one from where the command runs.
#[test]
fn the_command_reads_and_writes_service_configs() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "proto/a.proto", PLAIN);
    let said = r#"{"methodConfig": [{"name": [{}], "timeout": "0s"}]}"#;
    write(folder.path(), "a.json", said);
    let compile = || {
        binary()
            .current_dir(folder.path())
            .args(["compile", "-I", "proto", "--out", "out", "--opt"])
            .arg("service_config=a.json,service_config_out=out.json")
            .arg("proto")
            .output()
            .unwrap()
    };
    let output = compile();
    assert!(!output.status.success());
    assert!(
        stderr(&output).contains("a.json:1:45"),
        "{}",
        stderr(&output)
    );
    write(folder.path(), "a.json", &said.replace("0s", "1s"));
    let output = compile();
    assert!(output.status.success(), "{}", stderr(&output));
    let written = std::fs::read_to_string(folder.path().join("out/out.json")).unwrap();
    assert!(written.contains(r#""timeout": "1s""#), "{written}");
}

/// A proto without the options that are ours.
fn without_options(proto: &str) -> String {
    let mut text = String::new();
    let mut rest = proto;
    while let Some((before, option)) = rest.split_once("option (rust_svc.") {
        text += before;
        rest = option.split_once(";\n").expect("an option ends its line").1;
    }
    text + rest
}

/// What is written from options of protos is the same policies when it is read.
#[test]
fn what_is_written_is_read_back() {
    let path = root().join("fixtures/policies/policies/v1/policies.proto");
    let proto = std::fs::read_to_string(path).unwrap();
    let written = config(&proto, &[]);
    assert!(
        written.contains("hedgingPolicy") && written.contains("retryThrottling"),
        "{written}"
    );
    let plain = without_options(&proto);
    assert!(!plain.contains("rust_svc.v1"), "{plain}");
    assert_eq!(config(&plain, &[&written]), written);
    let right = std::fs::read_to_string(root().join("fixtures/policies/right.json")).unwrap();
    let written = config(&proto, &[&right]);
    assert_eq!(config(&plain, &[&written]), written);
}

/// A duration of more than 0.
fn duration() -> impl Strategy<Value = String> {
    (0..315_576_000_000_u64, 1..1_000_000_000_u32)
        .prop_map(|(seconds, nanos)| format!("\"{seconds}.{nanos:09}s\""))
}

fn codes(least: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(1..17, least..6).prop_map(|codes| format!("{codes:?}"))
}

fn attempts() -> impl Strategy<Value = String> {
    let retry = (2..9_u32, duration(), duration(), 0.001..1e6_f32, codes(1));
    let retry = retry.prop_map(|(attempts, initial, max, multiplier, codes)| {
        format!(
            r#""retryPolicy": {{"maxAttempts": {attempts}, "initialBackoff": {initial}, "maxBackoff": {max}, "backoffMultiplier": {multiplier}, "retryableStatusCodes": {codes}}},"#
        )
    });
    let hedging = (2..9_u32, duration(), codes(0)).prop_map(|(attempts, delay, codes)| {
        format!(
            r#""hedgingPolicy": {{"maxAttempts": {attempts}, "hedgingDelay": {delay}, "nonFatalStatusCodes": {codes}}},"#
        )
    });
    prop_oneof![Just(String::new()), retry, hedging]
}

fn method_config(name: &'static str) -> impl Strategy<Value = String> {
    let wait = prop::option::of(any::<bool>());
    let bytes = prop::option::of(any::<u32>());
    let parts = (attempts(), prop::option::of(duration()), wait, bytes);
    parts.prop_map(move |(attempts, timeout, wait, bytes)| {
        let [timeout, wait, bytes] = [
            timeout.map(|timeout| format!("\"timeout\": {timeout},")),
            wait.map(|wait| format!("\"waitForReady\": {wait},")),
            bytes.map(|bytes| format!("\"maxRequestMessageBytes\": \"{bytes}\",")),
        ]
        .map(Option::unwrap_or_default);
        format!("{{{attempts}{timeout}{wait}{bytes}\"name\": [{name}]}}")
    })
}

fn service_config() -> impl Strategy<Value = String> {
    let methods = (
        method_config("{}"),
        method_config(r#"{"service": "a.v1.Foo"}"#),
        method_config(r#"{"service": "a.v1.Foo", "method": "Put"}"#),
    );
    let throttling = (1..1001_u32, 1..1_000_001_u32).prop_map(|(tokens, ratio)| {
        let ratio = f64::from(ratio) / 1000.0;
        format!(r#", "retryThrottling": {{"maxTokens": {tokens}, "tokenRatio": {ratio}}}"#)
    });
    (methods, prop::option::of(throttling)).prop_map(|((all, service, rpc), throttling)| {
        let throttling = throttling.unwrap_or_default();
        format!("{{\"methodConfig\": [{all}, {service}, {rpc}]{throttling}}}")
    })
}

/// Each number that is written: those that numbers in Rust and in JSON have in common.
fn numbers(config: &str) -> Vec<f64> {
    let words = config.split(|c: char| !c.is_ascii_digit() && c != '.');
    words.filter_map(|word| word.parse().ok()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_policy_is_written_as_it_is_read(said in service_config()) {
        let written = config(PLAIN, &[&said]);
        prop_assert_eq!(&config(PLAIN, &[&written]), &written);
        // Nothing is there that was not said, but for the most attempts.
        let said = numbers(&said);
        for number in numbers(&written) {
            prop_assert!(number == 1.0 || number == 5.0 || said.contains(&number), "{}", number);
        }
    }

    #[test]
    fn no_service_config_is_a_panic(text in r#"[\[\]{}",:0-9a-z\\.\n -]{0,40}|\PC{0,40}"#) {
        let _ = generate(PLAIN, &[&text], NO_CODE);
    }
}
