//! How to mend what protox and prost-reflect find wrong.

use std::collections::BTreeMap;

use prost_types::{DescriptorProto, EnumDescriptorProto, FileDescriptorProto};

use super::embedded;
use crate::diagnostics::nearest;

/// What could have been meant by a name that is not there.
#[derive(Default)]
pub(super) struct Suggestions {
    /// Full names of types and extensions, and the files that declare them.
    declared: BTreeMap<String, String>,
    /// The values of enums and the fields of messages, by their full names.
    members: BTreeMap<String, Vec<String>>,
}

impl Suggestions {
    /// Of these files, and of those that could be imported with no setup.
    pub(super) fn new(files: &[FileDescriptorProto]) -> Self {
        let mut suggestions = Self::default();
        for file in files {
            suggestions.add(file);
        }
        suggestions
    }

    fn add(&mut self, file: &FileDescriptorProto) {
        let package = file.package();
        for r#enum in &file.enum_type {
            self.add_enum(r#enum, package, file);
        }
        for extension in &file.extension {
            self.declare(package, extension.name(), file);
        }
        for message in &file.message_type {
            self.add_message(message, package, file);
        }
    }

    fn add_message(&mut self, message: &DescriptorProto, scope: &str, file: &FileDescriptorProto) {
        let name = self.declare(scope, message.name(), file);
        for r#enum in &message.enum_type {
            self.add_enum(r#enum, &name, file);
        }
        let fields = message.field.iter().map(|field| field.name().to_owned());
        self.members.insert(name.clone(), fields.collect());
        for nested in &message.nested_type {
            self.add_message(nested, &name, file);
        }
    }

    fn add_enum(&mut self, r#enum: &EnumDescriptorProto, scope: &str, file: &FileDescriptorProto) {
        let name = self.declare(scope, r#enum.name(), file);
        let values = r#enum.value.iter().map(|value| value.name().to_owned());
        self.members.insert(name, values.collect());
    }

    fn declare(&mut self, scope: &str, name: &str, file: &FileDescriptorProto) -> String {
        let name = format!("{scope}.{name}");
        let name = name.trim_start_matches('.').to_owned();
        self.declared
            .entry(name.clone())
            .or_insert_with(|| file.name().to_owned());
        name
    }

    /// The fix for an error with this message.
    pub(super) fn help(&self, message: &str) -> Option<String> {
        if let Some(name) = undefined_name(message) {
            return self.meant(name);
        }
        if let Some((member, of)) = missing_member(message) {
            let members = self.members.get(of)?.iter();
            let near = nearest(member, members.map(String::as_str))?;
            return Some(format!("did you mean `{near}`?"));
        }
        let advice = ADVICE.iter().find(|(part, _)| message.contains(part))?;
        Some(advice.1.to_owned())
    }

    fn meant(&self, name: &str) -> Option<String> {
        let name = name.trim_start_matches('.');
        let end = format!(".{name}");
        let is_meant = |full: &str| full == name || full.ends_with(&end);
        let declared = self.declared.iter().find(|(full, _)| is_meant(full));
        if let Some((full, file)) = declared {
            return Some(format!("import \"{file}\", which declares `{full}`"));
        }
        if let Some(file) = embedded::declaring(name) {
            return Some(format!("import \"{file}\", which declares it"));
        }
        // A plain name is compared with plain names.
        let last = |full: &str| full.rsplit('.').next().unwrap_or_default().to_owned();
        let known: Vec<_> = self.declared.keys().map(|full| last(full)).collect();
        match nearest(&last(name), known.iter().map(String::as_str)) {
            Some(near) => Some(format!("did you mean `{near}`?")),
            None => Some("declare it, or import the file that does".to_owned()),
        }
    }
}

fn undefined_name(message: &str) -> Option<&str> {
    message
        .strip_prefix("name '")?
        .strip_suffix("' is not defined")
}

/// A value of an enum or a field of a message that an option has and its type does not, and the type.
fn missing_member(message: &str) -> Option<(&str, &str)> {
    let mut parts = message.split('\'');
    let (what, member, middle, of) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let is_missing = matches!(what, "value " | "field ") && middle.contains("not found for");
    is_missing.then_some((member, of))
}

/// By a part of the message.
const ADVICE: [(&str, &str); 12] = [
    (
        "field number",
        "every field needs a number of its own, outside what is reserved",
    ),
    (
        "enum number",
        "give the value a number of its own, or set `option allow_alias = true`",
    ),
    (
        "camel-case name",
        "names of fields have to differ by more than case and underscores",
    ),
    ("is defined twice", "give one of the two another name"),
    (
        "is already defined in file",
        "declare it once; if the two are one file, reached by two include folders or a link, name it in one way",
    ),
    (
        "expected a value of type",
        "see where the option is declared for what it takes",
    ),
    (
        "expected an enum value",
        "see where the option is declared for what it takes",
    ),
    ("is already set", "set an option once"),
    (
        "value must be zero",
        "begin the enum with a value that is 0, for what is not set",
    ),
    (
        "is not a message type",
        "name a message: in full, as in `.package.Message`, if something nearer has its name",
    ),
    (
        "is not a message or enum type",
        "name a type: in full, as in `.package.Message`, if something nearer has its name",
    ),
    (
        "but found",
        "what stands here, or right before it, is no proto syntax",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_needs_no_setup() {
        let help = Suggestions::default().help("name 'google.rpc.Status' is not defined");
        assert_eq!(
            help.as_deref(),
            Some("import \"google/rpc/status.proto\", which declares it")
        );
    }
}
