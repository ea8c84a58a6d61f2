//! The model of generated code: plain data with final Rust names.
//!
//! Left of the model a user can be wrong, and is told by a diagnostic; right of it only we can.
//! [`build`] runs the passes in order: what is selected, what it is called, what its comments say,
//! and the descriptors that prost-build gets.

use std::collections::{BTreeMap, HashSet};

use crate::descriptor::{self, File};
use crate::diagnostics::{Diagnostic, Error};
use crate::input::{Input, SourceInfo};
use crate::options::{Attributes, Compiled, DescriptorSet, Messages, Options};
use crate::pattern;
use crate::symbols::Symbols;

mod closed;
mod comments;
mod debug;
mod deprecated;
mod depth;
mod docs;
mod error_types;
mod errors;
mod file_name;
mod ident;
mod inexact;
mod listed;
#[cfg(feature = "prost-build")]
mod lower;
mod names;
mod no_effect;
mod own_options;
mod paths;
mod policy;
mod prost_types;
mod redacted;
mod select;
mod status_code;
mod syntax;
pub(crate) mod types;

use closed::ClosedEnums;
use comments::Comments;
use deprecated::has_deprecated;
use errors::Catalog;
use file_name::file_name;
use listed::Listed;
use names::Names;
use paths::{Externs, TypePaths};
use policy::Policies;
use select::Selection;
use types::{Item, Types};

pub(crate) use error_types::{DetailPath, ErrorType, ListedError, RpcErrors, Variant};
pub(crate) use errors::{
    Dialect, ErrorEnum, ErrorValue, Piece, Placeholder, PlaceholderType, Retry, TrailerValue,
};
#[cfg(feature = "prost-build")]
pub(crate) use lower::{Lowered, Placeholders};
#[cfg(feature = "tonic-build")]
pub(crate) use names::service_module;
pub(crate) use policy::{Attempts, HedgingPolicy, Policy, RetryPolicy, RetryThrottling};
pub(crate) use status_code::StatusCode;

/// Everything to be generated, and what to say about it.
pub(crate) struct Model {
    /// In the order of their modules.
    pub(crate) packages: Vec<Package>,
    /// The input of prost-build, if that makes the messages.
    #[cfg(feature = "prost-build")]
    pub(crate) lowered: Option<Lowered>,
    /// The encoded descriptors of all files, without positions, where the module tree carries them.
    pub(crate) descriptor_set: Option<Vec<u8>>,
    pub(crate) warnings: Vec<Diagnostic>,
}

/// A package: a module, and a file.
pub(crate) struct Package {
    /// The proto package; empty for files without one.
    pub(crate) name: String,
    /// The modules that it lies in, outermost first.
    pub(crate) modules: Vec<String>,
    /// The name of its file.
    pub(crate) file_name: String,
    /// Messages and enums, unless prost-build makes them.
    pub(crate) items: Vec<Item>,
    pub(crate) services: Vec<Service>,
    pub(crate) errors: Vec<ErrorType>,
    /// Attributes of its module, as Rust source.
    pub(crate) attributes: Vec<String>,
    /// Whether anything in it is deprecated, or anything that it uses.
    pub(crate) has_deprecated: bool,
    /// The encoded descriptors of its files and their imports, where each package carries its own.
    pub(crate) descriptor_set: Option<Vec<u8>>,
}

impl Package {
    /// Whether it has error types: of error enums, or of errors that rpcs list.
    pub(crate) fn has_errors(&self) -> bool {
        let mut methods = self.services.iter().flat_map(|service| &service.methods);
        !self.errors.is_empty() || methods.any(|method| method.errors.is_some())
    }
}

