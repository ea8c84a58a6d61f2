//! The options of one declaration, statement by statement.

use std::collections::HashMap;

use super::encode::Encoded;
use super::known::Known;
use super::records::{SetFields, merge};
use crate::diagnostics::Diagnostic;
use crate::pool::{FieldRef, MessageRef, Pool};
use crate::positions::LocationId;
use crate::problems::Problems;
use crate::source::Source;
use crate::suggest::Suggest;
use crate::symbols::SymbolId;
use crate::syntax::{NamePart, OptionSet, Statement};
use crate::visible::Visible;
use crate::wire;
use crate::work;

/// An option is wrong, and this was told.
pub(super) struct Wrong;

/// The options of one declaration, interpreted.
pub(super) struct Interpreted {
    pub(super) bytes: Vec<u8>,
    /// The path of each statement's location.
    pub(super) paths: Vec<(LocationId, Vec<i32>)>,
}

/// The options that are interpreted: values of extensions depend on features, and on which messages are message sets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Fields that descriptor.proto declares.
    Own,
    Extensions,
}

impl Phase {
    pub(super) fn has(self, statement: &Statement) -> bool {
        let is_extension = statement.name.first().is_some_and(|part| part.is_extension);
        is_extension == (self == Self::Extensions)
    }
}

/// Interprets the options of one declaration.
pub(super) struct Interpreter<'a, 's, 'p> {
    pub(super) pool: Pool<'a>,
    /// The index of the file that the declaration is in.
    pub(super) file: usize,
    pub(super) source: &'a Source,
    pub(super) visible: &'a Visible,
    pub(super) suggest: &'a Suggest<'s>,
    /// The scope around the declaration.
    pub(super) scope: SymbolId,
    pub(super) known: &'a Known,
    pub(super) problems: &'p mut Problems,
}

/// A statement, interpreted.
struct Meaning<'a, 'o> {
    statement: &'o Statement,
    /// The field of each part of the name.
    fields: Vec<FieldRef<'a>>,
    /// The value with the fields around it: one record of the options message.
    record: Vec<u8>,
}

impl<'a> Interpreter<'a, '_, '_> {
    pub(super) fn set(
        &mut self,
        set: &OptionSet,
        phase: Phase,
        options: MessageRef<'a>,
    ) -> Option<Interpreted> {
        let mut meanings = Vec::new();
        let mut before = SetFields::default();
        let mut is_whole = true;
        let statements = set.statements.iter();
        for statement in statements.filter(|statement| phase.has(statement)) {
            match self.statement(statement, options, &mut before) {
                Ok(meaning) => {
                    before.add(meaning.record.clone());
                    meanings.push(meaning);
                }
                Err(Wrong) => is_whole = false,
            }
        }
        let records = meanings.iter().flat_map(|meaning| &meaning.record);
        let records: Vec<u8> = records.copied().collect();
        let bytes = match phase {
            Phase::Own => merge(&records, Some(options), &self.known.by_number),
            Phase::Extensions => {
                is_whole &= self.has_required(&meanings);
                records
            }
        };
        is_whole.then(|| Interpreted {
            bytes,
            paths: paths(set, &meanings),
        })
    }

    /// Whether messages that were set part by part have all their required fields. Those that were set as a
    /// whole were looked at there.
    fn has_required(&mut self, meanings: &[Meaning<'a, '_>]) -> bool {
        let mut is_whole = true;
        let mut by_number: HashMap<u32, Vec<&[u8]>> = HashMap::new();
        for meaning in meanings {
            let number = meaning.fields.first().map(|field| field.number());
            let same = by_number.entry(number.unwrap_or_default()).or_default();
            same.push(&meaning.record);
        }
        for meaning in meanings.iter().filter(|meaning| meaning.fields.len() > 1) {
            let (field, part) = (meaning.fields[0], &meaning.statement.name[0]);
            // Each option is looked at once, at its first part.
            let same = by_number.remove(&field.number());
            let Some((same, message)) = same.zip(field.message()) else {
                continue;
            };
            let parts = same
                .iter()
                .flat_map(|record| wire::Records::new(record).flatten());
            let merged: Vec<u8> = parts.flat_map(|record| record.value).copied().collect();
            work::count(merged.len());
            if let Some(missing) = self.known.missing_field(message, &merged) {
                let text = format!(
                    "the option `({})` lacks the required field `{missing}`",
                    part.name
                );
                let _ = self.wrong::<()>(part.start, part.end, text, "set it as well");
                is_whole = false;
            }
        }
        is_whole
    }

