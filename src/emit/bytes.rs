//! Encoded descriptors as Rust source.

/// `pub const FILE_DESCRIPTOR_SET`.
pub(super) fn constant(set: &[u8]) -> String {
    let (docs, constant) = DECLARATION;
    format!("{docs}{constant}{};\n", literal(set))
}

/// The text before the value of the constant: rustdoc, and the rest.
pub(super) const DECLARATION: (&str, &str) = (
    "\
/// The encoded `google.protobuf.FileDescriptorSet` of the proto files with their imports: what
/// `tonic_reflection::server::Builder::register_encoded_file_descriptor_set` takes.
",
    "pub const FILE_DESCRIPTOR_SET: &[u8] = ",
);

/// A byte string literal, broken into lines that a diff can be read by.
pub(super) fn literal(bytes: &[u8]) -> String {
    const WIDTH: usize = 96;
    let mut text = String::with_capacity(bytes.len() * 2);
    text.push_str("b\"\\\n");
    let mut column = 0;
    for &byte in bytes {
        let escaped: String = match byte {
            // A line break with a `\` before it takes the spaces of the next line with it.
            b' ' if column == 0 => r"\x20".to_owned(),
            b' ' => " ".to_owned(),
            _ => std::ascii::escape_default(byte).map(char::from).collect(),
        };
        column += escaped.len();
        text.push_str(&escaped);
        // Names in descriptors follow a length; a line each makes changes small.
        if column >= WIDTH {
            text.push_str("\\\n");
            column = 0;
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn is_read_back_as_it_was() {
        let bytes: Vec<u8> = (0..=255).chain(std::iter::repeat_n(b' ', 500)).collect();
        let literal: syn::LitByteStr = syn::parse_str(&super::literal(&bytes)).unwrap();
        assert_eq!(literal.value(), bytes);
    }
}
