//! Editions: files that say by features what proto2 and proto3 say by their name.
//!
//! prost knows no editions. What code is generated from is a file in proto3 that comes to the same
//! ([`lower()`]); reflection is told the truth.

use rust_svc_compiler::descriptor::each_options;
use rust_svc_compiler::features::Features;

use crate::descriptor::{File, options_mut};

mod lower;

pub(super) use lower::lower;

/// Takes away features that are not of the language itself, or only say how a file is written: protoc keeps
/// the latter from plugins.
pub(super) fn keep_known_features(file: &mut File) {
    let mut kept = Vec::new();
    each_options(file, &mut |target, path, bytes| {
        let features = Features::from_options(Some(bytes), target);
        kept.push((target, path.to_vec(), features.without_source_features()));
    });
    for (target, path, features) in kept {
        if let Some(options) = options_mut(file, &path) {
            features.put(options, target);
        }
    }
}