/// A service with its rpcs.
pub(crate) struct Service {
    /// The name in the proto file.
    pub(crate) proto_name: String,
    /// The part of its path before the `.` and its own name; empty without `emit_package`.
    pub(crate) package: String,
    /// The name of the server trait, and the beginning of all others.
    pub(crate) name: String,
    pub(crate) client_module: String,
    pub(crate) server_module: String,
    /// The module of method descriptors.
    pub(crate) methods_module: String,
    /// The module of the client trait.
    pub(crate) api_module: String,
    /// The module of the types of errors that rpcs list.
    pub(crate) errors_module: String,
    pub(crate) docs: Vec<String>,
    pub(crate) is_deprecated: bool,
    pub(crate) methods: Vec<Method>,
    pub(crate) retry_throttling: Option<RetryThrottling>,
    pub(crate) attributes: ServiceAttributes,
}

/// Attributes as Rust source, for each of the places in a service's code that take some.
pub(crate) struct ServiceAttributes {
    pub(crate) client_module: Vec<String>,
    pub(crate) client: Vec<String>,
    pub(crate) server_module: Vec<String>,
    pub(crate) server: Vec<String>,
    pub(crate) server_trait: Vec<String>,
}

/// An rpc.
pub(crate) struct Method {
    pub(crate) proto_name: String,
    /// The name of the function.
    pub(crate) name: String,
    /// The name of the function in the client trait.
    pub(crate) call: String,
    pub(crate) docs: Vec<String>,
    pub(crate) is_deprecated: bool,
    pub(crate) kind: RpcKind,
    /// Rust types, as seen from the modules of the service.
    pub(crate) input: String,
    pub(crate) output: String,
    pub(crate) idempotency: Idempotency,
    /// The bytes of `google.protobuf.MethodOptions`, custom options included.
    pub(crate) options: Vec<u8>,
    /// The errors that it lists, if it does.
    pub(crate) errors: Option<RpcErrors>,
    pub(crate) policy: Policy,
}

/// The kind of an rpc, by which of its two sides stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RpcKind {
    Unary,
    ClientStreaming,
    ServerStreaming,
    BidiStreaming,
}

impl RpcKind {
    fn new(method: &descriptor::Method) -> Self {
        let is_server_streaming = method.server_streaming == Some(true);
        if method.client_streaming == Some(true) {
            if is_server_streaming {
                Self::BidiStreaming
            } else {
                Self::ClientStreaming
            }
        } else if is_server_streaming {
            Self::ServerStreaming
        } else {
            Self::Unary
        }
    }
}

/// `idempotency_level` of descriptor.proto.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Idempotency {
    Unknown,
    NoSideEffects,
    Idempotent,
}

impl Service {
    /// `user.v1.UserService`, the name in paths.
    pub(crate) fn full_name(&self) -> String {
        if self.package.is_empty() {
            self.proto_name.clone()
        } else {
            format!("{}.{}", self.package, self.proto_name)
        }
    }

    /// Whether the service or one of its rpcs is deprecated.
    pub(crate) fn has_deprecated(&self) -> bool {
        self.is_deprecated || self.methods.iter().any(|method| method.is_deprecated)
    }

    /// `/user.v1.UserService/GetUser`.
    pub(crate) fn path(&self, method: &Method) -> String {
        format!("/{}/{}", self.full_name(), method.proto_name)
    }
}

