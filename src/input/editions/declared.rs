//! Features as a text declares them, before it is linked.

use std::collections::HashMap;

use prost_types::UninterpretedOption;

use super::features::{self, Features, Target};
use super::{Edition, KNOWN, unknown};
use crate::descriptor::File;
use crate::diagnostics::Diagnostic;
use crate::input::Source;
use crate::input::parse::{Declared, Kind, place, tokens};
use crate::input::raw_options::{UNINTERPRETED, each_options, is_named, take_options};

impl Edition {
    /// What a file says by features is taken out of it, so that the linker has nothing to say about them: it
    /// knows those of an older edition only, and none of other languages. None if the edition is not known.
    pub(crate) fn take(
        declared: Declared,
        file: &mut File,
        source: &Source,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<Self> {
        let name = declared.edition.as_deref()?;
        let known = KNOWN.iter().find(|(_, known)| *known == name);
        if known.is_none() {
            let at = source.text.find(name).unwrap_or_default();
            problems.push(unknown(name).at(source.place(at, name.len()), ""));
        }
        let taken = Taken::of(file);
        for wrong in &taken.wrong {
            let place = place(file, source, &wrong.path, &wrong.feature);
            let error = Diagnostic::error(&wrong.message).at(place, "");
            problems.push(error.help(&wrong.help));
        }
        taken.move_positions(file);
        Some(Self {
            number: known?.0,
            declared,
            features: taken.features,
            visibility: taken.visibility,
            styles: taken.styles,
        })
    }
}

/// The features of a file, by the path of what has them.
#[derive(Default)]
struct Taken {
    features: HashMap<Vec<i32>, Features>,
    visibility: Option<String>,
    styles: HashMap<Vec<i32>, bool>,
    wrong: Vec<Wrong>,
    /// Where options are now that stood beside features, by where they were; nowhere if they are of another
    /// language.
    moved: HashMap<Vec<i32>, Option<Vec<i32>>>,
}

struct Wrong {
    path: Vec<i32>,
    feature: String,
    message: String,
    help: String,
}

impl Taken {
    fn of(file: &mut File) -> Self {
        let mut taken = Self::default();
        each_options(file, &mut |target, path, options| {
            let mut index = 0..;
            let mut left = 0..;
            let of_options = |inner: &[i32]| [path, &[target.options()], inner].concat();
            let uninterpreted =
                |index: Option<i32>| of_options(&[UNINTERPRETED as i32, index.unwrap_or_default()]);
            take_options(options, |option| {
                let is_feature = is_named(option, "features");
                let now = match is_feature {
                    true => feature_path(option).map(|feature| {
                        of_options(&[&[target.number() as i32], &*feature].concat())
                    }),
                    false => Some(uninterpreted(left.next())),
                };
                taken.moved.insert(uninterpreted(index.next()), now);
                if is_feature {
                    taken.feature(option, target, path);
                }
                is_feature
            });
        });
        taken
    }

    fn feature(&mut self, option: &UninterpretedOption, target: Target, path: &[i32]) {
        let known = self.features.entry(path.to_vec()).or_default();
        for (feature, value) in settings(option) {
            match feature.as_str() {
                "default_symbol_visibility" => self.visibility = Some(value.clone()),
                "enforce_naming_style" => {
                    self.styles.insert(path.to_vec(), value != "STYLE_LEGACY");
                }
                _ => {}
            }
            if let Err((message, help)) = known.set(&feature, &value, target) {
                self.wrong.push(Wrong {
                    path: path.to_vec(),
                    feature,
                    message,
                    help,
                });
            }
        }
    }

    /// The linker finds positions of options by their number among those that it is given.
    fn move_positions(&self, file: &mut File) {
        let Some(info) = &mut file.source_code_info else {
            return;
        };
        info.location
            .retain_mut(|location| match self.moved.get(&location.path) {
                Some(Some(now)) => {
                    location.path.clone_from(now);
                    true
                }
                Some(None) => false,
                None => true,
            });
    }
}

/// The path of a feature in those of an item: all of them, or one; none if it is of another language.
fn feature_path(option: &UninterpretedOption) -> Option<Vec<i32>> {
    match option.name.as_slice() {
        [_] => Some(Vec::new()),
        [_, name, ..] => Some(vec![features::number(&name.name_part)?]),
        [] => None,
    }
}

/// The names and values of features in an option; those of other languages are left out.
fn settings(option: &UninterpretedOption) -> Vec<(String, String)> {
    match option.name.as_slice() {
        [_, name] if !name.is_extension => {
            let value = option.identifier_value.clone().unwrap_or_default();
            vec![(name.name_part.clone(), value)]
        }
        [_] => pairs(option.aggregate_value.as_deref().unwrap_or_default()),
        _ => Vec::new(),
    }
}

/// `name: VALUE` at the outermost level of a text format.
fn pairs(text: &str) -> Vec<(String, String)> {
    let (tokens, _) = tokens(text);
    let mut depth = 0;
    let mut pairs = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Mark('{' | '[' | '<') => depth += 1,
            Kind::Mark('}' | ']' | '>') => depth -= 1,
            Kind::Mark(':') if depth == 0 => {
                let word = |index: Option<usize>| {
                    let token = index.and_then(|index| tokens.get(index));
                    let token = token.filter(|token| token.kind == Kind::Word);
                    token.map(|token| text[token.range.clone()].to_owned())
                };
                pairs.extend(word(index.checked_sub(1)).zip(word(Some(index + 1))));
            }
            _ => {}
        }
    }
    pairs
}
