//! The protos that need no include folder, beside those of `google/protobuf` that the compiler carries.

pub(super) use rust_svc_compiler::embedded::text as well_known_text;
use rust_svc_compiler::embedded::{file as well_known_file, protos as well_known};

use crate::descriptor::{File, Message};

/// Import name and text of each proto that we carry, in the order of their names.
pub fn embedded_protos() -> &'static [(&'static str, &'static str)] {
    macro_rules! protos {
        ($($name:literal),* $(,)?) => {
            &[$(($name, include_str!(concat!("../../proto/", $name)))),*]
        };
    }
    protos![
        "google/api/annotations.proto",
        "google/api/field_behavior.proto",
        "google/api/http.proto",
        "google/rpc/code.proto",
        "google/rpc/error_details.proto",
        "google/rpc/status.proto",
        "grpc/health/v1/health.proto",
        "rust_svc/v1/options.proto",
    ]
}

/// Whether a text is that of a proto that we carry, or carried once.
pub(crate) fn is_copy(text: &str) -> bool {
    const MARK: &str = "// A copy that protoc-gen-rust-svc carries.";
    const BEGINNING: usize = 16;
    text.lines().take(BEGINNING).any(|line| line == MARK)
}

/// The text of an embedded proto.
pub(super) fn text(name: &str) -> Option<&'static str> {
    embedded_protos()
        .iter()
        .find(|(embedded, _)| *embedded == name)
        .map(|(_, text)| *text)
}

/// The file of ours, or of protoc's, that declares a type or an extension of this full name.
pub(super) fn declaring(full_name: &str) -> Option<String> {
    let (package, name) = full_name.rsplit_once('.')?;
    let in_package = format!("\npackage {package};\n");
    let declarations = ["message", "enum"].map(|kind| format!("\n{kind} {name} {{"));
    let extension = format!(" {name} = ");
    let declares = |text: &str| {
        text.contains(&in_package)
            && (declarations
                .iter()
                .any(|declaration| text.contains(declaration))
                || text.contains("\nextend ") && text.contains(&extension))
    };
    let mut files = embedded_protos().iter().chain(well_known());
    let found = files.find(|(_, text)| declares(text));
    found.map(|(file, _)| (*file).to_owned())
}

/// Whether this is one of the files that come with every protoc.
pub(crate) fn is_well_known(name: &str) -> bool {
    well_known_text(name).is_some()
}

/// The descriptor of a well-known file.
pub(super) fn well_known_descriptor(name: &str) -> Option<File> {
    well_known_file(name)
}

/// The full names of the types of well-known files, of nested ones as well.
pub(crate) fn well_known_types() -> impl Iterator<Item = String> {
    let files = well_known()
        .iter()
        .filter_map(|(name, _)| well_known_descriptor(name));
    let files = files.filter(|file| file.package.starts_with("google.protobuf"));
    files.flat_map(|file| {
        let mut names = Vec::new();
        let enums = file.enum_type.iter();
        names.extend(enums.map(|r#enum| file.full_name(&r#enum.name)));
        for message in &file.message_type {
            collect(message, file.full_name(&message.name), &mut names);
        }
        names
    })
}

fn collect(message: &Message, full_name: String, names: &mut Vec<String>) {
    let enums = message.enum_type.iter();
    names.extend(enums.map(|r#enum| format!("{full_name}.{}", r#enum.name)));
    let nested = message.nested_type.iter();
    for nested in nested.filter(|nested| !nested.is_map_entry()) {
        collect(nested, format!("{full_name}.{}", nested.name), names);
    }
    names.push(full_name);
}

#[cfg(test)]
mod tests {
    #[test]
    fn knows_its_copies() {
        for (name, text) in super::embedded_protos() {
            assert!(super::is_copy(text), "{name}");
            assert!(super::is_copy(&text.replace('\n', "\r\n")), "{name}");
        }
        assert!(!super::is_copy("syntax = \"proto3\";\n"));
    }

    #[test]
    fn knows_what_needs_no_setup() {
        for (name, file) in [
            ("google.rpc.Status", "google/rpc/status.proto"),
            ("google.protobuf.Any", "google/protobuf/any.proto"),
            ("google.api.http", "google/api/annotations.proto"),
        ] {
            assert_eq!(super::declaring(name).as_deref(), Some(file));
        }
    }
}
