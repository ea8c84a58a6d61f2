//! Paths in options that have no effect: nothing is called so, or what is called so is of a kind that the option
//! is not about.
//!
//! All options are looked through alike, on the whole tree and not on what is generated of it: a path of something
//! in a file that is only imported is no mistake, nor is one of a whole package.

use std::collections::{BTreeSet, HashSet};

use super::errors::Catalog;
use super::listed::Listed;
use super::policy::Policies;
use crate::diagnostics::{Diagnostic, Error, Severity, edit_distance, nearest};
use crate::input::{Input, well_known_types};
use crate::options::{About, Options};
use crate::pattern;

mod about;
mod items;

use about::Matching;
use items::{Item, ItemKind, items};

/// A warning for each path without an effect.
///
/// # Errors
///
/// An error for each such path in an option that decides what is generated or what it is called.
pub(super) fn check(
    listed: &Listed<'_>,
    catalog: &Catalog,
    policies: &Policies,
) -> Result<Vec<Diagnostic>, Error> {
    let (input, options) = (listed.input, listed.options);
    let mut seen = HashSet::new();
    let mut asked: Vec<_> = options
        .paths()
        .into_iter()
        .map(|(key, about, path)| Asked { key, about, path })
        .filter(|asked| !asked.is_all() && seen.insert((asked.key, asked.path)))
        .collect();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let items = items(input, catalog, policies);
    let checking = Checking {
        input,
        items: &items,
        own_packages: own_packages(listed),
        is_part: input.is_from_plugin && !options.module_tree,
    };
    asked.retain(|asked| checking.is_known_here(*asked));
    let found = asked.into_iter().filter_map(|asked| checking.check(asked));
    let (errors, warnings): (Vec<_>, Vec<_>) =
        found.partition(|found| found.severity() == Severity::Error);
    if errors.is_empty() {
        Ok(warnings)
    } else {
        Err(Error::new(errors))
    }
}

/// The packages that listed files are in, as the beginnings of full names.
fn own_packages(listed: &Listed<'_>) -> BTreeSet<String> {
    let files = listed.input.files.iter();
    let files = files.filter(|file| listed.has(&file.name));
    files.map(|file| file.full_name("")).collect()
}

/// A path in an option.
#[derive(Clone, Copy)]
struct Asked<'a> {
    key: &'static str,
    about: About,
    path: &'a str,
}

impl<'a> Asked<'a> {
    /// Whether it is `.`, where that is everything.
    fn is_all(self) -> bool {
        let is_pattern = matches!(self.about.matching(), Matching::Prost | Matching::Names);
        is_pattern && self.path == "."
    }

    /// The path without the `$` that limits it to one item.
    fn bare(self) -> &'a str {
        pattern::exact(self.path).unwrap_or(self.path)
    }

    /// Whether the option matches what ends so, and this path is such an end.
    fn is_end(self) -> bool {
        self.about.matching() == Matching::Prost && !self.path.starts_with('.')
    }

    /// The path as a full name.
    fn full(self) -> String {
        format!(".{}", self.bare().trim_start_matches('.'))
    }

    fn has_effect(self, item: &Item<'_>) -> bool {
        let is_matched = self.about.matching().matches(self.path, &item.name);
        let is_nested = matches!(
            item.kind,
            ItemKind::Message {
                is_nested: true,
                ..
            } | ItemKind::Enum {
                is_nested: true,
                ..
            }
        );
        // A nested type brings the one that it is in, but only its full name is looked for.
        let is_included = self.about != About::Included || !is_nested || self.full() == item.name;
        is_matched && is_included && self.about.takes(item.kind)
    }

    /// Whether it is a path of this item itself.
    fn is_of(self, item: &Item<'_>) -> bool {
        self.about.matching().is_of(self.path, &item.name)
    }

    /// Whether it means everything in a package.
    fn is_of_package(self, item: &Item<'_>) -> bool {
        let is_pattern = matches!(self.about.matching(), Matching::Prost | Matching::Names);
        let is_whole = is_pattern && !self.is_end() && pattern::exact(self.path).is_none();
        is_whole && item.kind == ItemKind::Package
    }
}

struct Checking<'a> {
    input: &'a Input,
    items: &'a [Item<'a>],
    own_packages: BTreeSet<String>,
    /// Whether other runs may generate the rest of the tree.
    is_part: bool,
}