    fn statement<'o>(
        &mut self,
        statement: &'o Statement,
        options: MessageRef<'a>,
        before: &mut SetFields,
    ) -> Result<Meaning<'a, 'o>, Wrong> {
        let fields = self.fields(&statement.name, options)?;
        let Some((last, around)) = fields.split_last() else {
            return Err(Wrong);
        };
        let numbers: Vec<u32> = fields.iter().map(|field| field.number()).collect();
        if !last.field.is_repeated() && before.has(&numbers) {
            let name = NamePart::spelling(&statement.name);
            let parts = (statement.name.first(), statement.name.last());
            let (start, end) = match parts {
                (Some(first), Some(last)) => (first.start, last.end),
                _ => (statement.start, statement.start),
            };
            let message = format!("the option `{name}` is set twice");
            return self.wrong(start, end, message, "remove one of the two");
        }
        let mut value = self.value(*last, statement)?;
        let mut number = last.number();
        for field in around.iter().rev() {
            let mut bytes = Vec::new();
            value.put(number, &mut bytes);
            value = if field.is_group() {
                Encoded::Group(bytes)
            } else {
                Encoded::Delimited(bytes)
            };
            number = field.number();
        }
        let mut record = Vec::new();
        value.put(number, &mut record);
        Ok(Meaning {
            statement,
            fields,
            record,
        })
    }

    /// Tells of a mistake. An empty help is left out.
    pub(super) fn wrong<T>(
        &mut self,
        start: u32,
        end: u32,
        message: impl Into<String>,
        help: &str,
    ) -> Result<T, Wrong> {
        let source = self.source;
        self.problems.error(|| {
            let problem = Diagnostic::error(message).with_label(source.place(start, end), "");
            if help.is_empty() {
                problem
            } else {
                problem.with_help(help)
            }
        });
        Err(Wrong)
    }

    /// Tells of a mistake whose text and help take a search, which is made only if the mistake is shown.
    pub(super) fn wrong_with<T>(
        &mut self,
        start: u32,
        end: u32,
        explain: impl FnOnce() -> (String, String),
    ) -> Result<T, Wrong> {
        let source = self.source;
        self.problems.error(|| {
            let (text, help) = explain();
            Diagnostic::error(text)
                .with_label(source.place(start, end), "")
                .with_help(help)
        });
        Err(Wrong)
    }
}

/// The path of each statement's location. Elements of a repeated option have an index.
fn paths(set: &OptionSet, meanings: &[Meaning<'_, '_>]) -> Vec<(LocationId, Vec<i32>)> {
    let base = [set.path.as_slice(), &[set.target.options()]].concat();
    let mut paths = Vec::with_capacity(meanings.len());
    let mut counts: HashMap<Vec<i32>, i32> = HashMap::new();
    for Meaning {
        statement, fields, ..
    } in meanings
    {
        let numbers = fields.iter().map(|field| field.field.number);
        let mut path: Vec<i32> = base.iter().copied().chain(numbers).collect();
        if fields.last().is_some_and(|field| field.field.is_repeated()) {
            let count = counts.entry(path.clone()).or_default();
            path.push(*count);
            *count += 1;
        }
        paths.extend(statement.location.map(|location| (location, path)));
    }
    paths
}
