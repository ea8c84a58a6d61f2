//! The protos of `google/protobuf` that come with every protoc.
//!
//! They are declarations of the same descriptors as those of protoc 35.1, without its comments.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use crate::descriptor::File;
use crate::diagnostics::Diagnostic;
use crate::embedded_texts::parsed;
use crate::link::{Linked, Surroundings, link};
use crate::load::{Resolver, load};
use crate::pool::Pool;
use crate::problems::Problems;
use crate::source::Source;
use crate::syntax::Parsed;

pub use crate::embedded_texts::{protos, text};

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

/// Links files that we carry, which have no mistakes.
fn link_ours(parsed: Vec<Parsed>) -> Linked {
    let surroundings = Surroundings {
        listed: &BTreeSet::new(),
        missing: &HashMap::new(),
        declaring: &|_| None,
        builtin: pool,
    };
    let mut problems = Problems::default();
    let linked = link(parsed, &surroundings, &mut problems);
    debug_assert_eq!(
        problems.errors(),
        0,
        "{:?}",
        problems
            .finish()
            .0
            .iter()
            .map(Diagnostic::to_line)
            .collect::<Vec<_>>()
    );
    linked
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
