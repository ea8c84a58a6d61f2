//! Rust identifiers from proto names, spelt as prost-build spells them: the names that people who
//! come from tonic-prost-build have in their code.

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};

/// For types, enum values and oneof variants.
pub(crate) fn camel(name: &str) -> String {
    escape(name.to_upper_camel_case())
}

/// For modules, fields and functions.
pub(crate) fn snake(name: &str) -> String {
    escape(name.to_snake_case())
}

/// tonic-build's own way to name the modules of a service: `ABCService` is `a_b_c_service`.
pub(crate) fn service_snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for (index, c) in name.char_indices() {
        if index > 0 && c.is_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

/// The name of an enum value: without the enum's name before it, unless what is left would not
/// begin with a capital.
pub(crate) fn variant(enum_name: &str, value_name: &str, strip_prefix: bool) -> String {
    let name = camel(value_name);
    if !strip_prefix {
        return name;
    }
    let stripped = name
        .strip_prefix(&camel(enum_name))
        .filter(|rest| rest.starts_with(char::is_uppercase));
    escape(stripped.unwrap_or(&name).to_owned())
}

/// Keywords become raw identifiers, or get a `_` where Rust has no raw form.
fn escape(ident: String) -> String {
    match ident.as_str() {
        "" => "__".to_owned(),
        "_" | "super" | "self" | "Self" | "extern" | "crate" => ident + "_",
        _ if ident.starts_with(|c: char| c.is_numeric()) => format!("_{ident}"),
        _ if is_keyword(&ident) => format!("r#{ident}"),
        _ => ident,
    }
}

/// Keywords of all editions, for what is generated is included in crates of any.
fn is_keyword(ident: &str) -> bool {
    matches!(
        ident,
        "as" | "break"
            | "const"
            | "continue"
            | "else"
            | "enum"
            | "false"
            | "fn"
            | "for"
            | "if"
            | "impl"
            | "in"
            | "let"
            | "loop"
            | "match"
            | "mod"
            | "move"
            | "mut"
            | "pub"
            | "ref"
            | "return"
            | "static"
            | "struct"
            | "trait"
            | "true"
            | "type"
            | "unsafe"
            | "use"
            | "where"
            | "while"
            | "dyn"
            | "abstract"
            | "become"
            | "box"
            | "do"
            | "final"
            | "macro"
            | "override"
            | "priv"
            | "typeof"
            | "unsized"
            | "virtual"
            | "yield"
            | "async"
            | "await"
            | "try"
            | "gen"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_as_prost_does() {
        assert_eq!(camel("HTTPServer"), "HttpServer");
        assert_eq!(camel("self"), "Self_");
        assert_eq!(snake("FooBarBAZ"), "foo_bar_baz");
        assert_eq!(snake("Type"), "r#type");
        assert_eq!(snake("_1"), "_1");
        assert_eq!(snake("_"), "__");
        assert_eq!(service_snake("ABCServiceX"), "a_b_c_service_x");
    }

    #[test]
    fn strips_the_enum_name_only_where_a_name_is_left() {
        assert_eq!(variant("Color", "COLOR_RED", true), "Red");
        assert_eq!(variant("Color", "COLOR_RED", false), "ColorRed");
        assert_eq!(variant("Color", "COLORFUL", true), "Colorful");
        assert_eq!(variant("Color", "COLOR_1", true), "Color1");
        assert_eq!(variant("Color", "COLOR_SELF", true), "Self_");
    }
}
