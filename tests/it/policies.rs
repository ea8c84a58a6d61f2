//! Policies of rpcs, as far as fixtures do not show them: which source wins, and what is told.

use rust_svc_build::{Diagnostic, Error, Generated, Input, Options};

use crate::support::{binary, fixture, stderr, write};

mod round_trip;

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
    let warnings = generate(PLAIN, &[said], "").unwrap().warnings;
    let expected = "a name has no effect: there is no service `Foo`";
    assert_eq!(messages(&warnings), [expected]);

    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.proto", PLAIN);
    write(folder.path(), "b.proto", &PLAIN.replace("a.v1", "b.v1"));
    let input = Input::from_protos(&[folder.path()], &[folder.path()]).unwrap();
    let options = Options::parse("emit_package=false,service_config_out=out.json").unwrap();
    let error = rust_svc_build::generate(&input, &options).unwrap_err();
    let expected = "two services are called `Foo` in the service config of `service_config_out`";
    assert_eq!(messages(error.diagnostics())[0], expected);
}

/// A config may be of another version of the tree: what it names has no effect then, as a path of an option.
#[test]
fn a_name_that_the_tree_does_not_have_is_a_warning() {
    let config =
        |name: &str| format!(r#"{{"methodConfig": [{{"name": [{{{name}}}], "timeout": "1s"}}]}}"#);
    for (name, expected) in [
        (
            r#""service": "google.longrunning.Operations""#,
            "there is no service `google.longrunning.Operations` (give the full name of a service: the package, a dot, and its name)",
        ),
        (
            r#""service": "a.v1.Fo""#,
            "there is no service `a.v1.Fo` (did you mean `a.v1.Foo`?)",
        ),
        (
            r#""service": "a.v1.Foo", "method": " Get""#,
            "the service `a.v1.Foo` has no rpc ` Get` (did you mean `Get`?)",
        ),
        (
            r#""service": "a.v1.Foo", "method": "SetIamPolicy""#,
            "the service `a.v1.Foo` has no rpc `SetIamPolicy` (its rpcs are `Get`, `Put`)",
        ),
    ] {
        let generated = generate(PLAIN, &[&config(name)], "service_config_out=out.json").unwrap();
        let lines: Vec<_> = generated.warnings.iter().map(Diagnostic::to_line).collect();
        let expected = format!("a name has no effect: {expected}");
        assert!(
            lines.len() == 1 && lines[0].ends_with(&expected),
            "{lines:?}"
        );
        assert!(lines[0].contains("0.json:1:"), "{lines:?}");
        assert_eq!(dense(generated.files.get("out.json").unwrap()), "[]");
    }
    // buf runs a plugin once for each folder, each time with the same options.
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "a.json",
        &config(r#""service": "c.Commons2""#),
    );
    let path = folder.path().join("a.json");
    let request = fixture("several_packages").request("buf");
    let warnings = |parameter: &str| {
        let parameter = format!("{parameter},service_config={}", path.display());
        let request = prost::Message::encode_to_vec(&request.clone().with(&parameter));
        rust_svc_build::respond(&request).unwrap().warnings.len()
    };
    assert_eq!(
        warnings("module_tree=false"),
        warnings("module_tree=true") - 1
    );
}

/// Generators of other companies take these, and gRPC refuses them.
#[test]
fn retry_policies_of_service_configs_may_lack_attempts_and_codes() {
    let config = |more: &str| {
        format!(
            r#"{{"methodConfig": [{{"name": [{{"service": "a.v1.Bar"}}], "timeout": "1s", "retryPolicy": {{{more} "initialBackoff": "1s", "maxBackoff": "1s", "backoffMultiplier": 1}}}}]}}"#
        )
    };
    let outcome = |more: &str| {
        let parameter = format!("service_config_out=out.json,allow_retry=.,{NO_CODE}");
        let generated = generate(PLAIN, &[&config(more)], &parameter).unwrap();
        let warnings = messages(&generated.warnings).into_iter();
        let warnings = warnings.map(str::to_owned);
        let warnings: Vec<_> = warnings
            .filter(|message| message.contains("Policy"))
            .collect();
        (warnings, dense(generated.files.get("out.json").unwrap()))
    };
    let (warnings, written) = outcome(r#""retryableStatusCodes": ["ABORTED"],"#);
    assert_eq!(
        warnings,
        ["`retryPolicy` has no `maxAttempts`, and is taken with 5"]
    );
    assert!(
        written.contains(r#""retryPolicy":{"maxAttempts":5,"#),
        "{written}"
    );
    let none = "`retryPolicy` has no `retryableStatusCodes`: no call is sent again";
    let expected = r#"[{"name":[{"service":"a.v1.Bar"}],"timeout":"1s"}]"#;
    for more in [
        r#""maxAttempts": 2,"#,
        r#""maxAttempts": 2, "retryableStatusCodes": [],"#,
    ] {
        let (warnings, written) = outcome(more);
        assert_eq!(
            (warnings, written.as_str()),
            (vec![none.to_owned()], expected),
            "{more}"
        );
    }
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
