//! Files: packages, and options of the file as a whole.

use super::context::Check;
use crate::descriptor::Field;
use crate::edition;
use crate::features::{Features, Presence};
use crate::lexer::is_identifier;
use crate::parser::{MAX_PACKAGE_LENGTH, TOO_LONG_PACKAGE};
use crate::places::{self, part};
use crate::pool::Pool;
use crate::wire;

/// The numbers of `debug_redact` in `FieldOptions` and `EnumValueOptions`.
const FIELD_REDACT: u32 = 16;
const VALUE_REDACT: u32 = 3;

/// Packages are no deeper than this, as in protoc.
const MAX_PACKAGE_DEPTH: usize = 101;

impl<'a> Check<'a, '_> {
    pub(super) fn file_options(&mut self, features: Features) {
        let file = self.file;
        if !file.package.is_empty() {
            let parts: Vec<_> = file.package.split('.').collect();
            if !parts.iter().all(|part| is_identifier(part)) {
                let text = format!("`{}` is not a package name", file.package);
                self.problem(
                    |file| places::at(file, &[2]),
                    text,
                    "names are joined by points: `a.b.v1`",
                );
            }
            if file.package.len() > MAX_PACKAGE_LENGTH {
                let (text, help) = TOO_LONG_PACKAGE;
                self.problem(|file| places::at(file, &[2]), text, help);
            }
            if parts.len() > MAX_PACKAGE_DEPTH {
                let text = "the package has too many parts";
                let help = format!("at most {MAX_PACKAGE_DEPTH}");
                self.problem(|file| places::at(file, &[2]), text, help);
            }
        }
        if file.edition == Some(edition::UNSTABLE) && self.facts.is_listed {
            let (text, help) = edition::unknown("UNSTABLE");
            self.problem(|file| places::at(file, &[12]), text, help);
        }
        self.syntax();
        self.lite();
        self.redacted_options();
        if !self.is_edition() {
            return;
        }
        if features.field_presence() == Presence::LegacyRequired {
            let text = "fields of a file are not all required";
            let help = "set `features.field_presence = LEGACY_REQUIRED` on the fields that are";
            self.problem(|file| places::at(file, &[8, 50, 1]), text, help);
        }
        /// `java_string_check_utf8` of `FileOptions`.
        const JAVA_CHECK_UTF8: u32 = 27;
        if wire::flag(file.options.as_deref(), JAVA_CHECK_UTF8) {
            let text = "in editions there is no option `java_string_check_utf8`";
            let help = "write `features.(pb.java).utf8_validation`";
            self.problem(|file| places::at(file, &[8, 27]), text, help);
        }
    }

    /// The parser takes no other languages; descriptors that others made can have any.
    fn syntax(&mut self) {
        let is_known = match (self.file.syntax.as_deref(), self.file.edition) {
            (None | Some("" | "proto2" | "proto3"), None) => true,
            (Some("editions"), Some(edition)) => edition::is_known(edition),
            _ => false,
        };
        if !is_known {
            let name = self.file.edition.map_or("?".to_owned(), edition::name);
            let (text, help) = edition::unknown(&name);
            self.problem(|file| places::at(file, &[12]), text, help);
        }
    }

    /// An option of an option import may be missing at run time, and so cannot make anything secret.
    fn redacted_options(&mut self) {
        for (import, index) in self.file.option_dependency.iter().zip(0..) {
            let Some(imported) = self.shared.index.get(import) else {
                continue;
            };
            let known = self.shared.redacted_options.get(&imported).copied();
            let redacted = known.unwrap_or_else(|| {
                let found = self.redacted_option(imported);
                self.shared.redacted_options.insert(imported, found);
                found
            });
            if let Some(name) = redacted {
                let text = format!("the option `{name}` of \"{import}\" has `debug_redact`");
                let help = "import the file without `option`";
                self.problem(|file| places::at(file, &[15, index]), text, help);
            }
        }
    }

    /// The first option of a file that is redacted, or whose values are.
    fn redacted_option(&self, file: u32) -> Option<&'a str> {
        let Pool { files, symbols } = self.pool;
        let redacts = |field: &Field| {
            let id = symbols.find(field.type_name.as_deref().unwrap_or_default());
            let r#enum = id.and_then(|id| symbols.r#enum(files, id));
            let mut values = r#enum.into_iter().flat_map(|r#enum| &r#enum.value);
            wire::flag(field.options.as_deref(), FIELD_REDACT)
                || values.any(|value| wire::flag(value.options.as_deref(), VALUE_REDACT))
        };
        let mut extensions = files[file as usize].extension.iter();
        let found = extensions.find(|field| field.is_option() && redacts(field))?;
        Some(&found.name)
    }

    /// Files for the lite runtime of C++ and Java are imported by such files only.
    fn lite(&mut self) {
        let file = self.file;
        if file.is_lite() {
            return;
        }
        for (import, index) in file.dependency.iter().zip(0..) {
            if !self.shared.lite_files.contains(import) {
                continue;
            }
            let text = format!("\"{import}\" is for the lite runtime, and this file is not");
            let help = "add `option optimize_for = LITE_RUNTIME;`, or remove it there";
            self.problem(|file| places::at(file, &[3, index]), text, help);
        }
    }

    /// The lite runtime has no generic services.
    pub(super) fn lite_service(&mut self, path: &[i32]) {
        let options = self.file.options.as_deref();
        if !self.file.is_lite() {
            return;
        }
        for (number, name) in [(16, "cc_generic_services"), (17, "java_generic_services")] {
            if wire::flag(options, number) {
                let text =
                    format!("the file is for the lite runtime, which has no services of `{name}`");
                self.problem_of(path, text, "remove one of the two options");
            }
        }
    }

    /// A message that is not for the lite runtime has no extensions that are.
    pub(super) fn lite_extension(&mut self, extendee: &str, path: &[i32]) {
        let of_extendee = self
            .pool
            .symbols
            .find(extendee)
            .map(|id| self.pool.file(id));
        let is_whole = of_extendee.is_some_and(|file| !file.is_lite());
        if self.file.is_lite() && is_whole {
            let text = "the file is for the lite runtime, and what it extends is not";
            let help = "remove `option optimize_for = LITE_RUNTIME;`";
            self.problem(|file| places::part(file, path, part::EXTENDEE), text, help);
        }
    }
}
