//! Every Rust name, decided here and nowhere else.
//!
//! A name is what prost and tonic would call the thing ([`ident`](super::ident)), unless something
//! else in the same Rust scope has that name already. Then one of the two yields and gets a `_` at
//! its end (a service a number, since its name goes on: `Foo2Client`; so does one that is called like
//! a type parameter of generated code, `T`, or like `Box` or `Self`). Who yields does not depend on
//! order where that can be helped:
//!
//! 1. what the option `rename` fixes has its name;
//! 2. the module of a package yields to nothing: other runs refer to it;
//! 3. a type whose proto name is spelt like its Rust name goes before one whose is not;
//! 4. types go before the modules of services, and those before modules of nested types;
//! 5. otherwise what is declared first goes first.
//!
//! A scope is a module, the fields of a message, the values of an enum, the variants of a oneof, or
//! the methods of a service. Only what clashes is renamed, and a warning says so.

use std::collections::{BTreeSet, HashMap};

use super::ident::{camel, service_snake, snake};
use crate::descriptor::{Field, Message};
use crate::diagnostics::Diagnostic;

mod accessors;
mod decision;
mod scope;

pub(super) use decision::decide;

/// The names that differ from what prost and tonic would make of the proto names, and what there is
/// of packages.
#[derive(Default)]
pub(crate) struct Names {
    /// Full proto name, with a leading dot, to Rust identifier. A oneof is `.pkg.Message.oneof`, and
    /// the type that it is in Rust is in `oneofs`.
    items: HashMap<String, String>,
    oneofs: HashMap<String, String>,
    /// Message to the module of its nested types.
    nested: HashMap<String, String>,
    /// Package to the Rust names of its modules.
    packages: HashMap<String, Vec<String>>,
    /// Variants of oneofs: the field's full name to its name as a variant.
    variants: HashMap<String, String>,
    /// Rpcs to their names in client traits.
    calls: HashMap<String, String>,
    /// Values of error enums to variants of error types.
    error_variants: HashMap<String, String>,
    /// Rpcs to the types of the errors that they list.
    rpc_errors: HashMap<String, String>,
    pub(crate) warnings: Vec<Diagnostic>,
}

/// Names that no rpc may have in a client, since clients have these methods, at least with `stubs = svc`: a name does
/// not depend on that option.
const CLIENT_METHODS: [&str; 10] = [
    "new",
    "connect",
    "with_origin",
    "with_interceptor",
    "with_hooks",
    "intercept",
    "send_compressed",
    "accept_compressed",
    "max_decoding_message_size",
    "max_encoding_message_size",
];

/// Names that no service may have: type parameters of generated code, names that `#[async_trait]` takes for granted,
/// and one that Rust has no raw form for.
pub(super) const NO_SERVICE: [&str; 10] = ["T", "B", "F", "D", "I", "H", "J", "At", "Box", "Self_"];

/// Names that no module may have: generated code uses types by these names.
pub(super) const PRIMITIVES: [&str; 10] = [
    "bool", "f32", "f64", "i32", "i64", "str", "u8", "u32", "u64", "usize",
];

/// The ends of the names of a service's modules.
pub(crate) const SERVICE_MODULES: [&str; 5] = ["client", "server", "methods", "api", "errors"];

