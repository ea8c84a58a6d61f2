//! One statement after the other: which field an option means, and its value.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use super::encode::Encoded;
use super::scalar::{self, Number};
use super::text::{self, MAX_DEPTH};
use super::{Interpreted, Phase};
use crate::descriptor::{Enum, Type};
use crate::diagnostics::{Diagnostic, nearest};
use crate::pool::{FieldRef, MessageRef, Pool};
use crate::problems::Problems;
use crate::resolve::{Wanted, lookup};
use crate::source::Source;
use crate::suggest::Suggest;
use crate::symbols::{SymbolId, SymbolKind};
use crate::syntax::{NamePart, OptionSet, Statement, Value};
use crate::visible::Visible;
use crate::wire::{self, Kind};
use crate::work;

/// An option is wrong, and this was told.
pub(super) struct Wrong;

/// Interprets the options of one declaration.
pub(super) struct Interpreter<'a, 's, 'p> {
    pub(super) pool: Pool<'a>,
    /// The index of the file that the declaration is in.
    pub(super) file: usize,
    pub(super) source: &'a Source,
    pub(super) visible: &'a Visible,
    pub(super) suggest: &'a Suggest<'s>,
    /// What is around the declaration.
    pub(super) scope: SymbolId,
    pub(super) known: &'p Known<'a>,
    pub(super) problems: &'p mut Problems,
}

/// What values are held against, found out once for each type, which can be large.
#[derive(Default)]
pub(super) struct Known<'a> {
    messages: RefCell<HashMap<String, Rc<KnownMessage<'a>>>>,
    /// The numbers of enums.
    numbers: RefCell<HashMap<String, HashSet<i32>>>,
}

pub(super) struct KnownMessage<'a> {
    pub(super) required: Vec<FieldRef<'a>>,
    pub(super) reserved: HashSet<&'a str>,
}

impl<'a> KnownMessage<'a> {
    fn new(message: MessageRef<'a>) -> Self {
        let fields = message.message.field.iter();
        let fields = fields.filter_map(|field| message.field(&field.name));
        work::count(message.message.field.len());
        let reserved = message.message.reserved_name.iter();
        Self {
            required: fields.filter(|field| field.is_required()).collect(),
            reserved: reserved.map(String::as_str).collect(),
        }
    }
}

/// A statement's value with the fields around it: one record of the options message.
struct Record {
    number: u32,
    bytes: Vec<u8>,
}

impl<'a> Interpreter<'a, '_, '_> {
    pub(super) fn set(
        &mut self,
        set: &OptionSet,
        phase: Phase,
        options: MessageRef<'a>,
    ) -> Option<Interpreted> {
        let mut records: Vec<Record> = Vec::new();
        let mut before = SetFields::default();
        let mut paths = Vec::new();
        let mut counts: HashMap<Vec<i32>, i32> = HashMap::new();
        let base = [set.path.as_slice(), &[set.target.options()]].concat();
        let mut is_whole = true;
        for statement in set
            .statements
            .iter()
            .filter(|statement| phase.has(statement))
        {
            let Ok((fields, record)) = self.statement(statement, options, &mut before) else {
                is_whole = false;
                continue;
            };
            before.unread.push(record.bytes.clone());
            records.push(record);
            let numbers = fields.iter().map(|field| field.field.number);
            let mut path: Vec<i32> = base.iter().copied().chain(numbers).collect();
            if fields.last().is_some_and(|field| field.field.is_repeated()) {
                let count = counts.entry(path.clone()).or_default();
                path.push(*count);
                *count += 1;
            }
            paths.extend(statement.location.map(|location| (location, path)));
        }
        is_whole &= self.is_initialized(set, &records);
        let bytes: Vec<u8> = records
            .into_iter()
            .flat_map(|record| record.bytes)
            .collect();
        let bytes = match phase {
            Phase::Own => merge(&bytes, Some(options)),
            Phase::Extensions => bytes,
        };
        is_whole.then_some(Interpreted { bytes, paths })
    }

