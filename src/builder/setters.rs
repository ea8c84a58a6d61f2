//! One setter for each option, named as the table of options says.

use super::Builder;
use crate::options::table::table;
use crate::options::{DescriptorSet, Imports, Messages, Stubs};

macro_rules! setters {
    ($($(#[doc = $doc:literal])+ $key:ident as $setter:ident: $kind:ident $(for $about:ident)? = $default:expr;)*) => {
        /// One setter per option.
        impl Builder {
            $(setter! { $(#[doc = $doc])+ $key $setter $kind })*
        }
    };
}

/// The setter of one option, by the kind of its value.
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
            self.path(stringify!($key), path.as_ref())
        }
    };
    ($(#[doc = $doc:literal])+ $key:ident $setter:ident JsonPath) => {
        setter! { $(#[doc = $doc])+ $key $setter Path }
    };
    ($(#[doc = $doc:literal])+ $key:ident $setter:ident JsonFiles) => {
        setter! { $(#[doc = $doc])+ $key $setter Path }
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

table!(setters);
