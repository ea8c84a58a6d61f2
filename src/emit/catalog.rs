//! A catalogue of all errors, as JSON and as Markdown: for people who write clients in other languages,
//! and for their tools.

use std::fmt::Write as _;

use super::json::Json;
use crate::diagnostics::Error;
use crate::model::{
    ErrorEnum, ErrorValue, Model, Piece, Placeholder, PlaceholderType, Retry, TrailerValue, Variant,
};
use crate::output::Files;
use crate::text;

/// Adds the two files, whose names are `stem` with `.json` and `.md`.
pub(super) fn catalog(model: &Model, stem: &str, files: &mut Files) -> Result<(), Error> {
    let catalog = Catalog { model };
    files.add(&format!("{stem}.json"), &catalog.json())?;
    files.add(&format!("{stem}.md"), &catalog.markdown())
}

struct Catalog<'a> {
    model: &'a Model,
}

/// An error, with what is known of it from around.
struct Entry<'a> {
    of: &'a ErrorEnum,
    error: &'a ErrorValue,
    description: String,
}

impl<'a> Entry<'a> {
    fn new(of: &'a ErrorEnum, error: &'a ErrorValue, variant: &Variant) -> Self {
        let lines = variant.docs.iter().map(|line| line.trim_start());
        Self {
            of,
            error,
            description: lines.collect::<Vec<_>>().join("\n"),
        }
    }

    /// The message as the proto has it.
    fn message(&self) -> String {
        let pieces = self.error.message.iter().map(|piece| match piece {
            Piece::Text(text) => text.replace('{', "{{").replace('}', "}}"),
            Piece::Placeholder(name) => format!("{{{name}}}"),
        });
        pieces.collect()
    }

    /// The full name of its value.
    fn name(&self) -> String {
        format!("{}.{}", &self.of.full_name[1..], self.error.name)
    }
}

impl Catalog<'_> {
    fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let types = self
            .model
            .packages
            .iter()
            .flat_map(|package| &package.errors);
        types.flat_map(|of| {
            let errors = of.declared.errors.iter().zip(&of.variants);
            errors.map(|(error, variant)| Entry::new(&of.declared, error, variant))
        })
    }

    /// Each rpc that lists errors: its path, and their domains and reasons.
    fn methods(&self) -> impl Iterator<Item = (String, Vec<(&str, &str)>)> {
        let services = self
            .model
            .packages
            .iter()
            .flat_map(|package| &package.services);
        services.flat_map(|service| {
            service.methods.iter().filter_map(|method| {
                let listed = method.errors.as_ref()?.listed.iter();
                let listed =
                    listed.map(|listed| (listed.domain.as_str(), listed.declared.reason.as_str()));
                Some((service.path(method), listed.collect()))
            })
        })
    }

    fn json(&self) -> String {
        let methods = self.methods().map(|(path, errors)| {
            let errors = errors.into_iter();
            let errors = errors.map(|(domain, reason)| {
                Json::object([
                    ("domain", Json::text(domain)),
                    ("reason", Json::text(reason)),
                ])
            });
            Json::object([
                ("path", Json::text(path)),
                ("errors", Json::List(errors.collect())),
            ])
        });
        let catalog = Json::Object(vec![
            (
                "errors",
                Json::List(self.entries().map(|entry| entry.json()).collect()),
            ),
            ("methods", Json::List(methods.collect())),
        ]);
        catalog.members()
    }

    fn markdown(&self) -> String {
        let mut text = "# Errors\n".to_owned();
        let mut domain = None;
        for entry in self.entries() {
            if domain != Some(&entry.of.domain) {
                domain = Some(&entry.of.domain);
                let _ = write!(text, "\n## {}\n", entry.of.domain);
            }
            entry.markdown(&mut text);
        }
        let methods: Vec<_> = self.methods().collect();
        if !methods.is_empty() {
            text += "\n## Methods\n\n| method | errors |\n|---|---|\n";
        }
        for (path, errors) in methods {
            let reasons: Vec<_> = errors
                .iter()
                .map(|(_, reason)| format!("`{reason}`"))
                .collect();
            let _ = writeln!(text, "| `{path}` | {} |", reasons.join(", "));
        }
        text
    }
}

