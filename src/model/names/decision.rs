//! How names are decided: scope by scope, in the order that the rules say.

use std::collections::{HashMap, HashSet};

use super::super::errors::{Catalog, ErrorEnum};
use super::super::ident::{camel, snake, variant};
use super::accessors;
use super::scope::{Claim, Holder, Kind, Scope};
use super::{
    CLIENT_METHODS, NO_SERVICE, Names, PRIMITIVES, SERVICE_MODULES, call_name, has_module, is_path,
    last, nested_names, oneof_type, real_oneofs, service_module,
};
use crate::descriptor::{Enum, File, Message, Method};
use crate::diagnostics::{Diagnostic, Error, Place, nearest};
use crate::input::Input;
use crate::options::Options;

/// Names as far as they are decided.
pub(super) struct Decision<'a> {
    input: &'a Input,
    options: &'a Options,
    catalog: &'a Catalog,
    names: Names,
    problems: Vec<Diagnostic>,
    /// Full names of all that could be renamed, if anything is.
    declared: HashSet<String>,
}

impl<'a> Decision<'a> {
    pub(super) fn new(input: &'a Input, options: &'a Options, catalog: &'a Catalog) -> Self {
        Self {
            input,
            options,
            catalog,
            names: Names::default(),
            problems: Vec::new(),
            declared: HashSet::new(),
        }
    }

    /// Decides everything.
    pub(super) fn decide(mut self) -> Result<Names, Error> {
        self.packages();
        let mut by_package: HashMap<&str, Vec<&File>> = HashMap::new();
        for file in &self.input.files {
            by_package.entry(&file.package).or_default().push(file);
        }
        let mut packages: Vec<_> = by_package.into_iter().collect();
        packages.sort_by_key(|(package, _)| *package);
        for (package, mut files) in packages {
            // By name, and listed ones first: what else is imported somewhere must not rename them.
            files.sort_by_key(|file| (!self.input.listed.contains(&file.name), &file.name));
            self.package(package, &files);
        }
        self.check_renames();
        match self.problems.is_empty() {
            true => Ok(self.names),
            false => Err(Error::new(self.problems)),
        }
    }

    fn fixed(&mut self, full_name: &str) -> Option<String> {
        let (renames, modules) = (&self.options.rename.0, &self.options.rename_module.0);
        if !renames.is_empty() || !modules.is_empty() {
            self.declared.insert(full_name.to_owned());
        }
        let fixed = renames.iter().rfind(|(path, _)| is_path(path, full_name));
        fixed.map(|(_, name)| name.clone())
    }

    /// A run that does not generate a package, as with buf's `strategy: directory`, need not know
    /// what is in it.
    fn check_renames(&mut self) {
        let packages = self
            .input
            .files
            .iter()
            .filter(|file| self.input.listed.contains(&file.name));
        let packages: HashSet<String> = packages.map(|file| file.full_name("")).collect();
        let renames = self
            .options
            .rename
            .0
            .iter()
            .map(|(path, name)| ("rename", path, name));
        let modules = self.options.rename_module.0.iter();
        let modules = modules.map(|(path, name)| ("rename_module", path, name));
        for (key, path, name) in renames.chain(modules) {
            let full_name = format!(".{}", path.trim_start_matches('.'));
            let is_seen = packages
                .iter()
                .any(|package| full_name.starts_with(package.as_str()))
                || !full_name[1..].contains('.');
            if is_seen && !self.declared.contains(&full_name) {
                let problem = Diagnostic::error(format!(
                    "option `{key}={path}={name}`: nothing is called so"
                ));
                let known = self.declared.iter().map(|declared| &declared[1..]);
                self.problems.push(match nearest(&full_name[1..], known) {
                    Some(near) => problem.help(format!("did you mean `.{near}`?")),
                    None => problem.help("give the full name, as `.package.Message.field`"),
                });
            }
        }
    }

    /// Packages whose names only differ in case or underscores share no module.
    fn packages(&mut self) {
        let mut files: Vec<&'a File> = self.input.files.iter().collect();
        // A name that is spelt as in Rust keeps it.
        let is_respelt = |file: &File| file.package.split('.').any(|part| snake(part) != part);
        files.sort_by_key(|file| (is_respelt(file), &file.package, &file.name));
        files.dedup_by_key(|file| &file.package);
        let mut scopes: HashMap<Vec<String>, Scope<'a>> = HashMap::new();
        let mut known: HashMap<String, String> = HashMap::new();
        for file in files {
            let mut modules = Vec::new();
            let mut full = String::new();
            for part in file.package.split('.').filter(|part| !part.is_empty()) {
                full = format!("{full}.{part}");
                let module = match known.get(&full) {
                    Some(module) => module.clone(),
                    None => {
                        let scope = scopes.entry(modules.clone()).or_default();
                        let wanted = self.fixed(&full).unwrap_or_else(|| snake(part));
                        let claim = Claim {
                            kind: Kind::Package,
                            full_name: full.clone(),
                            file,
                            path: vec![2],
                        };
                        let module = self.claim(scope, &wanted, claim);
                        known.insert(full.clone(), module.clone());
                        module
                    }
                };
                modules.push(module);
            }
            self.names.packages.insert(file.package.clone(), modules);
        }
    }

