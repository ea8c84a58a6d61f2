//! The kinds of values that options have: how each is read, checked and shown.

use crate::output::check_path;
use crate::pattern;

/// How the values of one kind of option are read and shown.
pub(super) trait Value {
    const SHAPE: &'static str;

    /// Takes one more value; the error says what is wrong with it.
    fn read(&mut self, text: &str) -> Result<(), String>;

    /// The texts that, read one after the other, make this value.
    fn show(&self) -> Vec<String>;

    /// The proto paths in it.
    fn paths(&self) -> Vec<&str> {
        Vec::new()
    }
}

impl Value for bool {
    const SHAPE: &'static str = "`true`, `false`";

    fn read(&mut self, text: &str) -> Result<(), String> {
        *self = text
            .parse()
            .map_err(|_| "expected `true` or `false`".to_owned())?;
        Ok(())
    }

    fn show(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

/// Defines options that are one of a few words.
macro_rules! words {
    ($($(#[$meta:meta])* $kind:ident ($shape:literal) {
        $($(#[$word_meta:meta])* $variant:ident = $word:literal,)*
    })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $kind {
            $($(#[$word_meta])* $variant,)*
        }

        impl $kind {
            pub(crate) fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl Value for $kind {
            const SHAPE: &'static str = $shape;

            fn read(&mut self, text: &str) -> Result<(), String> {
                *self = match text {
                    $($word => Self::$variant,)*
                    _ => return Err(format!("expected one of {}", Self::SHAPE)),
                };
                Ok(())
            }

            fn show(&self) -> Vec<String> {
                vec![self.name().to_owned()]
            }
        }
    )*};
}

words! {
    /// Where the encoded descriptors of the generated files go.
    DescriptorSet ("`tree`, `package`, `none`") {
        /// One constant for all files, beside the module tree.
        Tree = "tree",
        /// One constant in the file of each package, for its files and their imports.
        Package = "package",
        /// No descriptors.
        None = "none",
    }

    /// The part that is generated of files that are imported, and not listed.
    Imports ("`true`, `false`, `all`") {
        /// Public imports of listed files, and the types that listed files use.
        Used = "true",
        /// Nothing.
        None = "false",
        /// All that is declared in files that are imported, directly or by way of others, but for `google/protobuf`.
        All = "all",
    }

    /// The generator of messages and enums.
    Messages ("`svc`, `prost`") {
        /// Our own generator: every `impl` written out.
        Svc = "svc",
        /// prost-build, with `#[derive(prost::Message)]`.
        Prost = "prost",
    }

    /// The generator of clients and servers.
    Stubs ("`svc`, `tonic`") {
        /// Our own clients and servers, which take interceptors and call the crate `rust-svc`.
        Svc = "svc",
        /// Clients and servers of tonic-build, which take interceptors of tonic only.
        Tonic = "tonic",
    }
}

impl From<bool> for Imports {
    fn from(used: bool) -> Self {
        if used { Self::Used } else { Self::None }
    }
}

/// Defines the kinds of options that hold one text, or a list of them, or of pairs.
macro_rules! kinds {
    ($($(#[$meta:meta])* $kind:ident: $shape:literal, $inner:ty, $check:expr;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub(crate) struct $kind(pub(crate) $inner);

        impl<T: Into<$inner>> From<T> for $kind {
            fn from(inner: T) -> Self {
                Self(inner.into())
            }
        }

        impl Value for $kind {
            const SHAPE: &'static str = $shape;

            fn read(&mut self, text: &str) -> Result<(), String> {
                self.0.take(text, $check)
            }

            fn show(&self) -> Vec<String> {
                self.0.texts()
            }

            fn paths(&self) -> Vec<&str> {
                self.0.paths()
            }
        }
    )*};
}

kinds! {
    /// A file below the output folder.
    Path: "file", String, check_path;
    /// A JSON file below the output folder.
    JsonPath: "JSON file", String, check_json_path;
    /// A folder below the output folder; a build script may set any.
    Folder: "folder", String, check_folder;
    RustPath: "Rust path", String, check_rust_path;
    /// Proto paths, matched as prost-build matches: `.` for all, `.pkg.Message` for it and all below,
    /// `Message.field` for what ends so. And `.pkg.Message$` for it alone.
    Patterns: "proto path", Vec<String>, check_pattern;
    /// Proto paths like `Patterns`, of which the setter takes one at a time, as in tonic-prost-build.
    Fields: "proto path", Vec<String>, check_pattern;
    ExternPaths: "proto path`=`Rust path", Vec<(String, String)>, check_rust_path;
    Renames: "proto path`=`Rust name", Vec<(String, String)>, check_name;
    Attributes: "proto path`=`attribute", Vec<(String, String)>, check_attribute;
    Texts: "proto path`=`text", Vec<(String, String)>, |_| Ok(());
}

/// How a kind's inner value takes a text in.
trait Inner {
    fn take(&mut self, text: &str, check: fn(&str) -> Result<(), String>) -> Result<(), String>;
    fn texts(&self) -> Vec<String>;
    fn paths(&self) -> Vec<&str>;
}

impl Inner for String {
    fn take(&mut self, text: &str, check: fn(&str) -> Result<(), String>) -> Result<(), String> {
        check(text)?;
        text.clone_into(self);
        Ok(())
    }

    fn texts(&self) -> Vec<String> {
        vec![self.clone()]
    }

    fn paths(&self) -> Vec<&str> {
        Vec::new()
    }
}

impl Inner for Vec<String> {
    fn take(&mut self, text: &str, check: fn(&str) -> Result<(), String>) -> Result<(), String> {
        check(text)?;
        self.push(text.to_owned());
        Ok(())
    }

    fn texts(&self) -> Vec<String> {
        self.clone()
    }

    fn paths(&self) -> Vec<&str> {
        self.iter().map(String::as_str).collect()
    }
}

impl Inner for Vec<(String, String)> {
    fn take(&mut self, text: &str, check: fn(&str) -> Result<(), String>) -> Result<(), String> {
        let (path, value) = text
            .split_once('=')
            .ok_or("expected a proto path, `=`, and a value")?;
        check_pattern(path)?;
        check(value)?;
        self.push((path.to_owned(), value.to_owned()));
        Ok(())
    }

    fn texts(&self) -> Vec<String> {
        self.iter()
            .map(|(path, value)| format!("{path}={value}"))
            .collect()
    }

    fn paths(&self) -> Vec<&str> {
        self.iter().map(|(path, _)| path.as_str()).collect()
    }
}

fn check_pattern(path: &str) -> Result<(), String> {
    let is_name = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c == '_' || c.is_ascii_alphanumeric())
    };
    // `$` is for full paths: what begins without a dot means nothing below it anyway.
    let parts = match path.strip_prefix('.') {
        Some(full) => pattern::exact(full).unwrap_or(full),
        None => path,
    };
    if path == "." || parts.split('.').all(is_name) {
        Ok(())
    } else {
        Err(format!(
            "`{path}` is not a proto path such as `.`, `.pkg.Message`, `.pkg.Message$` or `Message.field`"
        ))
    }
}

fn check_json_path(path: &str) -> Result<(), String> {
    check_path(path)?;
    if path.ends_with(".json") {
        Ok(())
    } else {
        Err(format!("`{path}` does not end in `.json`"))
    }
}

fn check_folder(path: &str) -> Result<(), String> {
    // `./gen/` is usual.
    let path = path.strip_prefix("./").unwrap_or(path);
    check_path(path.strip_suffix('/').unwrap_or(path))
}

fn check_rust_path(path: &str) -> Result<(), String> {
    syn::parse_str::<syn::Type>(path)
        .map(drop)
        .map_err(|_| format!("`{path}` is not a Rust path such as `::my_types::user::v1`"))
}

fn check_name(name: &str) -> Result<(), String> {
    syn::parse_str::<syn::Ident>(name)
        .map(drop)
        .map_err(|_| format!("`{name}` is not a Rust identifier"))
}

fn check_attribute(attribute: &str) -> Result<(), String> {
    parse_attributes(attribute)
        .map(drop)
        .ok_or_else(|| format!("`{attribute}` is not an attribute such as `#[derive(Eq)]`"))
}

/// The attributes in a text such as `#[derive(Eq)] #[cfg(test)]`.
fn parse_attributes(text: &str) -> Option<Vec<syn::Attribute>> {
    use syn::parse::Parser as _;
    let attributes = syn::Attribute::parse_outer.parse_str(text).ok()?;
    (!attributes.is_empty()).then_some(attributes)
}
