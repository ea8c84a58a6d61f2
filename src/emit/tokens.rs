//! From tokens to text.

use proc_macro2::TokenStream;
use quote::quote;

use crate::text;

/// Tokens of ours as formatted source.
pub(super) fn print(tokens: TokenStream) -> String {
    prettyplease::unparse(&parse(tokens))
}

/// A line of documentation.
pub(super) fn doc(line: &str) -> TokenStream {
    let line = match text::line(line) {
        line if line.is_empty() || line.starts_with(' ') => line,
        line => format!(" {line}"),
    };
    quote!(#[doc = #line])
}

/// The lines of a comment of the proto.
pub(super) fn docs(lines: &[String]) -> TokenStream {
    lines.iter().map(|line| doc(line)).collect()
}

/// The lines of a comment of the proto, or a line in its place.
pub(super) fn docs_or(lines: &[String], otherwise: &str) -> TokenStream {
    if lines.is_empty() {
        doc(otherwise)
    } else {
        docs(lines)
    }
}

/// `rpc search_log` has `type search_logStream`, which users of tonic-build have in their code.
pub(super) fn is_camel(name: &str) -> bool {
    name.starts_with(char::is_uppercase) && !name.contains('_')
}

/// Rust out of an option or a name, which was checked when it was read or made.
pub(super) fn rust(text: &str) -> TokenStream {
    text.parse().expect("options and names are Rust")
}

pub(super) fn parse(tokens: TokenStream) -> syn::File {
    syn::parse2(tokens).expect("emitters make Rust")
}