    fn package(&mut self, package: &str, files: &[&'a File]) {
        let mut scope = self.sub_packages(package);
        self.types(&mut scope, files);
        for &file in files {
            self.services(&mut scope, file);
        }
        let messages = files.iter().flat_map(|&file| {
            let messages = file.message_type.iter().enumerate();
            messages.map(move |(index, message)| (file, index, message))
        });
        let mut messages: Vec<_> = messages.collect();
        messages.sort_by_key(|(_, _, message)| camel(&message.name) != message.name);
        for (file, index, message) in messages {
            let full_name = file.full_name(&message.name);
            self.message(&mut scope, file, &[4, index as i32], message, &full_name);
        }
        for &file in files {
            for (index, r#enum) in file.enum_type.iter().enumerate() {
                let full_name = file.full_name(&r#enum.name);
                self.enum_values(file, r#enum, &full_name, &[5, index as i32]);
            }
        }
        let catalog = self.catalog;
        for of in catalog.enums.values() {
            if let Some(&file) = files.iter().find(|file| file.name == of.file) {
                self.error_type(&mut scope, file, of);
            }
        }
    }

    /// The type of an error enum: it cannot yield, for its name is all that users know of it.
    fn error_type(&mut self, scope: &mut Scope<'a>, file: &'a File, of: &'a ErrorEnum) {
        let claim = Claim {
            kind: Kind::ErrorType,
            full_name: of.full_name.clone(),
            file,
            path: of.path.clone(),
        };
        let name = &of.rust_type;
        if let Some(holder) = scope.taken.get(name) {
            let (other, other_place) = self.holder(holder);
            let message = format!(
                "{} would be `{name}` in Rust, which is {other}",
                claim.what()
            );
            let mut problem = Diagnostic::error(message).at(self.place(&claim), "");
            if let Some(place) = other_place {
                problem = problem.at(place, "has the name");
            }
            let stem = name.trim_end_matches("Error");
            let help = format!(
                "choose another name: `option (rust_svc.v1.enum).errors = {{rust_type: \"{stem}Failure\"}};`"
            );
            self.problems.push(problem.help(help));
        }
        scope.taken.insert(name.clone(), Holder::Declared(claim));
        self.error_variants(file, of);
    }

    /// Its variants, which are called like the values are in Rust.
    fn error_variants(&mut self, file: &'a File, of: &'a ErrorEnum) {
        let mut scope = Scope::default();
        let what = "the variant for errors that are not known".to_owned();
        scope
            .taken
            .insert("Unknown".to_owned(), Holder::Given(what));
        for error in &of.errors {
            let full_name = format!("{}.{}", of.full_name, error.name);
            let strip_prefix = !self.options.retain_enum_prefix;
            let wanted = self.names.enum_value(&full_name, || {
                variant(last(&of.full_name), &error.name, strip_prefix)
            });
            let claim = Claim {
                kind: Kind::ErrorVariant,
                full_name: full_name.clone(),
                file,
                path: [of.path.as_slice(), &[2, error.index as i32]].concat(),
            };
            let name = self.claim(&mut scope, &wanted, claim);
            self.names.error_variants.insert(full_name, name);
        }
    }

    /// The modules of the packages right below one.
    fn sub_packages(&self, package: &str) -> Scope<'a> {
        let mut scope = Scope::default();
        let outer = &self.names.packages[package];
        for (name, modules) in &self.names.packages {
            if modules.len() > outer.len() && modules.starts_with(outer) {
                let parts: Vec<_> = name.split('.').take(outer.len() + 1).collect();
                let holder = Holder::Given(format!("package `{}`", parts.join(".")));
                scope.taken.insert(modules[outer.len()].clone(), holder);
            }
        }
        scope
    }

    /// The types at top level of a package.
    fn types(&mut self, scope: &mut Scope<'a>, files: &[&'a File]) {
        let mut types = Vec::new();
        for &file in files {
            let messages = file.message_type.iter().enumerate();
            let enums = file.enum_type.iter().enumerate();
            types.extend(messages.map(|(index, message)| (file, [4, index as i32], &message.name)));
            types.extend(enums.map(|(index, r#enum)| (file, [5, index as i32], &r#enum.name)));
        }
        types.sort_by_key(|(_, _, name)| camel(name) != **name);
        for (file, path, name) in types {
            self.r#type(scope, file, &path, &file.full_name(name));
        }
    }

    fn r#type(&mut self, scope: &mut Scope<'a>, file: &'a File, path: &[i32], full_name: &str) {
        let claim = Claim {
            kind: Kind::Type,
            full_name: full_name.to_owned(),
            file,
            path: path.to_vec(),
        };
        let wanted = self.fixed(full_name);
        let wanted = wanted.unwrap_or_else(|| camel(last(full_name)));
        let name = self.claim(scope, &wanted, claim);
        self.keep(full_name, name, camel(last(full_name)));
    }

    /// What is inside a message: its module, fields, oneofs and nested types.
    fn message(
        &mut self,
        scope: &mut Scope<'a>,
        file: &'a File,
        path: &[i32],
        message: &'a Message,
        full_name: &str,
    ) {
        self.fields(file, path, message, full_name);
        if !has_module(message) {
            return;
        }
        let fixed = self
            .options
            .rename_module
            .0
            .iter()
            .rfind(|(path, _)| is_path(path, full_name));
        let default = snake(&message.name);
        let wanted = fixed.map_or(default.as_str(), |(_, name)| name).to_owned();
        let claim = Claim {
            kind: Kind::NestedModule,
            full_name: full_name.to_owned(),
            file,
            path: path.to_vec(),
        };
        let module = self.claim(scope, &wanted, claim);
        if module != default {
            self.names.nested.insert(full_name.to_owned(), module);
        }
        self.nested(file, path, message, full_name);
    }

    fn nested(&mut self, file: &'a File, path: &[i32], message: &'a Message, full_name: &str) {
        let child = |field: i32, index: usize| [path, &[field, index as i32]].concat();
        let mut scope = Scope::default();
        let messages = message.nested_type.iter().enumerate();
        let messages = messages.filter(|(_, nested)| !nested.is_map_entry());
        let mut messages: Vec<_> = messages.collect();
        messages.sort_by_key(|(_, nested)| camel(&nested.name) != nested.name);
        let enums = message.enum_type.iter().enumerate();
        let mut types: Vec<_> = messages
            .iter()
            .map(|&(index, nested)| (child(3, index), &nested.name))
            .chain(enums.map(|(index, r#enum)| (child(4, index), &r#enum.name)))
            .collect();
        types.sort_by_key(|(_, name)| camel(name) != **name);
        for (path, name) in types {
            self.r#type(&mut scope, file, &path, &format!("{full_name}.{name}"));
        }
        for index in real_oneofs(message) {
            self.oneof_type(
                &mut scope,
                file,
                &child(8, index),
                message,
                full_name,
                index,
            );
        }
        for (index, nested) in messages {
            let nested_name = format!("{full_name}.{}", nested.name);
            self.message(&mut scope, file, &child(3, index), nested, &nested_name);
        }
        for (index, r#enum) in message.enum_type.iter().enumerate() {
            let enum_name = format!("{full_name}.{}", r#enum.name);
            self.enum_values(file, r#enum, &enum_name, &child(4, index));
        }
    }

    fn oneof_type(
        &mut self,
        scope: &mut Scope<'a>,
        file: &'a File,
        path: &[i32],
        message: &'a Message,
        full_name: &str,
        index: usize,
    ) {
        let oneof = &message.oneof_decl[index].name;
        let oneof_name = format!("{full_name}.{oneof}");
        let default = oneof_type(oneof, nested_names(message));
        let fixed = self.fixed(&oneof_name).map(|name| camel(&name));
        let wanted = fixed.unwrap_or_else(|| default.clone());
        let claim = Claim {
            kind: Kind::OneofType,
            full_name: oneof_name.clone(),
            file,
            path: path.to_vec(),
        };
        let name = self.claim(scope, &wanted, claim);
        if name != default {
            self.names.oneofs.insert(oneof_name.clone(), name);
        }
        let mut variants = Scope::default();
        for (position, field) in message.field.iter().enumerate() {
            if field.real_oneof() != Some(index) {
                continue;
            }
            let field_name = format!("{full_name}.{}", field.name);
            let default = camel(&field.name);
            let wanted = self
                .fixed(&field_name)
                .map_or(default.clone(), |name| camel(&name));
            let claim = Claim {
                kind: Kind::Field,
                full_name: field_name.clone(),
                file,
                path: [&path[..path.len() - 2], &[2, position as i32]].concat(),
            };
            let name = self.claim(&mut variants, &wanted, claim);
            if name != default {
                self.names.variants.insert(field_name, name);
            }
        }
    }

    /// The fields of a message's struct, where a oneof is one.
    fn fields(&mut self, file: &'a File, path: &[i32], message: &Message, full_name: &str) {
        let mut scope = Scope::default();
        let plain = message.field.iter().enumerate();
        let plain = plain.filter(|(_, field)| field.real_oneof().is_none());
        let mut fields: Vec<_> = plain
            .map(|(index, field)| ([2, index as i32], &field.name))
            .collect();
        fields.extend(
            real_oneofs(message).map(|index| ([8, index as i32], &message.oneof_decl[index].name)),
        );
        fields.sort_by_key(|(_, name)| snake(name) != **name);
        let methods = accessors::beside_getters(message);
        let is_proto3 = file.syntax.as_deref() == Some("proto3");
        for (child, name) in fields {
            let field_name = format!("{full_name}.{name}");
            let field = (child[0] == 2).then(|| &message.field[child[1] as usize]);
            if field.is_some_and(|field| accessors::has_getter(field, is_proto3))
                && let Some(other) = methods.get(name.as_str())
            {
                let what = format!(
                    "a method that prost derives for field `{}.{other}`",
                    &full_name[1..]
                );
                scope
                    .taken
                    .entry(name.clone())
                    .or_insert(Holder::Given(what));
            }
            // A oneof's name is that of its type as well.
            let is_oneof = child[0] == 8;
            let fixed = self.fixed(&field_name);
            let fixed = fixed.map(|name| if is_oneof { snake(&name) } else { name });
            let wanted = fixed.unwrap_or_else(|| snake(name));
            let claim = Claim {
                kind: Kind::Field,
                full_name: field_name.clone(),
                file,
                path: [path, &child].concat(),
            };
            let ident = self.claim(&mut scope, &wanted, claim);
            self.keep(&field_name, ident, snake(name));
        }
    }

    fn enum_values(&mut self, file: &'a File, r#enum: &Enum, full_name: &str, path: &[i32]) {
        let mut scope = Scope::default();
        let mut numbers = std::collections::HashSet::new();
        for (index, value) in r#enum.value.iter().enumerate() {
            // prost has no aliases: the first name of a number is its name.
            if !numbers.insert(value.number.unwrap_or_default()) {
                continue;
            }
            let default = variant(&r#enum.name, &value.name, !self.options.retain_enum_prefix);
            let value_name = format!("{full_name}.{}", value.name);
            let wanted = self.fixed(&value_name).unwrap_or_else(|| default.clone());
            let claim = Claim {
                kind: Kind::EnumValue,
                full_name: value_name.clone(),
                file,
                path: [path, &[2, index as i32]].concat(),
            };
            let name = self.claim(&mut scope, &wanted, claim);
            self.keep(&value_name, name, default);
        }
    }

    fn services(&mut self, scope: &mut Scope<'a>, file: &'a File) {
        for (index, service) in file.service.iter().enumerate() {
            let path = [6, index as i32];
            let full_name = file.full_name(&service.name);
            let default = camel(&service.name);
            let wanted = self.fixed(&full_name).unwrap_or_else(|| default.clone());
            let claim = Claim {
                kind: Kind::Service,
                full_name: full_name.clone(),
                file,
                path: path.to_vec(),
            };
            let name = self.claim_service(scope, &wanted, claim);
            self.keep(&full_name, name, default);
            let mut methods = Scope::default();
            for method in CLIENT_METHODS {
                let what = format!("a method of every generated client, `{method}`");
                methods.taken.insert(method.to_owned(), Holder::Given(what));
            }
            let mut order: Vec<_> = service.method.iter().enumerate().collect();
            order.sort_by_key(|(_, method)| camel(&method.name) != method.name);
            for &(index, method) in &order {
                let method_name = format!("{full_name}.{}", method.name);
                let wanted = self
                    .fixed(&method_name)
                    .unwrap_or_else(|| snake(&method.name));
                let claim = Claim {
                    kind: Kind::Method,
                    full_name: method_name.clone(),
                    file,
                    path: vec![6, path[1], 2, index as i32],
                };
                let name = self.claim(&mut methods, &wanted, claim);
                self.keep(&method_name, name, snake(&method.name));
            }
            self.rpc_errors(file, &path, &full_name, &order);
            if self.options.has_client_trait() {
                self.calls(&mut methods, file, &path, &full_name, &order);
            }
        }
    }

    /// The types of the errors that rpcs list: in a module of their own.
    fn rpc_errors(
        &mut self,
        file: &'a File,
        path: &[i32],
        service: &str,
        order: &[(usize, &Method)],
    ) {
        let mut scope = Scope::default();
        for (index, method) in order {
            let full_name = format!("{service}.{}", method.name);
            if !self.catalog.listed.contains_key(&full_name) {
                continue;
            }
            // After the method, so that whoever renames that has both renamed.
            let stem = camel(self.names.method(&full_name).trim_start_matches("r#"));
            let wanted = format!("{}Error", stem.trim_start_matches("r#"));
            let claim = Claim {
                kind: Kind::RpcError,
                full_name: full_name.clone(),
                file,
                path: [path, &[2, *index as i32]].concat(),
            };
            let name = self.claim(&mut scope, &wanted, claim);
            self.names.rpc_errors.insert(full_name, name);
        }
    }

    /// The methods of the client trait, after those of the client.
    fn calls(
        &mut self,
        methods: &mut Scope<'a>,
        file: &'a File,
        path: &[i32],
        service: &str,
        order: &[(usize, &Method)],
    ) {
        for (index, method) in order {
            let full_name = format!("{service}.{}", method.name);
            let wanted = call_name(&self.names.method(&full_name));
            let claim = Claim {
                kind: Kind::Call,
                full_name: full_name.clone(),
                file,
                path: [path, &[2, *index as i32]].concat(),
            };
            let name = self.claim(methods, &wanted, claim);
            if name != wanted {
                self.names.calls.insert(full_name, name);
            }
        }
    }

    /// A service's name has to be free in all of its modules' names.
    fn claim_service(&mut self, scope: &mut Scope<'a>, wanted: &str, claim: Claim<'a>) -> String {
        let modules = |name: &str| SERVICE_MODULES.map(|side| service_module(name, side));
        let holder = |name: &str| match NO_SERVICE.contains(&name) {
            true => Some(Holder::Given("used by generated code itself".to_owned())),
            false => modules(name)
                .iter()
                .find_map(|module| scope.taken.get(module).cloned()),
        };
        let stem = wanted.trim_end_matches('_');
        let name = std::iter::once(wanted.to_owned())
            .chain((2..).map(|number| format!("{stem}{number}")))
            .find(|name| holder(name).is_none())
            .expect("numbers do not run out");
        if let Some(holder) = holder(wanted) {
            self.warn(&claim, wanted, &name, &holder);
        }
        for module in modules(&name) {
            scope.taken.insert(module, Holder::Declared(claim.clone()));
        }
        name
    }

    fn claim(&mut self, scope: &mut Scope<'a>, wanted: &str, claim: Claim<'a>) -> String {
        let is_module = matches!(claim.kind, Kind::Package | Kind::NestedModule);
        if is_module && PRIMITIVES.contains(&wanted) {
            let what = "a type of Rust, which is used beside it".to_owned();
            let taken = scope.taken.entry(wanted.to_owned());
            taken.or_insert(Holder::Given(what));
        }
        let name = scope.free(wanted, "_");
        if name != wanted {
            self.warn(&claim, wanted, &name, &scope.taken[wanted]);
        }
        scope.taken.insert(name.clone(), Holder::Declared(claim));
        name
    }

    fn place(&self, claim: &Claim<'_>) -> Place {
        self.input.sources.place(claim.file, &claim.path)
    }

    /// What has a name, and where it is declared, if it is.
    fn holder(&self, holder: &Holder<'_>) -> (String, Option<Place>) {
        match holder {
            Holder::Declared(other) => (other.what(), Some(self.place(other))),
            Holder::Given(what) => (what.clone(), None),
        }
    }

    fn warn(&mut self, claim: &Claim<'_>, wanted: &str, name: &str, holder: &Holder<'_>) {
        // What is only imported is not generated here, and whoever generates it is warned.
        if !self.input.listed.contains(&claim.file.name) {
            return;
        }
        let (other, holder_place) = self.holder(holder);
        let message = format!(
            "{} is `{name}` in Rust, since `{wanted}` is {other}",
            claim.what()
        );
        let mut warning = Diagnostic::warning(message).at(self.place(claim), "renamed");
        if let Some(place) = holder_place {
            warning = warning.at(place, "has the name");
        }
        let help = format!("choose a name with the option `{}=NAME`", claim.option());
        self.names.warnings.push(warning.help(help));
    }

    fn keep(&mut self, full_name: &str, name: String, default: String) {
        if name != default {
            self.names.items.insert(full_name.to_owned(), name);
        }
    }
}
