//! Where declarations and their parts stand, for diagnostics.

use crate::descriptor::File;
use crate::diagnostics::Place;
use crate::positions::Location;

/// Numbers of fields of `FieldDescriptorProto` that are pointed at.
pub(crate) mod part {
    pub(crate) const NAME: i32 = 1;
    pub(crate) const EXTENDEE: i32 = 2;
    pub(crate) const NUMBER: i32 = 3;
    pub(crate) const LABEL: i32 = 4;
    pub(crate) const TYPE: i32 = 5;
    pub(crate) const TYPE_NAME: i32 = 6;
    pub(crate) const DEFAULT: i32 = 7;
}

impl File {
    /// Where the declaration at a path stands: its name, or else the whole of it, or the file.
    pub fn place(&self, path: &[i32]) -> Place {
        name(self, path)
    }

    /// Where a text stands in the declaration at a path; its name where that cannot be told.
    pub fn place_of_word(&self, path: &[i32], word: &str) -> Place {
        if word.is_empty() {
            self.place(path)
        } else {
            self::word(self, path, word)
        }
    }

    /// Where a field of an option is set, as exactly as it can be told.
    ///
    /// `path` is that of the extension: of the declaration, the field of its options, and the number of the extension.
    /// `field` has number and name of each step from there.
    pub fn place_of_option(&self, path: &[i32], field: &[(i32, &str)]) -> Place {
        option(self, path, field)
    }
}

fn find<'a>(file: &'a File, path: &[i32]) -> Option<Location<'a>> {
    file.source_code_info.as_ref()?.find(path)
}

/// The file as a whole.
pub(crate) fn file(file: &File) -> Place {
    let info = file.source_code_info.as_ref();
    let path = info
        .and_then(|info| info.source())
        .map(|source| source.path());
    Place::file(path.map_or(file.name.as_str(), |path| path))
}

/// The place of the item at a path, or else of the item around it.
pub(crate) fn at(file: &File, path: &[i32]) -> Place {
    if path.is_empty() {
        let whole = find(file, path).map(|location| location.place_of_start(&file.name));
        return whole.unwrap_or_else(|| self::file(file));
    }
    let around = (0..=path.len()).rev().map(|length| &path[..length]);
    let found = around.take(4).find_map(|path| find(file, path));
    match found {
        Some(location) if !location.path().is_empty() => location.place(&file.name),
        _ => self::file(file),
    }
}

/// The name of the declaration at a path.
pub(crate) fn name(file: &File, path: &[i32]) -> Place {
    part(file, path, part::NAME)
}

/// A part of the declaration at a path, or its name, or the whole.
pub(crate) fn part(file: &File, path: &[i32], number: i32) -> Place {
    let part = [path, &[number]].concat();
    match find(file, &part) {
        Some(location) => location.place(&file.name),
        None if number != part::NAME => name(file, path),
        None => at(file, path),
    }
}

/// Two places in the order of the text: what stands behind is where the mistake is.
pub(crate) fn later_first(one: Place, other: Place) -> (Place, Place) {
    if one.file == other.file && one.position < other.position {
        (other, one)
    } else {
        (one, other)
    }
}

/// A field of an option: the path of the declaration and of its options, then number and name of each step.
///
/// The most exact location that there is, and in its text the names of what it does not tell apart. Where there is no
/// text, the location as a whole.
pub(crate) fn option(file: &File, path: &[i32], steps: &[(i32, &str)]) -> Place {
    for known in (0..=steps.len()).rev() {
        let numbers: Vec<i32> = steps[..known].iter().map(|(number, _)| *number).collect();
        let whole = [path, &numbers].concat();
        // There may be one statement for each of its fields, which have small numbers in options.
        let field = |number| find(file, &[whole.as_slice(), &[number]].concat());
        let is_field = known == steps.len();
        let found = find(file, &whole).or_else(|| (1..16).filter(|_| is_field).find_map(field));
        let Some(location) = found else {
            continue;
        };
        let names = steps[known.saturating_sub(1)..]
            .iter()
            .map(|(_, name)| *name);
        let place = location.place_of_words(names);
        return place.unwrap_or_else(|| location.place(&file.name));
    }
    let first = steps.first().map_or("", |(_, name)| *name);
    let declaration = &path[..path.len().saturating_sub(2)];
    word(file, declaration, first)
}

/// A word in the declaration at a path; its name where that cannot be found.
pub(crate) fn word(file: &File, path: &[i32], word: &str) -> Place {
    let location = find(file, path);
    let found = location.and_then(|location| location.place_of_word(word));
    found.unwrap_or_else(|| name(file, path))
}
