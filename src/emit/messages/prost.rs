//! Messages and enums by prost-build (`messages = prost`), out of lowered descriptors.

use std::collections::{BTreeMap, BTreeSet};

use prost_build::{Config, Module};

use crate::diagnostics::{Diagnostic, Error};
use crate::model::{Lowered, Placeholders};
use crate::options::Options;

/// The text of each module that has types.
pub(in crate::emit) fn messages(
    lowered: Lowered,
    options: &Options,
) -> Result<BTreeMap<Vec<String>, String>, Error> {
    let placeholders = lowered.placeholders;
    // No module is called so: what prost-build makes of types it only has to know is dropped.
    let dropped = Module::from_parts(["-"]);
    let known = lowered
        .known
        .into_iter()
        .map(|file| (dropped.clone(), file));
    let files = lowered.files.into_iter();
    let generated = files.map(|(modules, file)| (Module::from_parts(modules), file));
    let mut config = config(&placeholders, options);
    for path in &lowered.boxed {
        config.boxed(path);
    }
    for (name, path) in lowered.well_known {
        config.extern_path(name, path);
    }
    let texts = config
        .generate(generated.chain(known).collect())
        .map_err(|error| Diagnostic::error(format!("prost-build: {error}")))?;
    let texts = texts.into_iter().filter(|(module, _)| *module != dropped);
    let texts = texts
        .map(|(module, text)| {
            let (_its_header, text) = text.split_once('\n').unwrap_or_default();
            let text = placeholders.fill(text);
            let modules = module.parts().map(str::to_owned).collect();
            // Except for `prost::Name`, which it writes without any indent.
            if options.enable_type_names {
                (modules, format(&text))
            } else {
                (modules, text)
            }
        })
        .collect();
    Ok(with_hoisted(texts, lowered.hoisted))
}

/// Puts modules that are in a package, and no packages themselves, to where they belong.
fn with_hoisted(
    mut texts: BTreeMap<Vec<String>, String>,
    hoisted: BTreeSet<Vec<String>>,
) -> BTreeMap<Vec<String>, String> {
    // Inner modules come behind those around them: the last is complete first.
    for mut modules in hoisted.into_iter().rev() {
        let text = texts.remove(&modules).unwrap_or_default();
        let module = modules.pop().unwrap_or_default();
        let around = texts.entry(modules).or_default();
        *around +=
            &format!("/// Nested in a type of prost-types.\npub mod {module} {{\n{text}}}\n");
    }
    texts
}

fn format(text: &str) -> String {
    match syn::parse_file(text) {
        Ok(file) => prettyplease::unparse(&file),
        Err(_) => text.to_owned(),
    }
}

fn config(placeholders: &Placeholders, options: &Options) -> Config {
    let all = |patterns: &[String]| -> Vec<String> {
        let patterns = patterns.iter();
        patterns
            .flat_map(|pattern| placeholders.patterns(pattern))
            .collect()
    };
    let pairs = |pairs: &[(String, String)]| -> Vec<(String, String)> {
        let pairs = pairs.iter();
        let translated = pairs.flat_map(|(pattern, value)| {
            let patterns = placeholders.patterns(pattern);
            patterns.into_iter().map(|pattern| (pattern, value.clone()))
        });
        translated.collect()
    };
    let mut config = Config::new();
    // It writes well enough as it is, and parsing it all again would take as long as the rest.
    config.format(false);
    // prost-build repeats the path on every type once it is told one.
    if options.prost_path != Options::default().prost_path {
        config.prost_path(&options.prost_path.0);
    }
    config
        .prost_types_path(&options.prost_types_path.0)
        .btree_map(all(&options.btree_map.0))
        .bytes(all(&options.bytes.0))
        .skip_debug(all(&options.skip_debug.0));
    for (pattern, attribute) in pairs(&options.type_attribute.0) {
        config.type_attribute(pattern, attribute);
    }
    for (pattern, attribute) in pairs(&options.message_attribute.0) {
        config.message_attribute(pattern, attribute);
    }
    for (pattern, attribute) in pairs(&options.enum_attribute.0) {
        config.enum_attribute(pattern, attribute);
    }
    // For prost-build a oneof is an enum.
    for (pattern, attribute) in &options.oneof_attribute.0 {
        for oneof in placeholders.oneofs(pattern) {
            config.enum_attribute(oneof, attribute);
        }
    }
    for (pattern, attribute) in pairs(&options.field_attribute.0) {
        config.field_attribute(pattern, attribute);
    }
    for (pattern, domain) in pairs(&options.type_name_domain.0) {
        config.type_name_domain([pattern], domain);
    }
    for (path, rust_path) in &options.extern_path.0 {
        config.extern_path(placeholders.resolve(path), rust_path);
    }
    // prost-build takes all of `google.protobuf` for its own: so it is told.
    config.compile_well_known_types();
    if options.retain_enum_prefix {
        config.retain_enum_prefix();
    }
    if options.enable_type_names {
        config.enable_type_names();
    }
    config
}
