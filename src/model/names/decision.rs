//! How names are decided: scope by scope, in the order that the rules say.

use std::collections::HashMap;

use super::super::errors::Catalog;
use super::super::ident::{camel, snake};
use super::super::listed::Listed;
use super::scope::{Claim, Holder, HolderKind, Scope};
use super::{Names, PRIMITIVES, is_path, last};
use crate::descriptor::File;
use crate::diagnostics::{Diagnostic, Error, Place};
use crate::input::Input;
use crate::options::Options;

mod errors;
mod messages;
mod services;

use messages::Declared;

/// Decides all names.
///
/// # Errors
///
/// Types of errors whose names are taken.
pub(in crate::model) fn decide(
    input: &Input,
    options: &Options,
    listed: &Listed<'_>,
    catalog: &Catalog,
) -> Result<Names, Error> {
    let decision = Decision {
        input,
        options,
        listed,
        catalog,
        names: Names::default(),
        problems: Vec::new(),
    };
    decision.decide()
}

/// Names as far as they are decided.
struct Decision<'a> {
    input: &'a Input,
    options: &'a Options,
    listed: &'a Listed<'a>,
    catalog: &'a Catalog,
    names: Names,
    problems: Vec<Diagnostic>,
}

impl<'a> Decision<'a> {
    fn decide(mut self) -> Result<Names, Error> {
        self.packages();
        let mut by_package: HashMap<&str, Vec<&File>> = HashMap::new();
        for file in &self.input.files {
            by_package.entry(&file.package).or_default().push(file);
        }
        let mut packages: Vec<_> = by_package.into_iter().collect();
        packages.sort_by_key(|(package, _)| *package);
        for (package, mut files) in packages {
            // Listed files come first, each group by name: an import must not rename what is listed.
            files.sort_by_key(|file| (!self.listed.has(&file.name), &file.name));
            self.package(package, &files);
        }
        if self.problems.is_empty() {
            Ok(self.names)
        } else {
            Err(Error::new(self.problems))
        }
    }

    fn fixed(&self, full_name: &str) -> Option<String> {
        let renames = &self.options.rename.0;
        let fixed = renames.iter().rfind(|(path, _)| is_path(path, full_name));
        fixed.map(|(_, name)| name.clone())
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
                            kind: HolderKind::Package,
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
            let declared = Declared {
                file,
                path: &[4, index as i32],
                message,
                full_name: &file.full_name(&message.name),
            };
            self.message(&mut scope, declared);
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
            kind: HolderKind::Type,
            full_name: full_name.to_owned(),
            file,
            path: path.to_vec(),
        };
        let wanted = self.fixed(full_name);
        let wanted = wanted.unwrap_or_else(|| camel(last(full_name)));
        let name = self.claim(scope, &wanted, claim);
        self.keep(full_name, name, camel(last(full_name)));
    }

    fn claim(&mut self, scope: &mut Scope<'a>, wanted: &str, claim: Claim<'a>) -> String {
        let is_module = matches!(claim.kind, HolderKind::Package | HolderKind::NestedModule);
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
        claim.file.place(&claim.path)
    }

    /// The owner of a name in words, and its declaration, if it has one.
    fn holder(&self, holder: &Holder<'_>) -> (String, Option<Place>) {
        match holder {
            Holder::Declared(other) => (other.what(), Some(self.place(other))),
            Holder::Given(what) => (what.clone(), None),
        }
    }

    fn warn(&mut self, claim: &Claim<'_>, wanted: &str, name: &str, holder: &Holder<'_>) {
        // Imported things are not generated here. The run that generates them warns.
        if !self.listed.has(&claim.file.name) {
            return;
        }
        let (other, holder_place) = self.holder(holder);
        let message = format!(
            "{} is `{name}` in Rust, since `{wanted}` is {other}",
            claim.what()
        );
        let mut warning = Diagnostic::warning(message).with_label(self.place(claim), "renamed");
        if let Some(place) = holder_place {
            warning = warning.with_label(place, "has the name");
        }
        let help = format!("choose a name with the option `{}=NAME`", claim.option());
        self.names.warnings.push(warning.with_help(help));
    }

    fn keep(&mut self, full_name: &str, name: String, default: String) {
        if name != default {
            self.names.items.insert(full_name.to_owned(), name);
        }
    }
}
