//! From tokens to text.

use proc_macro2::TokenStream;

/// Tokens of ours as formatted source.
pub(super) fn print(tokens: TokenStream) -> String {
    prettyplease::unparse(&parse(tokens))
}

/// Rust out of an option or a name, which was checked when it was read or made.
pub(super) fn rust(text: &str) -> TokenStream {
    text.parse().expect("options and names are Rust")
}

pub(super) fn parse(tokens: TokenStream) -> syn::File {
    syn::parse2(tokens).expect("emitters make Rust")
}