    /// Whether messages that were set part by part have all their required fields. Those that were set as a
    /// whole were looked at there.
    fn is_initialized(&mut self, set: &OptionSet, records: &[Record]) -> bool {
        let mut is_whole = true;
        let mut by_number: HashMap<u32, Vec<&Record>> = HashMap::new();
        for record in records {
            by_number.entry(record.number).or_default().push(record);
        }
        for statement in set
            .statements
            .iter()
            .filter(|statement| statement.name.len() > 1)
        {
            let Some(first) = statement.name.first().filter(|part| part.is_extension) else {
                continue;
            };
            let found = lookup(
                self.pool.symbols,
                self.visible,
                self.scope,
                &first.name,
                Wanted::Any,
            );
            let field = found.ok().and_then(|found| self.pool.field_of(found));
            let Some((field, message)) = field.and_then(|field| Some((field, field.message()?)))
            else {
                continue;
            };
            // Each option is looked at once, at its first part.
            let Some(same) = by_number.remove(&field.number()) else {
                continue;
            };
            let parts = same
                .iter()
                .flat_map(|record| wire::Records::new(&record.bytes).flatten());
            let merged: Vec<u8> = parts.flat_map(|record| record.value).copied().collect();
            work::count(merged.len());
            if let Some(missing) = missing_field(message, &merged) {
                let text = format!(
                    "the option `({})` lacks the required field `{missing}`",
                    first.name
                );
                let _ = self.wrong::<()>(first.start, first.end, text, "set it as well");
                is_whole = false;
            }
        }
        is_whole
    }

    /// The fields of the option's name, and the record.
    fn statement(
        &mut self,
        statement: &Statement,
        options: MessageRef<'a>,
        before: &mut SetFields,
    ) -> Result<(Vec<FieldRef<'a>>, Record), Wrong> {
        let fields = self.fields(&statement.name, options)?;
        let Some((last, around)) = fields.split_last() else {
            return Err(Wrong);
        };
        let numbers: Vec<u32> = fields.iter().map(|field| field.number()).collect();
        if !last.field.is_repeated() && before.has(&numbers) {
            let name = spelling(&statement.name);
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
            value = match field.is_group() {
                true => Encoded::Group(bytes),
                false => Encoded::Delimited(bytes),
            };
            number = field.number();
        }
        let mut bytes = Vec::new();
        value.put(number, &mut bytes);
        Ok((fields, Record { number, bytes }))
    }

