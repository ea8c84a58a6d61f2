//! The protos that need no include folder, beside those of `google/protobuf` that the compiler carries.

use std::sync::LazyLock;

pub(super) use rust_svc_compiler::embedded::file as well_known_file;
use rust_svc_compiler::embedded::{protos as well_known, text as well_known_text};

use crate::descriptor::File;
use crate::symbols::{Symbol, Symbols};

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

/// The full names of all types in the package `google.protobuf` and below it, nested types included and map
/// entries left out.
pub(crate) fn well_known_types() -> &'static [String] {
    static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
        let names = well_known().iter().map(|(name, _)| name);
        let files = names.filter_map(|name| well_known_file(name));
        let files = files.filter(|file| file.package.starts_with("google.protobuf"));
        let files: Vec<File> = files.collect();
        let is_entry = |symbol: Symbol<'_>| matches!(symbol, Symbol::Message(message) if message.is_map_entry());
        let symbols = Symbols::new(&files);
        let types = symbols.types().filter(|(_, symbol)| !is_entry(*symbol));
        let mut names: Vec<_> = types.map(|(name, _)| name.to_owned()).collect();
        names.sort();
        names
    });
    &NAMES
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
