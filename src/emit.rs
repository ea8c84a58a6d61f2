//! From the model to text, one emitter per concern, joined to one file per package.

use std::collections::BTreeMap;

use crate::diagnostics::Error;
use crate::model::{Model, Package};
use crate::options::Options;
use crate::output::Files;

mod bytes;
mod catalog;
mod errors;
mod json;
mod messages;
mod methods;
mod policies;
mod service_config;
mod stubs;
mod tokens;
mod tree;

/// Writes everything that a model has.
pub(crate) fn emit(mut model: Model, options: &Options) -> Result<Files, Error> {
    let mut files = Files::default();
    let stem = &options.errors_catalog.0;
    if options.has_errors() && !stem.is_empty() {
        catalog::catalog(&model, stem, &mut files)?;
    }
    let path = &options.service_config_out.0;
    if !path.is_empty() {
        files.add(path, &service_config::text(&model))?;
    }
    let mut by_prost = by_prost(&mut model, options)?;
    let mut packages = Vec::new();
    let stubs = stubs::Emitter::new(options);
    for package in &model.packages {
        let messages = by_prost.remove(&package.modules);
        let messages = messages.unwrap_or_else(|| messages::items(&package.items, options));
        let text = self::package(package, messages, &stubs, options);
        // A package of nothing but extern types.
        if !text.is_empty() {
            files.add(&package.file_name, &text)?;
            packages.push(package);
        }
    }
    debug_assert_eq!(
        by_prost,
        BTreeMap::new(),
        "every type is in a package of the model"
    );
    // A tree of nothing as well: a build script's crate includes it, and descriptors are something.
    if options.module_tree {
        tree::tree(
            &packages,
            model.descriptor_set.as_deref(),
            options,
            &mut files,
        )?;
    }
    Ok(files)
}

/// The messages that prost-build writes, as text by modules.
#[cfg(feature = "prost-build")]
fn by_prost(model: &mut Model, options: &Options) -> Result<BTreeMap<Vec<String>, String>, Error> {
    match model.lowered.take() {
        Some(lowered) => messages::prost::messages(lowered, options),
        None => Ok(BTreeMap::new()),
    }
}

/// Without prost-build we write all messages: the model refused the option.
#[cfg(not(feature = "prost-build"))]
fn by_prost(_: &mut Model, _: &Options) -> Result<BTreeMap<Vec<String>, String>, Error> {
    Ok(BTreeMap::new())
}

/// The text of a package's file.
fn package(
    package: &Package,
    messages: String,
    stubs: &stubs::Emitter,
    options: &Options,
) -> String {
    let mut parts = vec![messages];
    parts.extend(
        package
            .errors
            .iter()
            .map(|of| errors::error_type(of, options)),
    );
    for service in &package.services {
        parts.push(stubs.emit(service, options));
        if options.runtime {
            parts.push(methods::methods(service, options));
            parts.extend(errors::listed(service, options));
        }
    }
    parts.retain(|part| !part.is_empty());
    if let Some(set) = package
        .descriptor_set
        .as_deref()
        .filter(|_| !parts.is_empty())
    {
        parts.push(bytes::constant(set));
    }
    parts.concat()
}