impl Checking<'_> {
    /// Whether this run has to know what the path is of. One that is for a part of the tree, as with buf's
    /// `strategy: directory`, knows its own packages, and of no other what is in them.
    fn is_known_here(&self, asked: Asked<'_>) -> bool {
        !self.is_part || (!asked.is_end() && self.is_own(asked))
    }

    fn is_own(&self, asked: Asked<'_>) -> bool {
        let full = asked.full();
        let mut own = self.own_packages.iter();
        own.any(|package| full.starts_with(package.as_str()))
    }

    fn check(&self, asked: Asked<'_>) -> Option<Diagnostic> {
        if self.items.iter().any(|item| asked.has_effect(item)) {
            return None;
        }
        let named = self.items.iter().filter(|item| asked.is_of(item));
        match named.min_by_key(|item| item.kind == ItemKind::Package) {
            Some(item) if asked.is_of_package(item) => None,
            Some(item) => Some(self.wrong_kind(asked, item)),
            None if self.is_elsewhere(asked) => None,
            None => Some(self.unknown(asked)),
        }
    }

    /// Whether a Rust path may be given for something that this tree does not use: options are shared by trees.
    fn is_elsewhere(&self, asked: Asked<'_>) -> bool {
        if asked.about != About::Externs || !asked.path.starts_with('.') {
            return false;
        }
        let (outer, _) = asked.path.rsplit_once('.').unwrap_or_default();
        let files = &self.input.files;
        let is_in_package = files
            .iter()
            .any(|file| file.full_name("") == format!("{outer}."));
        let is_in_type = self
            .items
            .iter()
            .any(|item| item.name == outer && item.kind != ItemKind::Package);
        let is_well_known = well_known_types().iter().any(|name| name == asked.path);
        let mut known = self
            .items
            .iter()
            .filter(|item| asked.about.takes(item.kind));
        let is_misspelt = known.any(|item| is_misspelt(asked.path, &item.name));
        is_well_known || !(is_in_package || is_in_type || is_misspelt)
    }

    fn unknown(&self, asked: Asked<'_>) -> Diagnostic {
        let problem = self.problem(asked, "nothing is called so");
        let help = match self.suggestion(asked) {
            Some(near) => format!("did you mean `{near}`?"),
            None if asked.about.matching() != Matching::Prost => {
                "give the full name, as `.package.Message.field`".to_owned()
            }
            None => "a full path begins with a dot, as `.package.Message.field`; without one, `Message.field` is all that ends so".to_owned(),
        };
        problem.with_help(help)
    }

    fn wrong_kind(&self, asked: Asked<'_>, item: &Item<'_>) -> Diagnostic {
        let about = asked.about.text();
        let name = &item.name;
        let is_around = matches!(item.kind, ItemKind::Message { .. })
            && asked.about.matching() == Matching::Prost
            && pattern::exact(asked.path).is_none();
        let why = if is_around {
            format!("it is for {about}, and there are none in the message `{name}`")
        } else {
            format!("it is for {about}, and `{name}` is {}", item.kind.text())
        };
        let mut problem = self.problem(asked, &why);
        if let Some((file, path)) = &item.place {
            problem = problem.with_label(file.place(path), "");
        }
        match self.instead(asked, item) {
            Some(help) => problem.with_help(help),
            None => problem,
        }
    }

    /// The help for something of the wrong kind: what to write instead.
    fn instead(&self, asked: Asked<'_>, item: &Item<'_>) -> Option<String> {
        if item.kind == ItemKind::Package {
            return Some(format!(
                "`{}`, with a dot before it and nothing behind, means all that is in the package",
                item.name
            ));
        }
        // One declaration can have two names, as a field of a oneof has.
        let same = |other: &&Item<'_>| match (&other.place, &item.place) {
            (Some((file, path)), Some((other_file, other_path))) => {
                std::ptr::eq(*file, *other_file) && path == other_path
            }
            _ => false,
        };
        let mut others = self.items.iter().filter(same);
        if let Some(other) = others.find(|other| asked.about.takes(other.kind)) {
            return Some(format!("did you mean `{}`?", other.name));
        }
        const ATTRIBUTE: &str = "_attribute";
        let options = Options::ABOUT.iter();
        let options = options.filter(|(key, about)| {
            asked.key.ends_with(ATTRIBUTE) && key.ends_with(ATTRIBUTE) && about.takes(item.kind)
        });
        let options: Vec<_> = options.map(|(key, _)| format!("`{key}`")).collect();
        let kind = item.kind.text();
        (!options.is_empty()).then(|| format!("for {kind} there is {}", options.join(", ")))
    }

    /// The name nearest to the path among the things that the option is about.
    fn suggestion(&self, asked: Asked<'_>) -> Option<String> {
        let mark = &asked.path[asked.bare().len()..];
        let is_pattern = asked.about.matching() == Matching::Prost;
        let is_around = |kind| matches!(kind, ItemKind::Package | ItemKind::Message { .. });
        let known = self
            .items
            .iter()
            .filter(|item| asked.about.takes(item.kind) || (is_pattern && is_around(item.kind)));
        let mut known = known.map(|item| item.name.as_str());
        if matches!(asked.about.matching(), Matching::Prost | Matching::Dotted)
            && known.clone().any(|name| name == asked.full())
        {
            return Some(asked.full());
        }
        if asked.is_end() {
            let parts = asked.path.split('.').count();
            let mut ends: Vec<_> = known.filter_map(|name| end(name, parts)).collect();
            ends.sort_unstable();
            ends.dedup();
            return nearest(asked.path, ends).map(str::to_owned);
        }
        let near = nearest(&asked.full(), &mut known)?;
        let near = if asked.path.starts_with('.') || asked.about == About::Externs {
            near
        } else {
            &near[1..]
        };
        Some(format!("{near}{mark}"))
    }

    fn problem(&self, asked: Asked<'_>, why: &str) -> Diagnostic {
        let Asked { key, about, path } = asked;
        let message = format!("option `{key}={path}` has no effect: {why}");
        let is_error = match about {
            // It would leave out nothing, or everything.
            About::Included | About::Excluded => true,
            // Names of imported things can be for another run to decide.
            About::Names | About::Modules => self.is_own(asked) || !asked.full()[1..].contains('.'),
            _ => false,
        };
        if is_error {
            Diagnostic::error(message)
        } else {
            Diagnostic::warning(message)
        }
    }
}

/// Whether one letter is wrong. With another digit it is another version.
fn is_misspelt(path: &str, name: &str) -> bool {
    let letters = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "");
    path.len().abs_diff(name.len()) <= 1
        && edit_distance(path, name) == 1
        && letters(path) != letters(name)
}

/// The last parts of a full name; none if it has no more than these.
fn end(name: &str, parts: usize) -> Option<&str> {
    let (dot, _) = name.rmatch_indices('.').nth(parts - 1)?;
    Some(&name[dot + 1..])
}
