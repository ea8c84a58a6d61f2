//! Every option once: its key, its setter, its default, its documentation, how it is read and shown.
//!
//! `options/table.rs` is the only place that knows the options. The plugin's parameter, `--opt` of the
//! command, the setters of [`Builder`](crate::Builder) and docs/options.md all come from it.

use crate::diagnostics::{Diagnostic, Error, nearest};

mod compiled;
mod files;
mod parameter;
pub(crate) mod table;
mod value;

pub(crate) use compiled::Compiled;
pub(crate) use files::{JsonFiles, ReadFile};
use table::table;
use value::Value;
pub(crate) use value::{
    Attributes, ExternPaths, Fields, Folder, JsonPath, Path, Patterns, Renames, RustPath, Texts,
};
pub use value::{DescriptorSet, Imports, Messages, Stubs};

/// A row of the option table.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct OptionDoc {
    /// The key in `key=value`, and the name of the setter unless `setter` says otherwise.
    pub key: &'static str,
    /// The method of [`Builder`](crate::Builder) that sets it.
    pub setter: &'static str,
    /// The form of a value.
    pub shape: &'static str,
    /// The documentation, in Markdown.
    pub doc: &'static str,
}

/// The declarations that an option applies to: its paths have an effect on these only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// Packages, services and types.
    Included,
    /// Packages, services and types at top level.
    Excluded,
    /// Packages and types, by full name.
    Externs,
    /// Everything that has a name in Rust, by full name.
    Names,
    /// Messages with a module, by full name.
    Modules,
    Bytes,
    Maps,
    /// Fields that hold one message.
    Boxes,
    /// Messages, enums and oneofs.
    Types,
    Messages,
    /// Enums and oneofs.
    Enums,
    Oneofs,
    /// Fields, variants and values.
    Fields,
    Services,
    Packages,
    /// Everything that can have a comment.
    Comments,
    /// Fields, and messages for all of theirs.
    Redacted,
    /// Messages, enums, fields and extensions.
    Inexact,
    /// Error enums, and rpcs that list errors.
    Errors,
    /// Rpcs whose calls are sent again, and that have no `idempotency_level`.
    Retried,
}

macro_rules! options {
    ($($(#[doc = $doc:literal])+ $key:ident as $setter:ident: $kind:ident $(for $about:ident)? = $default:expr;)*) => {
        /// How code is generated. [`Default`] is what most projects want.
        ///
        /// Set by key, as the plugin and the command do; `build.rs` uses [`Builder`](crate::Builder).
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Options {
            $(pub(crate) $key: $kind,)*
        }

        impl Default for Options {
            fn default() -> Self {
                Self { $($key: <$kind>::from($default),)* }
            }
        }

        impl Options {
            /// The documentation of every option, in the order of docs/options.md.
            pub const TABLE: &[OptionDoc] = &[$(OptionDoc {
                key: stringify!($key),
                setter: stringify!($setter),
                shape: <$kind as Value>::SHAPE,
                doc: concat!($($doc, "\n"),+),
            }),*];

            /// The options that take proto paths, and the things that they are about.
            pub(crate) const ABOUT: &[(&str, About)] =
                &[$($((stringify!($key), About::$about),)?)*];

            /// Sets one option, or adds to it where it takes several values. A file that the value names to be read is
            /// read here: generating reads none.
            ///
            /// # Errors
            ///
            /// An unknown key, with the nearest known one, a value of the wrong shape, or a file that cannot be read.
            pub fn set(&mut self, key: &str, value: &str) -> Result<(), Error> {
                let read = match key {
                    $(stringify!($key) => self.$key.read(value),)*
                    _ => return Err(unknown(key).into()),
                };
                read.map_err(|problem| {
                    Diagnostic::error(format!("option `{key}={value}`: {problem}")).into()
                })
            }

            /// Every `key=value` that differs from the default, in the order of the table.
            fn pairs(&self) -> Vec<(&'static str, String)> {
                let default = Self::default();
                let mut pairs = Vec::new();
                $(if self.$key != default.$key {
                    pairs.extend(self.$key.show().into_iter().map(|value| (stringify!($key), value)));
                })*
                pairs
            }

            /// Every proto path that is set: the option, what that is about, and the path.
            pub(crate) fn paths(&self) -> Vec<(&'static str, About, &str)> {
                let mut paths = Vec::new();
                $($(paths.extend(
                    self.$key.paths().into_iter().map(|path| (stringify!($key), About::$about, path)),
                );)?)*
                paths
            }
        }
    };
}

table!(options);

impl Options {
    /// The generator of clients and servers: our own needs `runtime`.
    pub(crate) fn effective_stubs(&self) -> Stubs {
        if self.runtime {
            self.stubs
        } else {
            Stubs::Tonic
        }
    }

    /// Whether client traits are generated: needs `runtime`, and `client_trait` or `testing`.
    pub(crate) fn has_client_trait(&self) -> bool {
        self.runtime && (self.client_trait || self.testing)
    }

    /// Whether error types are generated: needs `runtime` and `errors`.
    pub(crate) fn has_errors(&self) -> bool {
        self.runtime && self.errors
    }

    /// Whether mocks are generated: needs `runtime` and `testing`.
    pub(crate) fn has_testing(&self) -> bool {
        self.runtime && self.testing
    }

    /// The files that were read for options.
    pub(crate) fn read_paths(&self) -> Vec<std::path::PathBuf> {
        let files = self.service_config.0.iter();
        files.map(|file| file.path.clone().into()).collect()
    }

    /// The `out_dir` as it was set.
    pub(crate) fn out_dir(&self) -> Option<&str> {
        Some(self.out_dir.0.as_str()).filter(|folder| !folder.is_empty())
    }

    /// The `out_dir` as the beginning of a path in the output folder: empty, or with a `/` at its end.
    pub fn out_folder(&self) -> String {
        let folder = self.out_dir.0.strip_suffix('/').unwrap_or(&self.out_dir.0);
        match folder.strip_prefix("./").unwrap_or(folder) {
            "" => String::new(),
            folder => format!("{folder}/"),
        }
    }
}

fn unknown(key: &str) -> Diagnostic {
    let error = Diagnostic::error(format!("unknown option `{key}`"));
    // People who come from a build script know the names of setters.
    let known = Options::TABLE
        .iter()
        .flat_map(|option| [(option.key, option.key), (option.setter, option.key)]);
    let names = known.clone().map(|(name, _)| name);
    let near = nearest(key, names).and_then(|near| known.clone().find(|(name, _)| *name == near));
    match near {
        Some((_, known)) => error.with_help(format!("did you mean `{known}`?")),
        None => {
            error.with_help(r"docs/options.md lists the options, and so does `protoc-gen-rust-svc --help`; a comma inside a value is written `\,`")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_with_a_path_says_what_it_is_about() {
        for option in Options::TABLE {
            let has_path = option.shape.starts_with("proto path");
            let is_said = Options::ABOUT.iter().any(|(key, _)| *key == option.key);
            assert_eq!(has_path, is_said, "{}", option.key);
        }
    }
}