    pub(super) fn known(&self, message: MessageRef<'a>) -> Rc<KnownMessage<'a>> {
        let mut known = self.known.messages.borrow_mut();
        let known = known.entry(message.full_name());
        Rc::clone(known.or_insert_with(|| Rc::new(KnownMessage::new(message))))
    }

    /// Whether an enum has a value of this number.
    pub(super) fn is_known_number(&self, r#enum: &'a Enum, full_name: &str, number: i32) -> bool {
        let mut known = self.known.numbers.borrow_mut();
        if let Some(known) = known.get(full_name) {
            return known.contains(&number);
        }
        let numbers = r#enum.value.iter();
        let numbers = numbers.map(|value| value.number.unwrap_or_default());
        let numbers: HashSet<i32> = numbers.collect();
        work::count(numbers.len());
        let is_known = numbers.contains(&number);
        known.insert(full_name.to_owned(), numbers);
        is_known
    }

    pub(super) fn wrong<T>(
        &mut self,
        start: u32,
        end: u32,
        message: impl Into<String>,
        help: &str,
    ) -> Result<T, Wrong> {
        let source = self.source;
        self.problems.error(|| {
            let problem = Diagnostic::error(message).at(source.place(start, end), "");
            if help.is_empty() {
                problem
            } else {
                problem.help(help)
            }
        });
        Err(Wrong)
    }

    /// The same for what takes a search: what is wrong, and how to mend it.
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
                .at(source.place(start, end), "")
                .help(help)
        });
        Err(Wrong)
    }

    /// The field that each part of a name means.
    fn fields(
        &mut self,
        name: &[NamePart],
        options: MessageRef<'a>,
    ) -> Result<Vec<FieldRef<'a>>, Wrong> {
        if let Some(deep) = name.get(MAX_DEPTH) {
            let text = format!("names of options have at most {MAX_DEPTH} parts");
            let help = "messages nest no deeper where they are read";
            return self.wrong(deep.start, deep.end, text, help);
        }
        let mut fields: Vec<FieldRef<'a>> = Vec::with_capacity(name.len());
        let mut message = options;
        for (index, part) in name.iter().enumerate() {
            let field = match part.is_extension {
                true => self.extension(part, message)?,
                false => self.own_field(part, message, index == 0)?,
            };
            let is_feature = name
                .first()
                .is_some_and(|part| part.name == "features" && !part.is_extension);
            let is_of_this_file = std::ptr::eq(field.file(), &self.pool.files[self.file]);
            if is_feature && is_of_this_file {
                let message = format!(
                    "the feature `{}` is used in the file that declares it",
                    spelling(name)
                );
                let help = "declare it in another file, and import that";
                return self.wrong(part.start, part.end, message, help);
            }
            fields.push(field);
            let Some(next) = name.get(index + 1) else {
                break;
            };
            let Some(inner) = field.message() else {
                let message = format!(
                    "the option `{}` is no message, and has no fields",
                    part.name
                );
                return self.wrong(
                    next.start,
                    next.end,
                    message,
                    "remove this part of the name",
                );
            };
            if field.field.is_repeated() {
                let message = format!(
                    "the option `{}` is repeated, and its fields cannot be set one by one",
                    part.name
                );
                let help = "set one element: `option name = {field: value};`, once for each";
                return self.wrong(next.start, next.end, message, help);
            }
            message = inner;
        }
        Ok(fields)
    }

    fn own_field(
        &mut self,
        part: &NamePart,
        message: MessageRef<'a>,
        is_first: bool,
    ) -> Result<FieldRef<'a>, Wrong> {
        let is_uninterpreted = is_first && part.name == "uninterpreted_option";
        if let Some(field) = message.field(&part.name).filter(|_| !is_uninterpreted) {
            return Ok(field);
        }
        let text = match is_first {
            true => format!("there is no option `{}`", part.name),
            false => format!(
                "`{}` has no field `{}`",
                &message.full_name()[1..],
                part.name
            ),
        };
        let names = message
            .message
            .field
            .iter()
            .map(|field| field.name.as_str());
        let names = names.filter(|name| *name != "uninterpreted_option");
        let help = || match nearest(&part.name, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "an option of your own stands in parentheses: `(package.name)`".to_owned(),
        };
        self.wrong_with(part.start, part.end, || (text, help()))
    }

    fn extension(
        &mut self,
        part: &NamePart,
        message: MessageRef<'a>,
    ) -> Result<FieldRef<'a>, Wrong> {
        if part.name.is_empty() {
            return self.wrong(
                part.start,
                part.end,
                "the option has no name",
                "write it between the parentheses",
            );
        }
        let symbols = self.pool.symbols;
        let found = lookup(symbols, self.visible, self.scope, &part.name, Wanted::Any);
        let found = match found {
            Ok(found) => found,
            Err(unresolved) => {
                let file = &self.pool.files[self.file].name;
                if self.suggest.is_known_to_be_missing(file, &part.name) {
                    return Err(Wrong);
                }
                let (files, suggest) = (self.pool.files, self.suggest);
                let explain = || unresolved.explain(&part.name, symbols, files, suggest);
                return self.wrong_with(part.start, part.end, explain);
            }
        };
        let field = self.pool.field_of(found);
        let extended = field.and_then(|field| field.field.extendee.as_deref());
        match field {
            Some(field) if extended == Some(message.full_name().as_str()) => Ok(field),
            _ => {
                let what = match extended {
                    Some(extended) => {
                        format!("an extension of `{}`", extended.trim_start_matches('.'))
                    }
                    None => symbols.get(found).kind.name().to_owned(),
                };
                let text = format!(
                    "`{}` is {what}, and no extension of `{}`",
                    part.name,
                    &message.full_name()[1..]
                );
                let help = "see where the option is declared for what it belongs to";
                self.wrong(part.start, part.end, text, help)
            }
        }
    }

    fn value(&mut self, field: FieldRef<'a>, statement: &Statement) -> Result<Encoded, Wrong> {
        let kind = field.field.r#type();
        let value = match (kind, &statement.value) {
            (Type::Message | Type::Group, Value::Aggregate(tokens)) => {
                let Some(message) = field.message() else {
                    return Err(Wrong);
                };
                let bytes = text::parse(self, tokens, message, statement.value_end)?;
                return Ok(match field.is_group() {
                    true => Encoded::Group(bytes),
                    false => Encoded::Delimited(bytes),
                });
            }
            (Type::Bool, Value::Identifier(name)) => match name.as_str() {
                "true" => Some(Encoded::Varint(1)),
                "false" => Some(Encoded::Varint(0)),
                _ => None,
            },
            (Type::Enum, Value::Identifier(name)) => {
                let (start, end) = (statement.value_start, statement.value_end);
                return self.enum_value(field, name, start, end);
            }
            (Type::Enum, _) => None,
            (Type::String | Type::Bytes, Value::String(bytes)) => {
                Some(Encoded::Delimited(bytes.clone()))
            }
            (Type::Float | Type::Double, Value::Identifier(name)) => {
                let value = match name.as_str() {
                    "inf" => Some(f64::INFINITY),
                    "nan" => Some(f64::NAN),
                    _ => None,
                };
                value.and_then(|value| scalar::number(kind, Number::Double(value)))
            }
            (_, Value::Positive(value)) => scalar::number(kind, Number::Positive(*value)),
            (_, Value::Negative(value)) => scalar::number(kind, Number::Negative(*value)),
            (_, Value::Double(value)) => scalar::number(kind, Number::Double(*value)),
            _ => None,
        };
        match value {
            Some(value) => Ok(value),
            None => {
                let name = spelling(&statement.name);
                let message = format!("the option `{name}` takes {}", scalar::range(kind));
                let help = "see where the option is declared for its type";
                self.wrong(statement.value_start, statement.value_end, message, help)
            }
        }
    }

    /// The number of an enum's value.
    pub(super) fn enum_value(
        &mut self,
        field: FieldRef<'a>,
        name: &str,
        start: u32,
        end: u32,
    ) -> Result<Encoded, Wrong> {
        let Pool { files, symbols } = field.pool;
        let type_name = field.field.type_name.as_deref().unwrap_or_default();
        let Some(id) = symbols.find(type_name) else {
            return Err(Wrong);
        };
        if let Some(value) = symbols.enum_value(files, id, name) {
            if std::ptr::eq(symbols, self.pool.symbols) {
                self.visible.mark(symbols.get(id).file);
            }
            let number = i64::from(value.number.unwrap_or_default());
            return Ok(Encoded::Varint(number as u64));
        }
        let values = symbols
            .r#enum(files, id)
            .map_or(&[][..], |r#enum| &r#enum.value);
        let names = values.iter().map(|value| value.name.as_str());
        let help = || match nearest(name, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "see where the enum is declared for its values".to_owned(),
        };
        let message = format!(
            "`{}` has no value `{name}`",
            type_name.trim_start_matches('.')
        );
        self.wrong_with(start, end, || (message, help()))
    }

    /// An extension of a message by the name that the text format has in brackets.
    pub(super) fn extension_in_text(
        &self,
        message: MessageRef<'a>,
        name: &str,
    ) -> Option<FieldRef<'a>> {
        let symbols = self.pool.symbols;
        if !name.split('.').all(crate::lexer::is_identifier) {
            return None;
        }
        let full_name = message.full_name();
        let own = symbols.find(&full_name);
        let scope = own.map_or(SymbolId::ROOT, |own| symbols.get(own).scope);
        let found = lookup(symbols, self.visible, scope, name, Wanted::Any).ok()?;
        let is_extension =
            |field: &FieldRef<'_>| field.field.extendee.as_deref() == Some(full_name.as_str());
        if symbols.get(found).kind == SymbolKind::Message && message.message.is_message_set() {
            // In a message set an extension goes by its type.
            let foreign = self.pool.message_of(found)?;
            let type_name = foreign.full_name();
            let mut extensions = foreign.message.extension.iter();
            let extension = extensions.find(|extension| {
                extension.extendee.as_deref() == Some(full_name.as_str())
                    && extension.type_name.as_deref() == Some(type_name.as_str())
            })?;
            let id = symbols.child(found, &extension.name)?;
            return self.pool.field_of(id);
        }
        self.pool.field_of(found).filter(is_extension)
    }

    /// The message of a type URL.
    pub(super) fn any_type(&self, url: &str) -> Option<MessageRef<'a>> {
        let (prefix, name) = url.rsplit_once('/')?;
        if !matches!(prefix, "type.googleapis.com" | "type.googleprod.com") {
            return None;
        }
        let id = self.pool.symbols.descend(SymbolId::ROOT, name)?;
        let is_visible = self.visible.has(self.pool.symbols, id);
        is_visible.then(|| self.pool.message_of(id))?
    }
}

