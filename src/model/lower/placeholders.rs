//! Placeholders: names and comments in prost-build's input, in whose place the output gets what the model decided.
//!
//! | in the descriptor | in its output | filled in |
//! |---|---|---|
//! | a name `RSVC_P7` | `RsvcP7` | the Rust name of a type, value or variant |
//! | | `rsvc_p7` | the Rust name of a module or field |
//! | | `RSVC_P7` | the proto name, in strings |
//! | a comment `RsvcDoc7` | `/// RsvcDoc7` | rustdoc, and `#[deprecated]` where prost-build has none |

use std::collections::HashMap;

use crate::pattern;

/// All placeholders, and the texts that they stand for.
#[derive(Default)]
pub(crate) struct Placeholders {
    names: Vec<Name>,
    docs: Vec<Doc>,
    /// Full names of what has a placeholder, or lies below something that has, as prost-build gets
    /// them, by real ones.
    lowered: HashMap<String, String>,
    /// Full names of all oneofs, and the same as prost-build gets them.
    oneofs: Vec<(String, String)>,
}

struct Name {
    proto: String,
    camel: String,
    snake: String,
}

pub(super) struct Doc {
    pub(super) lines: Vec<String>,
    pub(super) is_deprecated: bool,
}

impl Placeholders {
    /// A placeholder for something with this name in the proto file.
    pub(super) fn name(&mut self, proto: &str, camel: String, snake: String) -> String {
        self.names.push(Name {
            proto: proto.to_owned(),
            camel,
            snake,
        });
        format!("RSVC_P{}", self.names.len() - 1)
    }

    /// Notes the full name that something has in prost-build's input.
    pub(super) fn note(&mut self, full_name: &str, lowered: &str) {
        if full_name != lowered {
            self.lowered
                .insert(full_name.to_owned(), lowered.to_owned());
        }
    }

    /// Notes the full name of a oneof.
    pub(super) fn note_oneof(&mut self, full_name: &str, lowered: &str) {
        self.note(full_name, lowered);
        self.oneofs.push((full_name.to_owned(), lowered.to_owned()));
    }

    /// A placeholder for a comment.
    pub(super) fn doc(&mut self, doc: Doc) -> String {
        self.docs.push(doc);
        format!("RsvcDoc{}", self.docs.len() - 1)
    }

    /// A full name as prost-build gets it, if that is another.
    pub(super) fn known(&self, full_name: &str) -> Option<&str> {
        self.lowered.get(full_name).map(String::as_str)
    }

    /// A full name as prost-build gets it.
    pub(crate) fn resolve<'a>(&'a self, full_name: &'a str) -> &'a str {
        self.lowered
            .get(full_name)
            .map_or(full_name, String::as_str)
    }

    /// The patterns that prost-build gets for one: the pattern itself, and one for each thing that it matches only by
    /// its real name.
    pub(crate) fn patterns(&self, pattern: &str) -> Vec<String> {
        if let Some(exact) = pattern::exact(pattern) {
            return vec![alone(self.resolve(exact))];
        }
        let mut patterns = vec![pattern.to_owned()];
        // `.` and what stands above all renamed things match those as well.
        let renamed = self.lowered.iter().filter(|(full_name, lowered)| {
            pattern::matches(pattern, full_name) && !pattern::matches(pattern, lowered)
        });
        let mut renamed: Vec<_> = renamed.map(|(_, lowered)| lowered.clone()).collect();
        // The outermost is enough: it matches what is below it.
        renamed.sort();
        renamed.dedup_by(|inner, outer| pattern::is_at_or_below(inner, outer));
        patterns.extend(renamed);
        patterns
    }

    /// The patterns that prost-build gets for the oneofs that a pattern matches, and for nothing else.
    pub(crate) fn oneofs(&self, pattern: &str) -> Vec<String> {
        let oneofs = self.oneofs.iter();
        let meant = oneofs.filter(|(full_name, _)| pattern::matches(pattern, full_name));
        meant.map(|(_, lowered)| alone(lowered)).collect()
    }

    /// Puts names and rustdoc in the place of their placeholders.
    pub(crate) fn fill(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len() * 2);
        for line in text.lines() {
            match line.trim_start().strip_prefix("/// RsvcDoc") {
                Some(number) => {
                    let indent = &line[..line.len() - line.trim_start().len()];
                    let doc = number
                        .parse()
                        .ok()
                        .and_then(|number: usize| self.docs.get(number));
                    doc.into_iter()
                        .for_each(|doc| doc.write(indent, &mut filled));
                }
                None => {
                    self.fill_names(line, &mut filled);
                    filled.push('\n');
                }
            }
        }
        filled
    }

    fn fill_names(&self, line: &str, out: &mut String) {
        type Form = (&'static str, fn(&Name) -> &str);
        const FORMS: [Form; 3] = [
            ("RsvcP", |name| &name.camel),
            ("rsvc_p", |name| &name.snake),
            ("RSVC_P", |name| &name.proto),
        ];
        let mut rest = line;
        // Most lines of most packages have none.
        while let Some((at, (prefix, form))) = FORMS
            .iter()
            .filter_map(|form| Some((rest.find(form.0)?, form)))
            .min_by_key(|(at, _)| *at)
        {
            let after = &rest[at + prefix.len()..];
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            let name = after[..digits].parse().ok();
            let name = name.and_then(|number: usize| self.names.get(number));
            out.push_str(&rest[..at]);
            match name {
                Some(name) => out.push_str(form(name)),
                // Somebody's own `RsvcP`.
                None => out.push_str(&rest[at..at + prefix.len() + digits]),
            }
            rest = &after[digits..];
        }
        out.push_str(rest);
    }
}

/// The pattern by which prost-build finds one thing and nothing below it: without its leading dot, a full name is
/// an end. That no other name ends so is up to [placeholders](super::lower).
fn alone(lowered: &str) -> String {
    lowered.trim_start_matches('.').to_owned()
}

impl Doc {
    fn write(&self, indent: &str, out: &mut String) {
        for line in &self.lines {
            out.extend([indent, "///", line, "\n"]);
        }
        if self.is_deprecated {
            out.extend([indent, "#[deprecated]\n"]);
        }
    }
}
