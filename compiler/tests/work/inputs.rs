//! Inputs of any size that a pass could take too long for.
//!
//! The tables have a row a line, which is why rustfmt does not touch them.

mod declarations;
mod errors;
mod imports;
mod names;
mod nested;
mod options;
mod ranges;
mod texts;

pub(crate) use nested::NESTED;

/// Names and texts of files, all of which are listed.
pub(crate) type Files = Vec<(String, String)>;

/// A name, a size, and the files of a size.
pub(crate) type Input = (&'static str, usize, fn(usize) -> Files);

/// Inputs whose work is to grow as they do.
pub(crate) fn inputs() -> impl Iterator<Item = &'static Input> {
    let tables = [
        declarations::INPUTS,
        names::INPUTS,
        ranges::INPUTS,
        options::INPUTS,
        imports::INPUTS,
        texts::INPUTS,
        errors::INPUTS,
    ];
    tables.into_iter().flatten()
}

const HEAD: &str = "syntax = \"proto3\";\npackage p;\n";
const HEAD2: &str = "syntax = \"proto2\";\npackage p;\n";
const HEAD2023: &str = "edition = \"2023\";\npackage p;\n";

/// A text for each number below `n`. It has the number for `$i`, a number that a field may have for `$n`, an odd and
/// an even one above zero for `$odd` and `$even`, and one that an extension of options may have for `$ext`.
fn each(n: usize, text: &str) -> String {
    let with = |i: usize| {
        // Fields may not have 19000 to 19999.
        let number = if i < 18_000 { i + 1 } else { i + 3000 };
        text.replace("$i", &i.to_string())
            .replace("$n", &number.to_string())
            .replace("$odd", &(2 * i + 1).to_string())
            .replace("$even", &(2 * i + 2).to_string())
            .replace("$ext", &(50_000 + i).to_string())
    };
    (0..n).map(with).collect()
}

/// One file of these texts.
fn file<const N: usize>(texts: [&str; N]) -> Files {
    vec![("a.proto".to_owned(), texts.concat())]
}

/// A text for each number in a message of proto3.
fn message(n: usize, text: &str) -> Files {
    file([HEAD, "message M {\n", &each(n, text), "}\n"])
}

/// A text for each number in a message of proto2.
fn message2(n: usize, text: &str) -> Files {
    file([HEAD2, "message M {\n", &each(n, text), "}\n"])
}