impl Names {
    /// The identifier of a message or an enum.
    pub(crate) fn r#type(&self, full_name: &str) -> String {
        self.item(full_name, camel)
    }

    /// The module that holds what is nested in a message.
    pub(crate) fn nested_module(&self, message: &str) -> String {
        self.nested
            .get(message)
            .cloned()
            .unwrap_or_else(|| snake(last(message)))
    }

    /// The modules that a package lies in, outermost first.
    pub(crate) fn package(&self, package: &str) -> Vec<String> {
        self.packages.get(package).cloned().unwrap_or_default()
    }

    /// A field, or the field that a oneof is.
    pub(crate) fn field(&self, full_name: &str) -> String {
        self.item(full_name, snake)
    }

    /// The type of a oneof.
    pub(crate) fn oneof(&self, full_name: &str, message: &Message) -> String {
        match self.oneofs.get(full_name) {
            Some(name) => name.clone(),
            None => oneof_type(last(full_name), nested_names(message)),
        }
    }

    /// A field of a oneof, as a variant.
    pub(crate) fn oneof_variant(&self, full_name: &str) -> String {
        let renamed = self.variants.get(full_name);
        renamed.cloned().unwrap_or_else(|| camel(last(full_name)))
    }

    pub(crate) fn enum_value(&self, full_name: &str, default: impl FnOnce() -> String) -> String {
        self.items.get(full_name).cloned().unwrap_or_else(default)
    }

    pub(crate) fn service(&self, full_name: &str) -> String {
        self.item(full_name, camel)
    }

    pub(crate) fn method(&self, full_name: &str) -> String {
        self.item(full_name, snake)
    }

    /// The method of the client trait: never called like one of the client, which it would hide.
    pub(crate) fn call(&self, full_name: &str) -> String {
        let name = self.calls.get(full_name).cloned();
        name.unwrap_or_else(|| call_name(&self.method(full_name)))
    }

    /// A value of an error enum, as a variant of its error type.
    pub(crate) fn error_variant(&self, full_name: &str) -> String {
        self.error_variants[full_name].clone()
    }

    /// The type of the errors that an rpc lists.
    pub(crate) fn rpc_error(&self, full_name: &str) -> String {
        self.rpc_errors[full_name].clone()
    }

    fn item(&self, full_name: &str, default: fn(&str) -> String) -> String {
        self.items
            .get(full_name)
            .cloned()
            .unwrap_or_else(|| default(last(full_name)))
    }
}

/// The name of a method in the client trait, made from its name in the client.
fn call_name(method: &str) -> String {
    let name = method.trim_start_matches("r#");
    format!("call_{}", name.trim_start_matches('_'))
}

/// Whether an option's path is this full name; the leading dot may be left out.
pub(super) fn is_path(path: &str, full_name: &str) -> bool {
    path == full_name || full_name.strip_prefix('.') == Some(path)
}

/// The last part of a dotted name.
pub(crate) fn last(full_name: &str) -> &str {
    full_name.rsplit('.').next().unwrap_or(full_name)
}

/// A oneof's type, beside types of these names: prost's rule.
pub(crate) fn oneof_type<'a>(oneof: &str, nested: impl IntoIterator<Item = &'a str>) -> String {
    let name = camel(oneof);
    if nested.into_iter().any(|nested| camel(nested) == name) {
        name + "OneOf"
    } else {
        name
    }
}

/// Names of the types nested in a message, map entries included, as prost looks at them.
pub(crate) fn nested_names(message: &Message) -> impl Iterator<Item = &str> {
    let messages = message
        .nested_type
        .iter()
        .map(|nested| nested.name.as_str());
    messages.chain(message.enum_type.iter().map(|r#enum| r#enum.name.as_str()))
}

/// The oneofs of a message that are not the synthetic one of an `optional` field.
pub(crate) fn real_oneofs(message: &Message) -> impl Iterator<Item = usize> {
    let fields = message.field.iter();
    let oneofs: BTreeSet<usize> = fields.filter_map(Field::real_oneof).collect();
    oneofs.into_iter()
}

/// Whether prost makes a module for what is nested in a message.
pub(crate) fn has_module(message: &Message) -> bool {
    !message.enum_type.is_empty()
        || message
            .nested_type
            .iter()
            .any(|nested| !nested.is_map_entry())
        || real_oneofs(message).next().is_some()
}

/// The module of one side of a service.
pub(crate) fn service_module(service: &str, side: &str) -> String {
    format!("{}_{side}", service_snake(service))
}