/// The name of an option as it is written.
fn spelling(name: &[NamePart]) -> String {
    let parts = name.iter().map(|part| match part.is_extension {
        true => format!("({})", part.name),
        false => part.name.clone(),
    });
    parts.collect::<Vec<_>>().join(".")
}

/// The fields that are set, of messages within as well: these are read once somebody asks.
#[derive(Default)]
struct SetFields {
    unread: Vec<Vec<u8>>,
    inner: HashMap<u32, SetFields>,
}

impl SetFields {
    /// Whether the field at a path of numbers is set.
    fn has(&mut self, numbers: &[u32]) -> bool {
        let Some((first, rest)) = numbers.split_first() else {
            return true;
        };
        for bytes in std::mem::take(&mut self.unread) {
            for record in wire::Records::new(&bytes).flatten() {
                work::count(1);
                let inner = self.inner.entry(record.number).or_default();
                if matches!(record.kind, Kind::Delimited | Kind::Group) {
                    inner.unread.push(record.value.to_vec());
                }
            }
        }
        let inner = self.inner.get_mut(first);
        inner.is_some_and(|inner| inner.has(rest))
    }
}

/// A required field that the bytes of a message lack, in messages within it as well.
fn missing_field(message: MessageRef<'_>, bytes: &[u8]) -> Option<String> {
    let mut by_number: HashMap<u32, Vec<wire::Record<'_>>> = HashMap::new();
    for record in wire::records(bytes)? {
        work::count(1);
        by_number.entry(record.number).or_default().push(record);
    }
    for field in &message.message.field {
        work::count(1);
        let field = message.field(&field.name)?;
        let Some(same) = by_number.get(&field.number()) else {
            if field.is_required() {
                return Some(field.field.name.clone());
            }
            continue;
        };
        let inner = field.message();
        let missing = inner.and_then(|inner| {
            let mut nested = same
                .iter()
                .filter(|record| matches!(record.kind, Kind::Delimited | Kind::Group));
            nested.find_map(|record| missing_field(inner, record.value))
        });
        if missing.is_some() {
            return missing;
        }
    }
    None
}

