//! The protos that need no include folder.

use ::protox::file::{FileResolver as _, GoogleFileResolver};
use prost::Message as _;
use std::sync::LazyLock;

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
pub(super) fn declaring(full_name: &str) -> Option<&'static str> {
    let (package, name) = full_name.rsplit_once('.')?;
    if package == "google.protobuf" {
        let declares = |file: &&&str| {
            well_known(file).is_some_and(|file| {
                let enums = file.enum_type.iter().map(|r#enum| &r#enum.name);
                let mut names = file
                    .message_type
                    .iter()
                    .map(|message| &message.name)
                    .chain(enums);
                names.any(|declared| declared == name)
            })
        };
        return WELL_KNOWN.iter().find(declares).copied();
    }
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
    let mut files = embedded_protos().iter();
    files
        .find(|(_, text)| declares(text))
        .map(|(file, _)| *file)
}

/// The file names of `google.protobuf` that protox carries as descriptors.
const WELL_KNOWN: [&str; 12] = [
    "google/protobuf/any.proto",
    "google/protobuf/api.proto",
    "google/protobuf/compiler/plugin.proto",
    "google/protobuf/descriptor.proto",
    "google/protobuf/duration.proto",
    "google/protobuf/empty.proto",
    "google/protobuf/field_mask.proto",
    "google/protobuf/source_context.proto",
    "google/protobuf/struct.proto",
    "google/protobuf/timestamp.proto",
    "google/protobuf/type.proto",
    "google/protobuf/wrappers.proto",
];

/// What other languages add to `FeatureSet`: left out of descriptors, so that these files can be empty.
const FEATURES: [&str; 4] = [
    "google/protobuf/c_sharp_features.proto",
    "google/protobuf/cpp_features.proto",
    "google/protobuf/go_features.proto",
    "google/protobuf/java_features.proto",
];

/// Whether this is one of the files that come with every protoc.
pub(crate) fn is_well_known(name: &str) -> bool {
    WELL_KNOWN.contains(&name) || declares_features(name)
}

/// Whether this is one that declares the features of another language.
pub(super) fn declares_features(name: &str) -> bool {
    FEATURES.contains(&name)
}

/// The descriptor of a well-known file.
pub(super) fn well_known(name: &str) -> Option<&'static File> {
    static FILES: LazyLock<Vec<File>> = LazyLock::new(|| {
        let resolver = GoogleFileResolver::new();
        let features = FEATURES.map(|name| File {
            name: name.to_owned(),
            package: "pb".to_owned(),
            ..File::default()
        });
        let well_known = WELL_KNOWN.iter().filter_map(|name| {
            let file = resolver.open_file(name).ok()?;
            let bytes = file.file_descriptor_proto().encode_to_vec();
            File::decode(bytes.as_slice()).ok()
        });
        well_known.chain(features).collect()
    });
    FILES.iter().find(|file| file.name == name)
}

/// The full names of the types of well-known files, of nested ones as well.
pub(crate) fn well_known_types() -> impl Iterator<Item = String> {
    let files = WELL_KNOWN.iter().filter_map(|name| well_known(name));
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
    fn carries_every_well_known_file() {
        for name in super::WELL_KNOWN {
            assert!(super::well_known(name).is_some(), "{name}");
        }
    }
}
