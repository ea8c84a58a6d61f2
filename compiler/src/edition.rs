//! Editions by name and number.

/// The number of edition 2023 in `google.protobuf.Edition`.
pub const E2023: i32 = 1000;
/// The number of edition 2024.
pub const E2024: i32 = 1001;
/// The number of the edition that protoc's own development uses. Files of it can be imported, and not listed.
pub const UNSTABLE: i32 = 9999;
/// The number that stands for proto2 where editions are compared.
pub const PROTO2: i32 = 998;
/// The number that stands for proto3.
pub const PROTO3: i32 = 999;
/// The number for all that was before proto2, where defaults of features begin.
pub(crate) const LEGACY: i32 = 900;

/// The editions that are compiled, by number and name.
const KNOWN: [(i32, &str); 2] = [(E2023, "2023"), (E2024, "2024")];

/// The lowest and the highest edition that is compiled, proto2 and proto3 included: what a plugin of
/// protoc says that it supports.
pub const SUPPORTED: (i32, i32) = (PROTO2, E2024);

/// The number of an edition, by its name in a file.
pub(crate) fn number(name: &str) -> Option<i32> {
    let unstable = [(UNSTABLE, "UNSTABLE")];
    let mut known = KNOWN.iter().chain(&unstable);
    known
        .find(|(_, known)| *known == name)
        .map(|(number, _)| *number)
}

/// Whether files of an edition of this number can be imported.
pub fn is_known(number: i32) -> bool {
    number == UNSTABLE || KNOWN.iter().any(|(known, _)| *known == number)
}

/// Editions as people write them, also those that are older or newer than what is compiled.
pub(crate) fn name(number: i32) -> String {
    match number {
        LEGACY => "LEGACY".to_owned(),
        PROTO2 => "proto2".to_owned(),
        PROTO3 => "proto3".to_owned(),
        1000..=1099 => format!("{}", 2023 + number - E2023 + i32::from(number > E2024)),
        UNSTABLE => "UNSTABLE".to_owned(),
        _ => number.to_string(),
    }
}

/// The error for an edition that is not compiled, and its help.
pub(crate) fn unknown(name: &str) -> (String, String) {
    let known: Vec<_> = KNOWN
        .iter()
        .map(|(_, known)| format!("\"{known}\""))
        .collect();
    let message = match name {
        // protoc takes it only where `--experimental_editions` is given.
        "UNSTABLE" => "the edition \"UNSTABLE\" is for the development of protoc".to_owned(),
        _ => format!("the edition \"{name}\" is not supported"),
    };
    (message, format!("write one of {}", known.join(" and ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_editions() {
        assert_eq!(number("2023"), Some(E2023));
        assert_eq!(number("2025"), None);
        assert_eq!(name(E2024), "2024");
        assert_eq!(name(1002), "2026");
    }
}
