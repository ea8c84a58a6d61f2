//! The types that are generated of error enums, with their Rust names.

use super::errors::{Dialect, ErrorEnum, ErrorValue, google_rpc};
use super::paths::Here;
use super::{Building, ident, select};
use crate::descriptor::File;
use crate::pattern;

/// The type that is generated of an error enum, with its Rust names.
pub(crate) struct ErrorType {
    pub(crate) declared: ErrorEnum,
    pub(crate) name: String,
    pub(crate) docs: Vec<String>,
    /// Whether other crates can match all variants.
    pub(crate) is_exhaustive: bool,
    /// One for each error.
    pub(crate) variants: Vec<Variant>,
}

/// A variant of an error type.
pub(crate) struct Variant {
    pub(crate) name: String,
    pub(crate) docs: Vec<String>,
    /// Names of fields: as many as there are placeholders.
    pub(crate) placeholders: Vec<String>,
    /// Names and types of fields: as many as there are details.
    pub(crate) details: Vec<(String, DetailPath)>,
}

/// The Rust type of a detail.
pub(crate) enum DetailPath {
    /// One of `google.rpc`, which the runtime has.
    GoogleRpc(String),
    Rust(String),
}

/// The errors that an rpc lists.
pub(crate) struct RpcErrors {
    /// The name of their type.
    pub(crate) name: String,
    /// Whether other crates can match all variants.
    pub(crate) is_exhaustive: bool,
    pub(crate) listed: Vec<ListedError>,
}

/// An error as an rpc lists it.
pub(crate) struct ListedError {
    /// The path of its type, from the modules of the service.
    pub(crate) error_type: String,
    pub(crate) domain: String,
    /// Its own name among those that the rpc lists.
    pub(crate) name: String,
    /// Its fields, and the name of its variant in the error type.
    pub(crate) variant: Variant,
    pub(crate) declared: ErrorValue,
    pub(crate) dialect: Dialect,
}

impl Building<'_> {
    /// The types of a file's error enums.
    pub(super) fn errors(&self, file: &File) -> Vec<ErrorType> {
        let here = self.paths.package(&file.package);
        let enums = self.catalog.enums.values();
        let generated = enums.filter(|of| {
            let top = select::top_level(&of.full_name, file);
            of.file == file.name && self.selection.types.contains(&top)
        });
        let types = generated.map(|of| ErrorType {
            name: of.rust_type.clone(),
            docs: self.comments.docs(&file.name, &of.path, &of.full_name),
            is_exhaustive: self.is_exhaustive(&of.full_name),
            variants: of
                .errors
                .iter()
                .map(|error| self.variant(of, error, &here))
                .collect(),
            declared: of.clone(),
        });
        types.collect()
    }

    fn is_exhaustive(&self, full_name: &str) -> bool {
        pattern::any(&self.options.exhaustive_errors.0, full_name)
    }

    /// An error as seen from a module.
    fn variant(&self, of: &ErrorEnum, error: &ErrorValue, here: &Here) -> Variant {
        let full_name = format!("{}.{}", of.full_name, error.name);
        let path = [of.path.as_slice(), &[2, error.index as i32]].concat();
        let placeholders: Vec<_> = error
            .placeholders
            .iter()
            .map(|placeholder| ident::snake(&placeholder.name))
            .collect();
        let mut taken = placeholders.clone();
        let details = error.details.iter().map(|detail| {
            let (_, name) = detail.rsplit_once('.').unwrap_or_default();
            let mut field = ident::snake(name);
            while taken.contains(&field) {
                field = field.trim_start_matches("r#").to_owned() + "_detail";
            }
            taken.push(field.clone());
            let path = match google_rpc(detail) {
                Some(name) => DetailPath::GoogleRpc(name.to_owned()),
                None => DetailPath::Rust(self.paths.from(here, detail)),
            };
            (field, path)
        });
        let details = details.collect();
        Variant {
            name: self.names.error_variant(&full_name),
            docs: self.comments.docs(&of.file, &path, &full_name),
            placeholders,
            details,
        }
    }

    pub(super) fn rpc_errors(&self, file: &File, method: &str) -> Option<RpcErrors> {
        let listed = self.catalog.listed.get(method)?;
        let here = self.paths.service(&file.package);
        let mut taken = Vec::new();
        let listed = listed.iter().map(|listed| {
            let (of, error) = self.catalog.error(listed);
            let variant = self.variant(of, error, &here);
            // Errors of two enums can have one name.
            let mut name = variant.name.clone();
            while taken.contains(&name) {
                name = format!("{}{}", of.rust_type, name);
            }
            taken.push(name.clone());
            ListedError {
                error_type: self.paths.error_from(&here, of),
                name,
                variant,
                declared: error.clone(),
                dialect: of.dialect,
                domain: of.domain.clone(),
            }
        });
        Some(RpcErrors {
            is_exhaustive: self.is_exhaustive(method),
            listed: listed.collect(),
            name: self.names.rpc_error(method),
        })
    }

    /// The comment of an rpc, and the errors that it lists.
    pub(super) fn method_docs(
        &self,
        file: &File,
        path: &[i32],
        full_name: &str,
        errors_module: &str,
    ) -> Vec<String> {
        let mut docs = self.comments.docs(&file.name, path, full_name);
        let Some(listed) = self.catalog.listed.get(full_name) else {
            return docs;
        };
        if !docs.is_empty() {
            docs.push(String::new());
        }
        let here = self.paths.service(&file.package);
        let name = self.names.rpc_error(full_name);
        let narrowed = format!(
            " [`{name}::from_status`](super::{errors_module}::{name}::from_status) tells which error it is:"
        );
        docs.extend([
            " # Errors".to_owned(),
            String::new(),
            narrowed,
            String::new(),
        ]);
        docs.extend(listed.iter().map(|listed| {
            let (of, error) = self.catalog.error(listed);
            let path = self.paths.error_from(&here, of);
            let value = format!("{}.{}", of.full_name, error.name);
            let variant = self.names.error_variant(&value);
            let (name, code) = (&of.rust_type, error.code.name());
            format!(" - [`{name}::{variant}`]({path}::{variant}): `{code}`")
        }));
        docs
    }
}
