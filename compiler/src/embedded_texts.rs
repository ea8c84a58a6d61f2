//! The texts of the protos that we carry.

use crate::parser::parse;
use crate::problems::Problems;
use crate::source::Source;
use crate::syntax::Parsed;

/// Import names and texts, in the order of the names.
pub fn protos() -> &'static [(&'static str, &'static str)] {
    macro_rules! protos {
        ($($name:literal),* $(,)?) => {
            &[$(($name, include_str!(concat!("../proto/", $name)))),*]
        };
    }
    protos![
        "google/protobuf/any.proto",
        "google/protobuf/api.proto",
        "google/protobuf/c_sharp_features.proto",
        "google/protobuf/compiler/plugin.proto",
        "google/protobuf/cpp_features.proto",
        "google/protobuf/descriptor.proto",
        "google/protobuf/duration.proto",
        "google/protobuf/empty.proto",
        "google/protobuf/field_mask.proto",
        "google/protobuf/go_features.proto",
        "google/protobuf/java_features.proto",
        "google/protobuf/source_context.proto",
        "google/protobuf/struct.proto",
        "google/protobuf/timestamp.proto",
        "google/protobuf/type.proto",
        "google/protobuf/wrappers.proto",
    ]
}

/// The text of an embedded proto.
pub fn text(name: &str) -> Option<&'static str> {
    let protos = protos();
    let index = protos.binary_search_by_key(&name, |(name, _)| *name).ok()?;
    Some(protos[index].1)
}

/// The file parsed, without positions: they would be those of our text.
pub(crate) fn parsed(name: &str) -> Option<Parsed> {
    let source = Source::new(name, text(name)?);
    let mut problems = Problems::default();
    let mut parsed = parse(name, &source, &mut problems);
    debug_assert_eq!(problems.errors(), 0, "{name}: {problems:?}");
    parsed.file.source_code_info = None;
    parsed.is_embedded = true;
    Some(parsed)
}
