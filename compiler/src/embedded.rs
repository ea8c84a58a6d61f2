//! The protos of `google/protobuf` that come with every protoc.
//!
//! They are declarations of the same descriptors as those of protoc 35.1, without its comments.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::descriptor::File;
use crate::diagnostics::Diagnostic;
use crate::link::{Linked, link_ours};
use crate::load::{Resolver, load};
use crate::parser::parse;
use crate::pool::Pool;
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

/// The descriptor of an embedded proto, linked, without positions.
pub fn file(name: &str) -> Option<File> {
    text(name)?;
    let listed = BTreeSet::from([name.to_owned()]);
    let loaded = load(&listed, &mut Nothing, &mut Problems::default());
    let linked = link_ours(loaded.files);
    linked.files.into_iter().find(|file| file.name == name)
}

/// Finds no files, so that those that we carry are taken.
struct Nothing;

impl Resolver for Nothing {
    fn open(&mut self, _: &str) -> Result<Option<Source>, Diagnostic> {
        Ok(None)
    }
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

/// descriptor.proto, linked.
static DESCRIPTOR: LazyLock<Linked> = LazyLock::new(|| {
    let parsed = parsed("google/protobuf/descriptor.proto");
    link_ours(parsed.into_iter().collect())
});

/// descriptor.proto for options in trees that do not import it.
pub(crate) fn pool() -> Pool<'static> {
    let Linked { files, symbols } = &*DESCRIPTOR;
    Pool { files, symbols }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carries_protos_without_mistakes() {
        for (name, _) in protos() {
            assert!(text(name).is_some(), "{name}");
        }
        assert_eq!(DESCRIPTOR.files.len(), 1);
    }
}