/// Builds the model of an input: all decisions about names and types.
pub(crate) fn build(input: &Input, options: &Options) -> Result<Model, Error> {
    let symbols = Symbols::new(&input.files);
    let externs = Externs::new(options);
    let (catalog, policies) = read_options(input, &symbols, options)?;
    let listed = Listed::new(input, options);
    let no_effect = no_effect::check(&listed, &catalog, &policies)?;
    let selection = select::select(&listed, &symbols, &externs, &catalog)?;
    policies.check_written_out(input, options, &selection.services)?;
    let names = names::decide(input, options, &listed, &catalog)?;
    let comments = Comments::new(&input.files, options);
    let paths = TypePaths {
        names: &names,
        externs: &externs,
        symbols: &symbols,
    };
    let missing = Compiled::HERE.missing(options, selection.services.len());
    if !missing.is_empty() {
        return Err(Error::new(missing));
    }
    let is_lowered = options.messages == Messages::Prost;
    #[cfg(feature = "prost-build")]
    let lowered = is_lowered.then(|| {
        lower::lower(&lower::Source {
            input,
            options,
            names: &names,
            comments: &comments,
            selection: &selection,
            symbols: &symbols,
            paths: &paths,
            alone: lower::alone(options),
        })
    });
    let closed = ClosedEnums::new(input);
    let types = (!is_lowered).then(|| Types::new(options, &comments, &paths, &closed));
    let mut warnings = no_effect;
    warnings.extend(syntax::warning(input));
    warnings.extend(policies.warnings(options, &selection.services));
    warnings.extend(debug::warnings(input, options, &selection, &catalog));
    let looked_at = inexact::LookedAt {
        input,
        options,
        symbols: &symbols,
        selection: &selection,
        closed: &closed,
    };
    warnings.extend(selection.warnings(&listed, &externs));
    warnings.extend(inexact::warnings(&looked_at));
    warnings.extend(names.warnings.iter().cloned());
    warnings.extend(depth::warning(options, &symbols, &selection));
    let building = Building {
        input,
        options,
        names: &names,
        comments: &comments,
        selection: &selection,
        catalog: &catalog,
        policies: &policies,
        paths: &paths,
        types,
    };
    Ok(Model {
        packages: building.packages(),
        descriptor_set: (options.descriptor_set == DescriptorSet::Tree)
            .then(|| input.encode(input.files.iter(), SourceInfo::Dropped)),
        #[cfg(feature = "prost-build")]
        lowered,
        warnings,
    })
}

