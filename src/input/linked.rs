//! Linked files, from any source.

use std::collections::BTreeSet;

use crate::descriptor::File;
use crate::diagnostics::Diagnostic;

/// Linked files, and which of them the user named.
pub(super) struct Linked {
    pub(super) files: Vec<File>,
    pub(super) listed: BTreeSet<String>,
    pub(super) warnings: Vec<Diagnostic>,
}