/// What descriptor.proto declares: by number, and one record for a message that was set in parts.
fn merge(bytes: &[u8], message: Option<MessageRef<'_>>) -> Vec<u8> {
    let mut by_number: BTreeMap<u32, Vec<wire::Record<'_>>> = BTreeMap::new();
    for record in wire::Records::new(bytes).flatten() {
        by_number.entry(record.number).or_default().push(record);
    }
    let mut out = Vec::with_capacity(bytes.len());
    for (number, records) in by_number {
        let field = message.and_then(|message| field_by_number(message, number));
        let is_in_parts = records.len() > 1
            && records.iter().all(|record| record.kind == Kind::Delimited)
            && field.is_none_or(|field| field.field.is_message() && !field.field.is_repeated());
        if is_in_parts {
            let parts: Vec<u8> = records
                .iter()
                .flat_map(|record| record.value)
                .copied()
                .collect();
            let inner = field.and_then(FieldRef::message);
            wire::put_delimited(number, &merge(&parts, inner), &mut out);
        } else {
            records
                .iter()
                .for_each(|record| out.extend_from_slice(record.raw));
        }
    }
    out
}

fn field_by_number<'a>(message: MessageRef<'a>, number: u32) -> Option<FieldRef<'a>> {
    let mut fields = message.message.field.iter();
    work::count(fields.len());
    let field = fields.find(|field| field.number as u32 == number)?;
    message.field(&field.name)
}
