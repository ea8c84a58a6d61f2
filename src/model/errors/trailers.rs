//! Trailers of errors.

use std::collections::BTreeSet;

use super::reading::{At, Reading};
use super::{Placeholder, Trailer, TrailerValue, google_rpc};
use crate::model::own_options::{self as options, TrailerOptions};

/// The contents of an error that its trailers can refer to.
pub(super) struct Contents<'e> {
    /// The full name of the enum: the scope in which trailers look up names.
    pub(super) scope: &'e str,
    pub(super) placeholders: &'e [Placeholder],
    pub(super) details: &'e [String],
}

impl Reading<'_> {
    /// Reads trailers. A value is a placeholder or a detail of the error, or a fixed text.
    pub(super) fn trailers(
        &mut self,
        at: &At<'_>,
        trailers: &[TrailerOptions],
        contents: &Contents<'_>,
    ) -> Vec<Trailer> {
        let mut keys = BTreeSet::new();
        let mut read = Vec::new();
        for trailer in trailers {
            self.check_trailer(at, &trailer.key);
            if !keys.insert(&trailer.key) {
                let message = format!("the trailer `{}` is there twice", trailer.key);
                self.problem(at, &trailer.key, message, "leave out one of them");
            }
            match self.trailer_value(trailer, contents) {
                Ok(value) => read.push(Trailer {
                    key: trailer.key.clone(),
                    value,
                }),
                Err((text, message, help)) => self.problem(at, &text, message, help),
            }
        }
        read
    }

    /// The value of a trailer. The error is the text that is wrong, the message and the help.
    fn trailer_value(
        &self,
        trailer: &TrailerOptions,
        contents: &Contents<'_>,
    ) -> Result<TrailerValue, (String, String, String)> {
        let key = &trailer.key;
        match &trailer.value {
            Some(options::TrailerValue::Placeholder(name)) => {
                if contents
                    .placeholders
                    .iter()
                    .any(|placeholder| placeholder.name == *name)
                {
                    return Ok(TrailerValue::Placeholder(name.clone()));
                }
                let message = format!(
                    "the trailer `{key}` has the value of `{name}`, which is no placeholder"
                );
                let help = format!(
                    "write `{{{name}}}` in the message, or declare it: `placeholders: {{name: \"{name}\" metadata_only: true}}`"
                );
                Err((name.clone(), message, help))
            }
            Some(options::TrailerValue::Json(name)) => {
                let full_name = self.resolve_detail(contents.scope, name);
                if !contents.details.contains(&full_name) {
                    let message = format!(
                        "the trailer `{key}` has the JSON of `{name}`, which is no detail of this error"
                    );
                    return Err((name.clone(), message, format!("add `details: \"{name}\"`")));
                }
                if google_rpc(&full_name).is_none() {
                    let message = format!("the trailer `{key}` has the JSON of `{name}`");
                    let help = "only messages of google.rpc can be trailers as JSON".to_owned();
                    return Err((name.clone(), message, help));
                }
                Ok(TrailerValue::Json(full_name))
            }
            Some(options::TrailerValue::Text(text)) => {
                if !text.is_empty() && text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
                    return Ok(TrailerValue::Text(text.clone()));
                }
                let message = format!("the text of the trailer `{key}` is not printable ASCII");
                Err((text.clone(), message, "write something that is".to_owned()))
            }
            None => {
                let help = "add `placeholder`, `json` or `text`".to_owned();
                Err((
                    key.clone(),
                    format!("the trailer `{key}` has no value"),
                    help,
                ))
            }
        }
    }
}
