//! Texts of protos in what is generated: nothing that rustc, clippy or a reader takes for something else.
//!
//! `compiles` compiles the same fixture, and `src/text.rs` says what each text becomes.

use rust_svc_build::Options;

use crate::support::fixture;

/// Control characters, and those that turn the direction of text.
fn is_hostile(c: char) -> bool {
    let turns = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    turns || c.is_control() && c != '\n'
}

#[test]
fn no_text_of_a_proto_is_in_a_file_as_it_is() {
    let parameters = [
        "errors_catalog=errors,testing",
        "messages=prost,descriptor_set=package",
        "stubs=tonic,client_trait=false",
    ];
    for parameter in parameters {
        let options = Options::parse(parameter).unwrap();
        let generated = fixture("hostile_text").generate(&options);
        for (path, text) in generated.files.iter() {
            for (number, line) in text.lines().enumerate() {
                assert!(
                    !line.contains(is_hostile),
                    "{parameter}: {path}:{}: {line:?}",
                    number + 1
                );
            }
        }
    }
}

#[test]
fn what_a_literal_says_is_what_the_proto_says() {
    let generated = fixture("hostile_text").generate(&Options::default());
    let text = generated.files.get("hostile.v1.rs").unwrap();
    let file = syn::parse_file(text).unwrap();
    let tokens = quote::ToTokens::to_token_stream(&file).to_string();
    for literal in [
        r#""a\r\n\0 \u{202e} */ {} \"'`\\""#,
        r#""https://example.com/\u{202e}\r""#,
        r#"b"a\r\n\x00 \xff */ {} \"\'`\\""#,
    ] {
        assert!(tokens.contains(literal), "{literal}");
    }
}