/// What is said in options of ours, with everything that is wrong with them.
fn read_options(
    input: &Input,
    symbols: &Symbols<'_>,
    options: &Options,
) -> Result<(Catalog, Policies), Error> {
    let catalog = if options.has_errors() {
        Catalog::read(input, symbols)
    } else {
        Ok(Catalog::default())
    };
    match (catalog, Policies::read(input, symbols, options)) {
        (Ok(catalog), Ok(policies)) => Ok((catalog, policies)),
        (Err(mut error), Err(more)) => {
            error.append(more);
            Err(error)
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

struct Building<'a> {
    input: &'a Input,
    options: &'a Options,
    names: &'a Names,
    comments: &'a Comments<'a>,
    selection: &'a Selection,
    catalog: &'a Catalog,
    policies: &'a Policies,
    paths: &'a TypePaths<'a>,
    types: Option<Types<'a>>,
}

impl Building<'_> {
    fn packages(&self) -> Vec<Package> {
        let mut files: BTreeMap<Vec<String>, Vec<&File>> = BTreeMap::new();
        for file in self
            .input
            .files
            .iter()
            .filter(|file| self.is_generated(file))
        {
            files
                .entry(self.names.package(&file.package))
                .or_default()
                .push(file);
        }
        files
            .into_iter()
            .map(|(modules, mut files)| {
                files.sort_by_key(|file| &file.name);
                self.package(modules, &files)
            })
            .collect()
    }

    fn is_generated(&self, file: &File) -> bool {
        let messages = file.message_type.iter().map(|message| &message.name);
        let enums = file.enum_type.iter().map(|r#enum| &r#enum.name);
        messages
            .chain(enums)
            .any(|name| self.selection.types.contains(&file.full_name(name)))
            || file.service.iter().any(|service| {
                self.selection
                    .services
                    .contains(&file.full_name(&service.name))
            })
    }

    fn package(&self, modules: Vec<String>, files: &[&File]) -> Package {
        let services = files.iter().flat_map(|file| {
            let selected = file.service.iter().enumerate();
            let selected = selected.filter(|(_, service)| {
                self.selection
                    .services
                    .contains(&file.full_name(&service.name))
            });
            selected.map(|(index, service)| self.service(file, index, service))
        });
        let descriptor_set = (self.options.descriptor_set == DescriptorSet::Package).then(|| {
            let files = self.with_imports(files).into_iter();
            self.input.encode(files, SourceInfo::Dropped)
        });
        let types = self.types.iter();
        let items = types.flat_map(|types| {
            files
                .iter()
                .flat_map(|file| types.file_items(file, self.selection))
        });
        Package {
            items: items.collect(),
            services: services.collect(),
            errors: files.iter().flat_map(|file| self.errors(file)).collect(),
            file_name: file_name(&modules, &self.options.include_file.0),
            attributes: attributes(
                &self.options.module_attribute,
                &format!(".{}", files[0].package),
            ),
            has_deprecated: files
                .iter()
                .any(|file| has_deprecated(file, self.paths.symbols)),
            descriptor_set,
            modules,
            name: files[0].package.clone(),
        }
    }

    fn with_imports(&self, files: &[&File]) -> Vec<&File> {
        let mut wanted: HashSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
        // Every file comes after its imports, so one pass from the end finds them all.
        let mut set: Vec<_> = self
            .input
            .files
            .iter()
            .rev()
            .filter(|file| {
                let is_wanted = wanted.contains(file.name.as_str());
                if is_wanted {
                    wanted.extend(file.dependency.iter().map(String::as_str));
                }
                is_wanted
            })
            .collect();
        set.reverse();
        set
    }

    fn service(&self, file: &File, index: usize, service: &descriptor::Service) -> Service {
        let path = [6, index as i32];
        let full_name = file.full_name(&service.name);
        let here = self.paths.service(&file.package);
        let name = self.names.service(&full_name);
        let errors_module = names::service_module(&name, "errors");
        let methods = service.method.iter().enumerate().map(|(index, method)| {
            let path = [path[0], path[1], 2, index as i32];
            let full_name = format!("{full_name}.{}", method.name);
            Method {
                name: self.names.method(&full_name),
                call: self.names.call(&full_name),
                docs: self.method_docs(file, &path, &full_name, &errors_module),
                is_deprecated: method.is_deprecated(),
                kind: RpcKind::new(method),
                input: self.paths.from(&here, &method.input_type),
                output: self.paths.from(&here, &method.output_type),
                idempotency: match method.idempotency_level() {
                    1 => Idempotency::NoSideEffects,
                    2 => Idempotency::Idempotent,
                    _ => Idempotency::Unknown,
                },
                options: method.options.clone().unwrap_or_default(),
                errors: self.rpc_errors(file, &full_name),
                policy: self.policies.of(&full_name),
                proto_name: method.name.clone(),
            }
        });
        Service {
            package: if self.options.emit_package {
                file.package.clone()
            } else {
                String::new()
            },
            client_module: names::service_module(&name, "client"),
            server_module: names::service_module(&name, "server"),
            methods_module: names::service_module(&name, "methods"),
            api_module: names::service_module(&name, "api"),
            docs: self.comments.docs(&file.name, &path, &full_name),
            is_deprecated: service.is_deprecated(),
            methods: methods.collect(),
            retry_throttling: self.policies.throttling(&full_name),
            errors_module: errors_module.clone(),
            attributes: self.service_attributes(&full_name),
            proto_name: service.name.clone(),
            name,
        }
    }

    fn service_attributes(&self, full_name: &str) -> ServiceAttributes {
        let options = self.options;
        ServiceAttributes {
            client_module: attributes(&options.client_mod_attribute, full_name),
            client: attributes(&options.client_attribute, full_name),
            server_module: attributes(&options.server_mod_attribute, full_name),
            server: attributes(&options.server_attribute, full_name),
            server_trait: attributes(&options.trait_attribute, full_name),
        }
    }
}

fn attributes(attributes: &Attributes, path: &str) -> Vec<String> {
    // tonic-prost-build's users write `user.v1`; here as everywhere it may have a leading dot.
    let attributes = attributes.0.iter();
    let matching = attributes.filter(|(pattern, _)| pattern::names(pattern, path));
    matching.map(|(_, attribute)| attribute.clone()).collect()
}
