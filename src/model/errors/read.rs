//! Error enums of our own options.

use std::collections::BTreeSet;

use super::reading::{At, Reading};
use super::trailers::Contents;
use super::{
    Dialect, ErrorEnum, ErrorValue, Help, Piece, Placeholder, PlaceholderType, Retry, google_rpc,
    listed, template,
};
use crate::descriptor::{Enum, EnumValue};
use crate::model::ident;
use crate::model::own_options::{self as options, ErrorOptions, PlaceholderOptions};
use crate::model::status_code::StatusCode;

/// The enum that an error is a value of.
struct Around<'e> {
    /// Its full name: the scope in which an error looks up names.
    full_name: &'e str,
    /// The code of errors that have none of their own.
    default_code: Option<StatusCode>,
}

impl Reading<'_> {
    pub(super) fn error_enum(
        &mut self,
        at: &At<'_>,
        r#enum: &Enum,
        full_name: &str,
        options: options::ErrorEnum,
    ) -> ErrorEnum {
        let default_code = options
            .default_code
            .map(|number| self.code(at, number, &r#enum.name));
        let around = Around {
            full_name,
            default_code,
        };
        let values = r#enum.value.iter().enumerate();
        let errors = values.filter_map(|(index, value)| {
            self.value(&at.child(2, index as i32), value, index, &around)
        });
        let errors = errors.collect();
        let domain = self.domain(at, &options);
        let mut rust_type = rust_type(&r#enum.name);
        if !options.rust_type.is_empty() {
            if !is_type_name(&options.rust_type) {
                let message = format!("`{}` is not the name of a type", options.rust_type);
                let help = "a type in Rust is called like `UserError`";
                self.problem(at, &options.rust_type, message, help);
            }
            rust_type = options.rust_type;
        }
        ErrorEnum {
            full_name: full_name.to_owned(),
            rust_type,
            domain,
            dialect: Dialect::Ours,
            errors,
            file: at.file.name.clone(),
            path: at.path.clone(),
        }
    }

    fn domain(&mut self, at: &At<'_>, options: &options::ErrorEnum) -> String {
        let of_file = self.reader.file(&at.file.options).error_domain;
        let mut domains = [&options.domain, &of_file, &at.file.package].into_iter();
        let domain = domains.find(|domain| !domain.is_empty());
        if domain.is_none() {
            let message = "the errors have no domain";
            let help = "a file without a package has none: add `domain: \"users.example.com\"`";
            self.problem(at, "", message, help);
        }
        domain.cloned().unwrap_or_default()
    }

    /// Values with errors need an enum of errors.
    pub(super) fn no_error_enum(
        &mut self,
        at: &At<'_>,
        r#enum: &Enum,
        full_name: &str,
    ) -> Option<ErrorEnum> {
        let has_kratos = r#enum
            .value
            .iter()
            .any(|value| self.reader.kratos_code(&value.options).is_some());
        for (value, index) in r#enum.value.iter().zip(0..) {
            if self.reader.error(&value.options).is_some() {
                let message = format!(
                    "`{}` has error options, but `{}` is not an error enum",
                    value.name, r#enum.name
                );
                let help = "add `option (rust_svc.v1.enum).errors = {domain: \"users.example.com\"};` to the enum";
                self.problem(&at.child(2, index), "", message, help);
            }
        }
        // kratos itself wants the default; there is nothing to be had without it.
        has_kratos.then(|| self.kratos_enum(at, r#enum, full_name, 0))
    }

    fn code(&mut self, at: &At<'_>, number: i32, of: &str) -> StatusCode {
        let (message, text) = match number {
            0 => (format!("`{of}` has the code OK, which is no error"), "OK"),
            _ => (
                format!("`{of}` has the code {number}, which does not exist"),
                "",
            ),
        };
        StatusCode::from_number(number).unwrap_or_else(|| {
            let text = if text.is_empty() {
                number.to_string()
            } else {
                text.to_owned()
            };
            self.problem(at, &text, message, StatusCode::HELP);
            StatusCode::UNKNOWN
        })
    }

    fn value(
        &mut self,
        at: &At<'_>,
        value: &EnumValue,
        index: usize,
        around: &Around<'_>,
    ) -> Option<ErrorValue> {
        let name = &value.name;
        let Some(options) = self.reader.error(&value.options) else {
            if value.number.unwrap_or_default() != 0 {
                let message = format!("`{name}` does not say which error it is");
                let help = "add `[(rust_svc.v1.value).error = {message: \"…\"}]`";
                self.problem(at, "", message, help);
            }
            return None;
        };
        let own = options.code.map(|number| self.code(at, number, name));
        let code = own.or(around.default_code).unwrap_or_else(|| {
            let message = format!("the error `{name}` has no code");
            let help =
                "add `code: NOT_FOUND`, or whichever it is, or give the enum a `default_code`";
            self.problem(at, "", message, help);
            StatusCode::UNKNOWN
        });
        let reason = if options.reason.is_empty() {
            name.clone()
        } else {
            options.reason.clone()
        };
        let text = if options.reason.is_empty() {
            ""
        } else {
            &reason
        };
        self.check_reason(at, &reason, text);
        let message = self.message(at, name, &options);
        let placeholders = self.placeholders(at, &message, &options);
        let details = self.details(at, around.full_name, &options);
        let contents = Contents {
            scope: around.full_name,
            placeholders: &placeholders,
            details: &details,
        };
        let trailers = self.trailers(at, &options.trailers, &contents);
        Some(ErrorValue {
            name: name.clone(),
            index,
            is_deprecated: value.is_deprecated(),
            reason,
            code,
            message,
            placeholders,
            details,
            retry: options.retry.and_then(|retry| self.retry(at, &retry)),
            help: options.help.and_then(|link| self.help(at, link)),
            trailers,
        })
    }

    fn message(&mut self, at: &At<'_>, name: &str, options: &ErrorOptions) -> Vec<Piece> {
        if options.message.trim().is_empty() {
            let message = format!("the error `{name}` has no message");
            let help = "add `message: \"…\"`, which is for developers: what went wrong, and what to do about it";
            self.problem(at, "", message, help);
        }
        template::parse(&options.message).unwrap_or_else(|(message, text)| {
            let help = "a placeholder is written `{id}`, and braces themselves `{{` and `}}`";
            self.problem(at, &text, message, help);
            Vec::new()
        })
    }

    /// The placeholders of the message and of trailers, and those that are in metadata only.
    fn placeholders(
        &mut self,
        at: &At<'_>,
        message: &[Piece],
        options: &ErrorOptions,
    ) -> Vec<Placeholder> {
        let of_message = message.iter().filter_map(|piece| match piece {
            Piece::Placeholder(name) => Some(name.as_str()),
            Piece::Text(_) => None,
        });
        let of_message: Vec<_> = of_message.collect();
        let of_metadata = options.placeholders.iter();
        let of_metadata = of_metadata.filter(|declared| declared.metadata_only);
        let of_metadata = of_metadata.map(|declared| declared.name.as_str());
        let mut names: Vec<&str> = Vec::new();
        for name in of_message.iter().copied().chain(of_metadata) {
            if !names.contains(&name) {
                names.push(name);
                self.check_key(at, name, name);
            }
        }
        self.check_declared(at, &of_message, &options.placeholders);
        let fields: BTreeSet<_> = names.iter().map(|name| ident::snake(name)).collect();
        if fields.len() < names.len() {
            let message = "two placeholders are one field in Rust";
            let help = "give them names that differ in more than case, `-` and `_`";
            self.problem(at, "", message, help);
        }
        let placeholder = |name: &str| {
            let declared = options
                .placeholders
                .iter()
                .find(|declared| declared.name == name);
            Placeholder {
                name: name.to_owned(),
                r#type: declared.map_or(PlaceholderType::String, |declared| {
                    placeholder_type(declared.r#type).unwrap_or(PlaceholderType::String)
                }),
                repeated: declared.is_some_and(|declared| declared.repeated),
            }
        };
        names.into_iter().map(placeholder).collect()
    }

    fn check_declared(
        &mut self,
        at: &At<'_>,
        of_message: &[&str],
        declared: &[PlaceholderOptions],
    ) {
        for (index, placeholder) in declared.iter().enumerate() {
            let name = &placeholder.name;
            let is_in_message = of_message.contains(&name.as_str());
            if declared[..index].iter().any(|other| other.name == *name) {
                let message = format!("the placeholder `{name}` is declared twice");
                self.problem(at, name, message, "leave one of them out");
            }
            if placeholder_type(placeholder.r#type).is_none() {
                let message = format!("the placeholder `{name}` has no type");
                let help =
                    "types are STRING, BOOL, INT32, INT64, UINT32, UINT64, TIMESTAMP and DURATION";
                self.problem(at, name, message, help);
            }
            match (placeholder.metadata_only, is_in_message) {
                (true, true) => {
                    let message = format!(
                        "the placeholder `{name}` is in the message, and not for metadata only"
                    );
                    self.problem(at, name, message, "leave out `metadata_only`");
                }
                (false, false) => {
                    let message = format!("the placeholder `{name}` is not used");
                    let help = format!(
                        "write `{{{name}}}` where the message is to have it, or add `metadata_only: true`"
                    );
                    self.problem(at, name, message, help);
                }
                _ => {}
            }
        }
    }

    fn details(&mut self, at: &At<'_>, scope: &str, options: &ErrorOptions) -> Vec<String> {
        let mut details: Vec<String> = Vec::new();
        for name in &options.details {
            match self.detail(at, scope, name, options) {
                Ok(full_name) if details.contains(&full_name) => {
                    let message = format!("the detail `{name}` is listed twice");
                    let help = "a status has each type once: make a message with a repeated field";
                    self.problem(at, name, message, help);
                }
                Ok(full_name) => details.push(full_name),
                Err((message, help)) => self.problem(at, name, message, help),
            }
        }
        details
    }

    fn detail(
        &self,
        at: &At<'_>,
        scope: &str,
        name: &str,
        options: &ErrorOptions,
    ) -> Result<String, (String, String)> {
        let full_name = self.resolve_detail(scope, name);
        let taken = match google_rpc(&full_name) {
            Some("ErrorInfo") => Some("every error has one already: leave it out"),
            Some("Help") if options.help.is_some() => {
                Some("`help` is one already: leave out one of them")
            }
            Some("RetryInfo")
                if options
                    .retry
                    .as_ref()
                    .is_some_and(|retry| retry.delay.is_some()) =>
            {
                Some("`retry` with a `delay` is one already: leave out one of them")
            }
            _ => None,
        };
        if let Some(help) = taken {
            return Err((
                format!("the detail `{name}` is there twice"),
                help.to_owned(),
            ));
        }
        if google_rpc(&full_name).is_some() {
            return Ok(full_name);
        }
        let Some(declared) = self.symbols.get(&full_name) else {
            let help =
                "give the full name of a message, such as `google.rpc.BadRequest`".to_owned();
            return Err((format!("there is no message `{name}`"), help));
        };
        if self.symbols.is_enum(&full_name) {
            return Err((
                format!("`{name}` is an enum"),
                "details are messages".to_owned(),
            ));
        }
        if !self.is_visible(at.file, &declared.file.name) {
            let import = &declared.file.name;
            let message = format!("`{name}` is declared in \"{import}\", which is not imported");
            return Err((message, format!("add `import \"{import}\";`")));
        }
        Ok(full_name)
    }

    /// The full name: `BadRequest` is one of google.rpc, unless there is one nearer.
    pub(super) fn resolve_detail(&self, scope: &str, name: &str) -> String {
        let mut names = listed::scopes(scope, name);
        let found = names.find(|full| self.symbols.get(full).is_some());
        found.unwrap_or_else(|| {
            let short = format!(".google.rpc.{name}");
            match google_rpc(&short) {
                Some(_) => short,
                None => format!(".{}", name.trim_start_matches('.')),
            }
        })
    }

    fn retry(&mut self, at: &At<'_>, retry: &options::Retry) -> Option<Retry> {
        let Some(delay) = &retry.delay else {
            return Some(Retry { delay: None });
        };
        let (seconds, nanos) = (u64::try_from(delay.seconds), u32::try_from(delay.nanos));
        match (seconds, nanos) {
            (Ok(seconds @ 0..=315_576_000_000), Ok(nanos @ 0..=999_999_999)) => Some(Retry {
                delay: Some((seconds, nanos)),
            }),
            _ => {
                let message = "the delay before a retry is out of range";
                let help = "write `delay: {seconds: 5}`: from 0 to 315576000000 seconds and 999999999 nanos";
                self.problem(at, "delay", message, help);
                None
            }
        }
    }

    fn help(&mut self, at: &At<'_>, link: options::Link) -> Option<Help> {
        let options::Link { description, url } = link;
        if !url.starts_with("https://") && !url.starts_with("http://") {
            let message = format!("the help link \"{url}\" is no URL");
            let help = "write `help: {description: \"…\" url: \"https://…\"}`";
            self.problem(
                at,
                if url.is_empty() { "help" } else { &url },
                message,
                help,
            );
            return None;
        }
        Some(Help { description, url })
    }
}

/// `UserError` of `UserErrorReason`, of `UserReason` and of `User`.
pub(super) fn rust_type(r#enum: &str) -> String {
    let name = ident::camel(r#enum);
    let stem = name.strip_suffix("Reason").unwrap_or(&name);
    if stem.ends_with("Error") {
        stem.to_owned()
    } else {
        format!("{stem}Error")
    }
}

fn is_type_name(name: &str) -> bool {
    ident::camel(name) == name
}

fn placeholder_type(number: i32) -> Option<PlaceholderType> {
    use PlaceholderType as T;
    let types = [
        T::String,
        T::Bool,
        T::Int32,
        T::Int64,
        T::Uint32,
        T::Uint64,
        T::Timestamp,
        T::Duration,
    ];
    types.get(usize::try_from(number).ok()?).copied()
}
