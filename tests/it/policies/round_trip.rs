//! The service config that is written, read back: the same policies.

use proptest::prelude::*;

use super::{NO_CODE, PLAIN, config, generate};
use crate::support::root;

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
