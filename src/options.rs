//! Every option once: its key, its setter, its default, its documentation, how it is read and shown.
//!
//! The table below is the only place that knows the options. The plugin's parameter, `--opt` of the
//! command, the setters of [`Builder`](crate::Builder) and the README all come from it.

use crate::diagnostics::{Diagnostic, Error, nearest};

mod compiled;
mod value;

pub(crate) use compiled::Compiled;
use value::Value;
pub(crate) use value::{
    Attributes, ExternPaths, Fields, Folder, Path, Patterns, Renames, RustPath, Texts,
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
    /// What a value looks like.
    pub shape: &'static str,
    /// What it does, in Markdown.
    pub doc: &'static str,
}

/// The kinds of things that an option is about: its paths have an effect on these only.
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
            /// The documentation of every option, in the order of the README.
            pub const TABLE: &[OptionDoc] = &[$(OptionDoc {
                key: stringify!($key),
                setter: stringify!($setter),
                shape: <$kind as Value>::SHAPE,
                doc: concat!($($doc, "\n"),+),
            }),*];

            /// The options that take proto paths, and the things that they are about.
            pub(crate) const ABOUT: &[(&str, About)] =
                &[$($((stringify!($key), About::$about),)?)*];

            /// Sets one option, or adds to it where it takes several values.
            ///
            /// # Errors
            ///
            /// An unknown key, with the nearest known one, or a value of the wrong shape.
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

        /// One setter per option.
        impl crate::Builder {
            $(setter! { $(#[doc = $doc])+ $key $setter $kind })*
        }
    };
}

macro_rules! setter {
    ($(#[doc = $doc:literal])+ $key:ident $setter:ident bool) => {
        $(#[doc = $doc])+
        pub fn $setter(self, enable: bool) -> Self {
            self.option(stringify!($key), if enable { "true" } else { "false" })
        }
    };
    ($(#[doc = $doc:literal])+ $key:ident $setter:ident Patterns) => {
        $(#[doc = $doc])+
        pub fn $setter<I>(self, paths: I) -> Self
        where
            I: IntoIterator,
            I::Item: AsRef<str>,
        {
            paths
                .into_iter()
                .fold(self, |builder, path| builder.option(stringify!($key), path.as_ref()))
        }
    };
    ($(#[doc = $doc:literal])+ $key:ident $setter:ident Fields) => {
        $(#[doc = $doc])+
        pub fn $setter(self, path: impl AsRef<str>) -> Self {
            self.option(stringify!($key), path.as_ref())
        }
    };
    ($(#[doc = $doc:literal])+ $key:ident $setter:ident Path) => {
        $(#[doc = $doc])+
        pub fn $setter(self, path: impl AsRef<std::path::Path>) -> Self {
            self.option(stringify!($key), &path.as_ref().to_string_lossy())
        }
    };
    ($(#[doc = $doc:literal])+ $key:ident $setter:ident Folder) => {
        $(#[doc = $doc])+
        pub fn $setter(self, path: impl AsRef<std::path::Path>) -> Self {
            self.folder(path.as_ref(), |options| &mut options.$key)
        }
    };
    ($(#[doc = $doc:literal])+ $key:ident $setter:ident RustPath) => {
        $(#[doc = $doc])+
        pub fn $setter(self, path: impl AsRef<str>) -> Self {
            self.option(stringify!($key), path.as_ref())
        }
    };
    ($(#[doc = $doc:literal])+ $key:ident $setter:ident DescriptorSet) => {
        $(#[doc = $doc])+
        pub fn $setter(self, place: DescriptorSet) -> Self {
            self.option(stringify!($key), place.name())
        }
    };
    ($(#[doc = $doc:literal])+ $key:ident $setter:ident Imports) => {
        $(#[doc = $doc])+
        pub fn $setter(self, imports: impl Into<Imports>) -> Self {
            self.option(stringify!($key), imports.into().name())
        }
    };
    ($(#[doc = $doc:literal])+ $key:ident $setter:ident Messages) => {
        $(#[doc = $doc])+
        pub fn $setter(self, maker: Messages) -> Self {
            self.option(stringify!($key), maker.name())
        }
    };
    ($(#[doc = $doc:literal])+ $key:ident $setter:ident Stubs) => {
        $(#[doc = $doc])+
        pub fn $setter(self, kind: Stubs) -> Self {
            self.option(stringify!($key), kind.name())
        }
    };
    ($(#[doc = $doc:literal])+ $key:ident $setter:ident $pairs:ident) => {
        $(#[doc = $doc])+
        pub fn $setter(self, path: impl AsRef<str>, value: impl AsRef<str>) -> Self {
            self.option(stringify!($key), &format!("{}={}", path.as_ref(), value.as_ref()))
        }
    };
}

options! {
    /// Generate clients.
    client as build_client: bool = true;
    /// Generate server traits and servers.
    server as build_server: bool = true;
    /// Generate `connect` on clients, which needs tonic's feature `channel`.
    transport as build_transport: bool = true;
    /// Give each method of a server trait a body that answers `UNIMPLEMENTED`.
    default_stubs as generate_default_stubs: bool = false;
    /// Server traits take `self: Arc<Self>` instead of `&self`.
    arc_self as use_arc_self: bool = false;
    /// Who writes messages and enums: `svc` for us, `prost` for prost-build, which leaves most of the code to prost's derives. In `build.rs`, `prost` needs the feature `prost-build` of `rust-svc-build`.
    messages as messages: Messages = Messages::Svc;
    /// Whose clients and servers: `svc` for ours, which take interceptors, `tonic` for tonic-build's. In `build.rs`, `tonic` needs the feature `tonic-build` of `rust-svc-build`.
    stubs as stubs: Stubs = Stubs::Svc;
    /// Generate a trait of what a client can be asked, `<Service>Api`, which can be a `dyn`, and implement it for clients. Needs `runtime`.
    client_trait as build_client_trait: bool = true;
    /// Generate a mock of that trait, which is a service as well, and implement the trait for our own servers, to be called in process. Needs the feature `testing` of `rust-svc`.
    testing as testing: bool = false;
    /// Generate types of error enums, as `rust_svc/v1/options.proto` and kratos declare them. Needs the feature `errors` of `rust-svc`.
    errors as build_errors: bool = true;
    /// Write a catalogue of all errors, for people who read no Rust: `errors` is `errors.json` and `errors.md`.
    errors_catalog as errors_catalog: Path = "";
    /// Generate what needs the runtime crate `rust-svc`: method descriptors and our own clients and servers. Without it `stubs` is `tonic`.
    runtime as runtime: bool = true;
    /// Write the proto package into paths such as `/user.v1.UserService/GetUser`.
    emit_package as emit_package: bool = true;
    /// Write the file that joins the packages to one module tree.
    module_tree as module_tree: bool = true;
    /// The name of that file, which may be in a folder below.
    include_file as include_file: Path = "mod.rs";
    /// The folder to write to: for `build.rs` any, instead of `$OUT_DIR`; for plugin and command one below the output folder.
    out_dir as out_dir: Folder = "";
    /// Where `FILE_DESCRIPTOR_SET` goes: `tree` (once, beside the module tree), `package` (one in each package's file) or `none`.
    descriptor_set as descriptor_set: DescriptorSet = DescriptorSet::Tree;
    /// What is generated of files that listed files import: `true` for public imports, and for the types that are used; `all` for everything in all of them, but for `google/protobuf`; `false` for nothing. The setter takes a `bool` or an `Imports`.
    imports as generate_imports: Imports = Imports::Used;
    /// Generate only these packages, services or types, and what they reach.
    include as include: Patterns for Included = Vec::new();
    /// Do not generate these packages, services or types.
    exclude as exclude: Patterns for Excluded = Vec::new();
    /// Use an existing Rust path for a proto package or type: `.google.rpc=::tonic_types::pb`.
    extern_path as extern_path: ExternPaths for Externs = Vec::new();
    /// Give something another Rust name: `.pkg.Message=Name`, also packages, fields, enum values, oneofs, services and rpcs.
    rename as rename: Renames for Names = Vec::new();
    /// Give the module of a message's nested types another name: `.pkg.Message=name`.
    rename_module as rename_module: Renames for Modules = Vec::new();
    /// `bytes` fields as `bytes::Bytes`.
    bytes as bytes: Fields for Bytes = Vec::new();
    /// `map` fields as `BTreeMap`.
    btree_map as btree_map: Fields for Maps = Vec::new();
    /// Fields to be boxed: those that hold one message.
    boxed as boxed: Fields for Boxes = Vec::new();
    /// An attribute for messages, enums and oneofs: `.=#[derive(serde::Serialize)]`.
    type_attribute as type_attribute: Attributes for Types = Vec::new();
    /// An attribute for messages.
    message_attribute as message_attribute: Attributes for Messages = Vec::new();
    /// An attribute for enums and oneofs.
    enum_attribute as enum_attribute: Attributes for Enums = Vec::new();
    /// An attribute for oneofs, as the enums that they are in Rust: `.pkg.Message.oneof=#[derive(Eq)]`.
    oneof_attribute as oneof_attribute: Attributes for Oneofs = Vec::new();
    /// An attribute for fields, oneof variants (`.pkg.Message.oneof.field`) and enum values.
    field_attribute as field_attribute: Attributes for Fields = Vec::new();
    /// An attribute for server structs.
    server_attribute as server_attribute: Attributes for Services = Vec::new();
    /// An attribute for client structs.
    client_attribute as client_attribute: Attributes for Services = Vec::new();
    /// An attribute for server traits.
    trait_attribute as trait_attribute: Attributes for Services = Vec::new();
    /// An attribute for the modules that hold a server.
    server_mod_attribute as server_mod_attribute: Attributes for Services = Vec::new();
    /// An attribute for the modules that hold a client.
    client_mod_attribute as client_mod_attribute: Attributes for Services = Vec::new();
    /// An attribute for the modules of packages in the module tree.
    module_attribute as module_attribute: Attributes for Packages = Vec::new();
    /// Leave out the comments of these items.
    disable_comments as disable_comments: Patterns for Comments = Vec::new();
    /// Do not derive `Debug` for these types: you write it by hand. With our stubs a message of an rpc needs one.
    skip_debug as skip_debug: Patterns for Types = Vec::new();
    /// Show these fields, or all fields of these messages, as `[REDACTED]` in `Debug`, as `debug_redact` in a proto does.
    debug_redact as debug_redact: Patterns for Redacted = Vec::new();
    /// Say nothing where prost cannot express what these types say, and has the nearest: an `Option` for a message that requires itself, `String` for what need not be UTF-8, no extensions, empty messages for message sets; with `messages=prost` open enums for closed ones, and a `Debug` that shows what has `debug_redact`.
    allow_inexact as allow_inexact: Patterns for Inexact = Vec::new();
    /// Generate `google.protobuf` types instead of using `prost-types`.
    compile_well_known_types as compile_well_known_types: bool = false;
    /// Keep the enum's name in its values: `Color::ColorRed`.
    retain_enum_prefix as retain_enum_prefix: bool = false;
    /// Implement `prost::Name` for messages.
    enable_type_names as enable_type_names: bool = false;
    /// The domain in the type URL of `prost::Name`: `.=type.googleapis.com`.
    type_name_domain as type_name_domain: Texts for Messages = Vec::new();
    /// The codec of clients and servers.
    codec_path as codec_path: RustPath = "::tonic_prost::ProstCodec";
    /// Where the crate `prost` is.
    prost_path as prost_path: RustPath = "::prost";
    /// Where the crate `prost-types` is.
    prost_types_path as prost_types_path: RustPath = "::prost_types";
    /// Where the crate `rust-svc` is.
    runtime_path as runtime_path: RustPath = "::rust_svc";
}

impl Options {
    /// Reads the parameter of a plugin: `key=value` pairs, joined by commas.
    ///
    /// The first `=` ends the key; a key alone is `key=true`. A comma inside a value is written
    /// `\,` and a backslash `\\`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, not only the first pair.
    pub fn parse(parameter: &str) -> Result<Self, Error> {
        Self::from_pieces([split(parameter)])
    }

    /// Reads several parameters, as a command gets them: [`parse`](Self::parse) of all of them.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn parse_pairs(parameters: &[impl AsRef<str>]) -> Result<Self, Error> {
        let parameters = parameters.iter();
        Self::from_pieces(parameters.map(|parameter| split(parameter.as_ref())))
    }

    /// Reads parameters that were split at their commas.
    fn from_pieces(parameters: impl IntoIterator<Item = Vec<String>>) -> Result<Self, Error> {
        let mut options = Self::default();
        let mut problems = Vec::new();
        for pieces in parameters {
            let mut rest = pieces.as_slice();
            while let [piece, behind @ ..] = rest {
                rest = behind;
                let Err(error) = options.set_pair(piece) else {
                    continue;
                };
                match cut_at_comma(piece, behind) {
                    Some((problem, taken)) => {
                        problems.push(problem);
                        rest = &behind[taken..];
                    }
                    None => problems.extend_from_slice(error.diagnostics()),
                }
            }
        }
        match problems.is_empty() {
            true => Ok(options),
            false => Err(Error::new(problems)),
        }
    }

    fn set_pair(&mut self, pair: &str) -> Result<(), Error> {
        if pair.trim().is_empty() {
            return Ok(());
        }
        let (key, value) = pair.split_once('=').unwrap_or((pair, "true"));
        self.set(key.trim(), value)
    }

    /// The stubs that are generated: ours need the runtime.
    pub(crate) fn effective_stubs(&self) -> Stubs {
        match self.runtime {
            true => self.stubs,
            false => Stubs::Tonic,
        }
    }

    /// Whether client traits are generated. A mock needs one.
    pub(crate) fn has_client_trait(&self) -> bool {
        self.runtime && (self.client_trait || self.testing)
    }

    /// Whether types of errors are generated. They need the runtime.
    pub(crate) fn has_errors(&self) -> bool {
        self.runtime && self.errors
    }

    /// Whether mocks are generated. They need the runtime.
    pub(crate) fn has_testing(&self) -> bool {
        self.runtime && self.testing
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

    /// The parameter that [`parse`](Self::parse) reads these options from.
    pub fn show(&self) -> String {
        let pairs: Vec<_> = self
            .pairs()
            .into_iter()
            .map(|(key, value)| format!("{key}={}", escape(&value)))
            .collect();
        pairs.join(",")
    }
}

/// Splits at commas, and takes the backslashes away.
fn split(parameter: &str) -> Vec<String> {
    let mut pairs = vec![String::new()];
    let mut chars = parameter.chars().peekable();
    while let Some(c) = chars.next() {
        let last = pairs.last_mut().expect("starts with one");
        match c {
            // A backslash before anything else is one: `C:\x` needs no care.
            '\\' => last.push(
                chars
                    .next_if(|&next| next == ',' || next == '\\')
                    .unwrap_or('\\'),
            ),
            ',' => pairs.push(String::new()),
            _ => last.push(c),
        }
    }
    pairs
}

/// The value as [`split`] reads it back.
fn escape(value: &str) -> String {
    value.replace('\\', r"\\").replace(',', r"\,")
}

/// Whether a piece that is no option is the beginning of one whose comma was not escaped: what to say then, and
/// how many of the pieces behind it belong to it.
fn cut_at_comma(piece: &str, behind: &[String]) -> Option<(Diagnostic, usize)> {
    let (key, _) = piece.split_once('=')?;
    let mut whole = piece.to_owned();
    let taken = behind.iter().position(|more| {
        whole = format!("{whole},{more}");
        Options::default().set_pair(&whole).is_ok()
    })?;
    let (_, value) = whole.split_once('=')?;
    let message = format!("option `{whole}`: a comma ends a value, unless it is written `\\,`");
    let help = format!("write `{key}={}`", escape(value));
    Some((Diagnostic::error(message).help(help), taken + 1))
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
        Some((_, known)) => error.help(format!("did you mean `{known}`?")),
        None => {
            error.help(r"the README lists the options, and so does `protoc-gen-rust-svc --help`; a comma inside a value is written `\,`")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_protoc_and_buf_pass_on() {
        let options = Options::parse(
            r"client=false,arc_self,type_attribute=.=#[derive(A\, B)],extern_path=.a.B=::x::Y",
        )
        .unwrap();
        assert!(!options.client && options.arc_self);
        assert_eq!(
            options.type_attribute.0,
            [(".".to_owned(), "#[derive(A, B)]".to_owned())]
        );
        assert_eq!(
            options.extern_path.0,
            [(".a.B".to_owned(), "::x::Y".to_owned())]
        );
    }

    #[test]
    fn says_all_that_is_wrong_at_once() {
        let error =
            Options::parse("clinet=true,server=maybe,type_attribute=.=derive(A)").unwrap_err();
        let messages: Vec<_> = error
            .diagnostics()
            .iter()
            .map(Diagnostic::to_line)
            .collect();
        assert_eq!(
            messages,
            [
                "unknown option `clinet` (did you mean `client`?)",
                "option `server=maybe`: expected `true` or `false`",
                "option `type_attribute=.=derive(A)`: `derive(A)` is not an attribute such as `#[derive(Eq)]`",
            ]
        );
    }

    #[test]
    fn says_how_a_comma_is_written() {
        let parameter =
            r"type_attribute=.=#[derive(A, B\, C)],client=false,extern_path=.a=x::Y<A,B>,b";
        let error = Options::parse(parameter).unwrap_err();
        let lines: Vec<_> = error
            .diagnostics()
            .iter()
            .map(Diagnostic::to_line)
            .collect();
        assert_eq!(
            lines,
            [
                r"option `type_attribute=.=#[derive(A, B, C)]`: a comma ends a value, unless it is written `\,` (write `type_attribute=.=#[derive(A\, B\, C)]`)",
                r"option `extern_path=.a=x::Y<A,B>`: a comma ends a value, unless it is written `\,` (write `extern_path=.a=x::Y<A\,B>`)",
                r"unknown option `b` (the README lists the options, and so does `protoc-gen-rust-svc --help`; a comma inside a value is written `\,`)",
            ]
        );
    }

    #[test]
    fn every_option_with_a_path_says_what_it_is_about() {
        for option in Options::TABLE {
            let has_path = option.shape.starts_with("proto path");
            let is_said = Options::ABOUT.iter().any(|(key, _)| *key == option.key);
            assert_eq!(has_path, is_said, "{}", option.key);
        }
    }
}
