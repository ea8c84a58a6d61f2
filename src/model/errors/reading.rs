//! Reads the options of all error enums, and what rpcs list of them.

use std::collections::{BTreeMap, HashMap};

use super::{Catalog, ErrorEnum, ErrorValue};
use crate::descriptor::{Enum, File, Message};
use crate::diagnostics::{Diagnostic, Error, Place};
use crate::input::Input;
use crate::model::own_options;
use crate::symbols::Symbols;

impl Catalog {
    /// # Errors
    ///
    /// Everything that is wrong with the options of errors, in the order of the files.
    pub(crate) fn read(input: &Input, symbols: &Symbols<'_>) -> Result<Self, Error> {
        let mut reading = Reading {
            input,
            symbols,
            reader: own_options::Reader::new(symbols),
            catalog: Self::default(),
            known: HashMap::new(),
            problems: Vec::new(),
        };
        for file in &input.files {
            reading.file(file);
        }
        reading.check_reasons();
        reading.learn_names();
        for file in &input.files {
            reading.listed(file);
        }
        if reading.problems.is_empty() {
            Ok(reading.catalog)
        } else {
            Err(Error::new(reading.problems))
        }
    }
}

/// An enum, and one of its errors if it is not all of them.
pub(super) type Named = (String, Option<usize>);

pub(super) struct Reading<'a> {
    pub(super) input: &'a Input,
    pub(super) symbols: &'a Symbols<'a>,
    pub(super) reader: own_options::Reader<'a>,
    pub(super) catalog: Catalog,
    /// The names that rpcs can list.
    pub(super) known: HashMap<String, Named>,
    pub(super) problems: Vec<Diagnostic>,
}

impl<'a> Reading<'a> {
    /// Something is wrong with a declaration; the text is what to point at in it.
    pub(super) fn problem(
        &mut self,
        at: &At<'_>,
        text: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let place = at.file.place_of_word(&at.path, text);
        let problem = Diagnostic::error(message)
            .with_label(place, "")
            .with_help(help);
        self.problems.push(problem);
    }

    fn file(&mut self, file: &'a File) {
        for (r#enum, index) in file.enum_type.iter().zip(0..) {
            let at = At::new(file, vec![5, index]);
            self.r#enum(&at, r#enum, &file.full_name(&r#enum.name));
        }
        for (message, index) in file.message_type.iter().zip(0..) {
            let at = At::new(file, vec![4, index]);
            self.nested(&at, message, &file.full_name(&message.name));
        }
    }

    fn nested(&mut self, at: &At<'a>, message: &'a Message, full_name: &str) {
        for (r#enum, index) in message.enum_type.iter().zip(0..) {
            let name = format!("{full_name}.{}", r#enum.name);
            self.r#enum(&at.child(4, index), r#enum, &name);
        }
        for (nested, index) in message.nested_type.iter().zip(0..) {
            let name = format!("{full_name}.{}", nested.name);
            self.nested(&at.child(3, index), nested, &name);
        }
    }

    fn r#enum(&mut self, at: &At<'a>, r#enum: &'a Enum, full_name: &str) {
        let of_kratos = self.reader.kratos_default_code(&r#enum.options);
        let read = match self.reader.error_enum(&r#enum.options) {
            Some(options) => Some(self.error_enum(at, r#enum, full_name, options)),
            None => match of_kratos {
                Some(code) => Some(self.kratos_enum(at, r#enum, full_name, code)),
                None => self.no_error_enum(at, r#enum, full_name),
            },
        };
        // An enum without errors gets no type.
        if let Some(read) = read.filter(|read| !read.errors.is_empty()) {
            self.catalog.enums.insert(full_name.to_owned(), read);
        }
    }

    /// Reasons are what errors are called in a domain.
    fn check_reasons(&mut self) {
        let mut first: BTreeMap<(&str, &str), (&ErrorEnum, &ErrorValue)> = BTreeMap::new();
        let mut problems = Vec::new();
        for of in self.catalog.enums.values() {
            for error in &of.errors {
                let name = (of.domain.as_str(), error.reason.as_str());
                let Some(other) = first.insert(name, (of, error)) else {
                    continue;
                };
                let problem = format!(
                    "two errors of the domain \"{}\" have the reason `{}`",
                    of.domain, error.reason
                );
                let help = "clients tell errors by domain and reason: give one of them another `reason`, or its enum another `domain`";
                let problem = Diagnostic::error(problem)
                    .with_label(self.place(of, error), "the second")
                    .with_label(self.place(other.0, other.1), "the first")
                    .with_help(help);
                problems.push(problem);
                first.insert(name, other);
            }
        }
        self.problems.extend(problems);
    }

    fn place(&self, of: &ErrorEnum, error: &ErrorValue) -> Place {
        let file = self.input.files.iter().find(|file| file.name == of.file);
        let path = [of.path.as_slice(), &[2, error.index as i32]].concat();
        let file = file.expect("enums were read from the files of the input");
        file.place(&path)
    }
}

/// The place of a declaration.
pub(super) struct At<'a> {
    pub(super) file: &'a File,
    pub(super) path: Vec<i32>,
}

impl<'a> At<'a> {
    pub(super) fn new(file: &'a File, path: Vec<i32>) -> Self {
        Self { file, path }
    }

    pub(super) fn child(&self, field: i32, index: i32) -> Self {
        let path = [self.path.as_slice(), &[field, index]].concat();
        Self::new(self.file, path)
    }
}