impl Entry<'_> {
    fn json(&self) -> Json {
        let error = self.error;
        let placeholders = error.placeholders.iter().map(|placeholder| {
            Json::object([
                ("key", Json::text(&placeholder.name)),
                ("type", Json::text(type_name(placeholder))),
            ])
        });
        let trailers = error.trailers.iter().map(|trailer| {
            Json::object([
                ("key", Json::text(&trailer.key)),
                match &trailer.value {
                    TrailerValue::Placeholder(name) => ("placeholder", Json::text(name)),
                    TrailerValue::Json(detail) => ("json", Json::text(&detail[1..])),
                    TrailerValue::Text(text) => ("text", Json::text(text)),
                },
            ])
        });
        let details = error.details.iter().map(|detail| Json::text(&detail[1..]));
        let mut members = vec![
            ("domain", Json::text(&self.of.domain)),
            ("reason", Json::text(&error.reason)),
            ("name", Json::text(self.name())),
            ("code", Json::text(error.code.name())),
            ("number", Json::Number(error.code.number())),
            ("message", Json::text(self.message())),
            ("description", Json::text(&self.description)),
            ("deprecated", Json::Bool(error.is_deprecated)),
            ("metadata", Json::List(placeholders.collect())),
            ("details", Json::List(details.collect())),
            ("trailers", Json::List(trailers.collect())),
            ("retryable", Json::Bool(error.retry.is_some())),
        ];
        if let Some(delay) = delay(error.retry) {
            members.push(("retryDelay", Json::text(delay)));
        }
        if let Some(help) = &error.help {
            let description = ("description", Json::text(&help.description));
            let url = ("url", Json::text(&help.url));
            members.push(("help", Json::object([description, url])));
        }
        Json::Object(members)
    }

    fn markdown(&self, out: &mut String) {
        let error = self.error;
        let deprecated = if error.is_deprecated {
            ", deprecated"
        } else {
            ""
        };
        let mut line = |line: String| {
            out.push_str(&line);
            out.push('\n');
        };
        line(format!("\n### {}\n", error.reason));
        if !self.description.is_empty() {
            line(format!("{}\n", self.description));
        }
        line(format!("- code: `{}`{deprecated}", error.code.name()));
        if !error.message.is_empty() {
            line(format!("- message: {}", text::code(&self.message())));
        }
        for placeholder in &error.placeholders {
            let (name, kind) = (&placeholder.name, type_name(placeholder));
            line(format!("- metadata `{name}`: {kind}"));
        }
        for detail in &error.details {
            line(format!("- detail: `{}`", &detail[1..]));
        }
        for trailer in &error.trailers {
            let value = match &trailer.value {
                TrailerValue::Placeholder(name) => format!("the value of `{name}`"),
                TrailerValue::Json(detail) => format!("`{}` as JSON", &detail[1..]),
                TrailerValue::Text(value) => text::code(value),
            };
            line(format!("- trailer `{}`: {value}", trailer.key));
        }
        if error.retry.is_some() {
            let after = delay(error.retry).map(|delay| format!(" after {delay}"));
            line(format!("- can be sent again{}", after.unwrap_or_default()));
        }
        if let Some(help) = &error.help {
            let title = if help.description.is_empty() {
                &help.url
            } else {
                &help.description
            };
            line(format!(
                "- help: [{}]({})",
                text::line(title),
                text::line(&help.url)
            ));
        }
    }
}

/// The delay, as ProtoJSON writes a duration.
fn delay(retry: Option<Retry>) -> Option<String> {
    let (seconds, nanos) = retry?.delay?;
    Some(match nanos {
        0 => format!("{seconds}s"),
        nanos => format!("{seconds}.{nanos:09}s"),
    })
}

fn type_name(placeholder: &Placeholder) -> String {
    let name = match placeholder.r#type {
        PlaceholderType::String => "string",
        PlaceholderType::Bool => "bool",
        PlaceholderType::Int32 => "int32",
        PlaceholderType::Int64 => "int64",
        PlaceholderType::Uint32 => "uint32",
        PlaceholderType::Uint64 => "uint64",
        PlaceholderType::Timestamp => "google.protobuf.Timestamp",
        PlaceholderType::Duration => "google.protobuf.Duration",
    };
    if placeholder.repeated {
        format!("repeated {name}")
    } else {
        name.to_owned()
    }
}
