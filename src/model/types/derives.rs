//! Attributes that options ask for, and what they derive.

use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{Attribute, Path, Token};

use crate::options::Options;
use crate::pattern;

/// An attribute, and the names of what it derives.
struct Asked<'a> {
    pattern: &'a str,
    text: &'a str,
    derives: Vec<String>,
}

/// All attributes that options ask for, parsed once.
pub(super) struct Attributes<'a> {
    types: Vec<Asked<'a>>,
    messages: Vec<Asked<'a>>,
    enums: Vec<Asked<'a>>,
    oneofs: Vec<Asked<'a>>,
    fields: &'a [(String, String)],
}

/// The attributes of one type.
#[derive(Default)]
pub(super) struct TypeAttributes {
    pub(super) texts: Vec<String>,
    derives: Vec<String>,
}

impl TypeAttributes {
    /// The derives that no attribute has already: a trait that is derived twice does not compile.
    pub(super) fn without(&self, mut derives: Vec<&'static str>) -> Vec<&'static str> {
        derives.retain(|derive| !self.has(derive));
        derives
    }

    pub(super) fn has(&self, derive: &str) -> bool {
        self.derives.iter().any(|own| own == derive)
    }
}

impl<'a> Attributes<'a> {
    pub(super) fn new(options: &'a Options) -> Self {
        let read = |pairs: &'a [(String, String)]| {
            let pairs = pairs.iter();
            let asked = pairs.map(|(pattern, text)| Asked {
                pattern,
                text,
                derives: derived(text),
            });
            asked.collect()
        };
        Self {
            types: read(&options.type_attribute.0),
            messages: read(&options.message_attribute.0),
            enums: read(&options.enum_attribute.0),
            oneofs: read(&options.oneof_attribute.0),
            fields: &options.field_attribute.0,
        }
    }

    pub(super) fn message(&self, full_name: &str) -> TypeAttributes {
        Self::matching(&[&self.types, &self.messages], full_name)
    }

    pub(super) fn r#enum(&self, full_name: &str) -> TypeAttributes {
        Self::matching(&[&self.types, &self.enums], full_name)
    }

    /// The attributes of a oneof, which is an enum in Rust.
    pub(super) fn oneof(&self, full_name: &str) -> TypeAttributes {
        Self::matching(&[&self.types, &self.enums, &self.oneofs], full_name)
    }

    fn matching(asked: &[&[Asked<'_>]], full_name: &str) -> TypeAttributes {
        let mut found = TypeAttributes::default();
        for asked in asked.iter().copied().flatten() {
            if pattern::matches(asked.pattern, full_name) {
                found.texts.push(asked.text.to_owned());
                found.derives.extend_from_slice(&asked.derives);
            }
        }
        found
    }

    /// The attributes of a field, an enum value, or a variant of a oneof.
    pub(super) fn field(&self, full_name: &str) -> Vec<String> {
        let fields = self.fields.iter();
        let matching = fields.filter(|(pattern, _)| pattern::matches(pattern, full_name));
        matching.map(|(_, text)| text.clone()).collect()
    }
}

/// The last parts of what attributes derive: `derive_more::Debug` takes the place of `Debug`.
fn derived(text: &str) -> Vec<String> {
    let attributes = Attribute::parse_outer.parse_str(text).unwrap_or_default();
    let derives = attributes.iter().filter(|it| it.path().is_ident("derive"));
    let paths = derives.filter_map(|it| {
        it.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated)
            .ok()
    });
    let names = paths.flatten();
    names
        .filter_map(|path| Some(path.segments.last()?.ident.to_string()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::derived;

    #[test]
    fn reads_what_is_derived() {
        assert_eq!(
            derived("#[serde(default)] #[derive(Eq, ::core::hash::Hash)]"),
            ["Eq", "Hash"]
        );
        assert!(derived("#[repr(C)]").is_empty());
    }
}
