//! A folder of generated files: what would change in it, and changing it all or not at all.

use std::collections::HashMap;
use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use tempfile::NamedTempFile;

use crate::diagnostics::{Diagnostic, Error};
use crate::output::{self, Files};

/// A folder that generated files are written to.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

/// What a run would do to a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// The file is not there yet.
    Add(String),
    /// The file has other content.
    Update(String),
    /// The file was generated once, and is not any more.
    Remove(String),
}

impl Change {
    /// The file, relative to the folder.
    pub fn path(&self) -> &str {
        match self {
            Self::Add(path) | Self::Update(path) | Self::Remove(path) => path,
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match self {
            Self::Add(_) => "missing",
            Self::Update(_) => "differs",
            Self::Remove(_) => "stale",
        };
        write!(f, "{verb}: {}", self.path())
    }
}

impl Folder {
    /// A folder, which need not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// What writing these files, and removing those that are stale, would do.
    ///
    /// A file that differs in formatting only, as after `cargo fmt`, is left alone.
    ///
    /// # Errors
    ///
    /// A folder that cannot be read.
    pub fn changes(&self, files: &Files) -> Result<Vec<Change>, Error> {
        let mut changes = self.edits(files)?;
        let stale = self
            .stale(files)
            .map_err(|error| self.problem("read", &error))?;
        changes.extend(stale.into_iter().map(Change::Remove));
        Ok(changes)
    }

    /// Writes what differs, and removes what was generated once and is not any more.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to. It is then as it was.
    pub fn sync(&self, files: &Files) -> Result<Vec<Change>, Error> {
        let changes = self.changes(files)?;
        self.apply(files, &changes)?;
        Ok(changes)
    }

    /// Writes what differs, and leaves other files alone: a build script's folder is not its own.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to, which is then as it was; and a file that this process
    /// has written before with other content, since one of the two would be lost.
    pub fn write(&self, files: &Files) -> Result<Vec<Change>, Error> {
        self.claim(files)?;
        let changes = self.edits(files)?;
        self.apply(files, &changes)?;
        Ok(changes)
    }

    fn edits(&self, files: &Files) -> Result<Vec<Change>, Error> {
        let mut changes = Vec::new();
        for (path, content) in files.iter() {
            match std::fs::read(self.path.join(path)) {
                Ok(old) if is_same(path, &old, content) => {}
                Ok(_) => changes.push(Change::Update(path.to_owned())),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    changes.push(Change::Add(path.to_owned()));
                }
                Err(error) => return Err(self.problem("read", &error)),
            }
        }
        Ok(changes)
    }

    /// Our own files, right in the folder or below it, that are not among these.
    fn stale(&self, files: &Files) -> std::io::Result<Vec<String>> {
        fn visit(
            folder: &Path,
            prefix: &str,
            files: &Files,
            stale: &mut Vec<String>,
        ) -> std::io::Result<()> {
            let mut entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
            entries.sort_by_key(std::fs::DirEntry::file_name);
            for entry in entries {
                let Ok(name) = entry.file_name().into_string() else {
                    continue;
                };
                let path = format!("{prefix}{name}");
                let kind = entry.file_type()?;
                if kind.is_dir() {
                    visit(&entry.path(), &format!("{path}/"), files, stale)?;
                } else if kind.is_file()
                    && files.get(&path).is_none()
                    && is_generated(&entry.path(), &name)?
                {
                    stale.push(path);
                }
            }
            Ok(())
        }
        let mut stale = Vec::new();
        if self.path.is_dir() {
            visit(&self.path, "", files, &mut stale)?;
        }
        Ok(stale)
    }

    /// Writes everything beside its place first, so that what fails leaves nothing half done.
    fn apply(&self, files: &Files, changes: &[Change]) -> Result<(), Error> {
        let mut staged = Vec::new();
        for change in changes {
            if let Some(content) = files.get(change.path()) {
                let target = self.path.join(change.path());
                let file =
                    stage(&target, content).map_err(|error| self.problem("write to", &error))?;
                staged.push((file, target));
            }
        }
        for (file, target) in staged {
            file.persist(&target)
                .map_err(|error| self.problem("write to", &error.error))?;
        }
        for change in changes {
            if let Change::Remove(path) = change {
                std::fs::remove_file(self.path.join(path))
                    .map_err(|error| self.problem("remove a stale file from", &error))?;
            }
        }
        Ok(())
    }

    fn claim(&self, files: &Files) -> Result<(), Error> {
        static WRITTEN: LazyLock<Mutex<HashMap<PathBuf, String>>> = LazyLock::new(Mutex::default);
        let mut written = WRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
        let mut problems = Vec::new();
        for (path, content) in files.iter() {
            let path = self.path.join(path);
            match written.get(&path) {
                Some(first) if first != content => problems.push(
                    Diagnostic::error(format!(
                        "`{}` was written by an earlier `compile` of this build script, with other content",
                        path.display()
                    ))
                    .help("compile all protos at once, or give one of the two another `include_file` and, if they share packages, another `out_dir`"),
                ),
                Some(_) => {}
                None => {
                    written.insert(path, content.to_owned());
                }
            }
        }
        match problems.is_empty() {
            true => Ok(()),
            false => Err(Error::new(problems)),
        }
    }

    fn problem(&self, verb: &str, error: &std::io::Error) -> Error {
        Diagnostic::error(format!(
            "cannot {verb} the folder `{}`: {error}",
            self.path.display()
        ))
        .into()
    }
}

fn stage(target: &Path, content: &str) -> std::io::Result<NamedTempFile> {
    let folder = target.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new()
        .prefix(".rust-svc-")
        .permissions_of_new_file()
        .tempfile_in(folder)?;
    file.write_all(content.as_bytes())?;
    Ok(file)
}

/// Temporary files are for their owner alone, and generated ones are to be as any other.
trait PermissionsOfNewFile {
    fn permissions_of_new_file(&mut self) -> &mut Self;
}

impl PermissionsOfNewFile for tempfile::Builder<'_, '_> {
    #[cfg(unix)]
    fn permissions_of_new_file(&mut self) -> &mut Self {
        use std::os::unix::fs::PermissionsExt as _;
        // The umask takes from it what it takes from every new file.
        self.permissions(std::fs::Permissions::from_mode(0o666))
    }

    #[cfg(not(unix))]
    fn permissions_of_new_file(&mut self) -> &mut Self {
        self
    }
}

/// Whether its beginning says that it is ours.
fn is_generated(path: &Path, name: &str) -> std::io::Result<bool> {
    use std::io::Read as _;
    let Some(header) = output::header(name) else {
        return Ok(false);
    };
    let mut start = Vec::new();
    std::fs::File::open(path)?
        .take(header.len() as u64)
        .read_to_end(&mut start)?;
    Ok(start == header.as_bytes())
}

fn is_same(path: &str, old: &[u8], new: &str) -> bool {
    old == new.as_bytes()
        || path.ends_with(".rs") && std::str::from_utf8(old).is_ok_and(|old| is_same_code(old, new))
}

/// Whether two sources are the same but for what rustfmt may change: white space, commas at the end
/// of something, the order of `use`s, and braces around what a match arm or a closure comes to.
fn is_same_code(old: &str, new: &str) -> bool {
    // Comments that are no documentation are no tokens: the header at least has to be there.
    old.lines().next() == new.lines().next()
        && Code::read(old)
            .zip(Code::read(new))
            .is_some_and(|(old, new)| old == new)
}

/// The tokens between two brackets, or of a whole file.
#[derive(PartialEq)]
struct Code {
    uses: Vec<String>,
    others: Vec<Token>,
}

#[derive(PartialEq)]
enum Token {
    Plain(String),
    Group(Delimiter, Code),
}

impl Code {
    fn read(text: &str) -> Option<Self> {
        text.parse::<TokenStream>().ok().map(Self::of)
    }

    fn of(tokens: TokenStream) -> Self {
        let mut code = Self {
            uses: Vec::new(),
            others: Vec::new(),
        };
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Group(group) => code.add_group(group.delimiter(), group.stream()),
                // No two sources of valid code differ in nothing but commas.
                token if token.to_string() == "," => {}
                token if token.to_string() == "use" && !is_captures(tokens.peek()) => {
                    let path = tokens.by_ref().map(|token| token.to_string());
                    code.uses
                        .push(path.take_while(|token| token != ";").collect());
                }
                token => code.others.push(Token::Plain(token.to_string())),
            }
        }
        code.uses.sort();
        code
    }

    fn add_group(&mut self, delimiter: Delimiter, tokens: TokenStream) {
        let inner = Self::of(tokens);
        let is_body = match self.others.as_slice() {
            [.., Token::Plain(last)] if last == "|" => true,
            [.., Token::Plain(a), Token::Plain(b)] => a == "=" && b == ">",
            _ => false,
        };
        match delimiter == Delimiter::Brace && is_body {
            true => self.others.extend(inner.others),
            false => self.others.push(Token::Group(delimiter, inner)),
        }
    }
}

/// Whether what comes after a `use` makes it one of `impl Trait + use<'_, T>`.
fn is_captures(next: Option<&TokenTree>) -> bool {
    next.is_some_and(|next| next.to_string() == "<")
}

#[cfg(test)]
mod tests {
    use super::is_same_code;

    #[test]
    fn formatting_is_no_change() {
        let ours = "// header\nfn a(b: u8, c: u8) { d([1, 2]) }";
        assert!(is_same_code(
            "\nuse b::*;\nuse a::C;\n",
            "\nuse a::C; use b::*;"
        ));
        for (other, is_same) in [
            (
                "// header\nfn a(\n    b: u8,\n    c: u8,\n) {\n    d([1, 2,])\n}\n",
                true,
            ),
            ("// other\nfn a(b: u8, c: u8) { d([1, 2]) }", false),
            ("// header\nfn a(b: u8, c: u8) { d([1, 3]) }", false),
            ("// header\nfn a(b: u8, d: u8) { d([1, 2]) }", false),
            ("// header\nfn a(b: u8, c: u8) { d([1, 2])", false),
        ] {
            assert_eq!(is_same_code(other, ours), is_same, "{other}");
        }
        let ours = "\nfn a<T>() -> impl B + use<T> { c(|d| e(d)) }";
        for (other, is_same) in [
            ("\nfn a<T>() -> impl B + use<T> { c(|d| { e(d) }) }", true),
            ("\nfn a<T>() -> impl B + use<T> { c(|d| f(d)) }", false),
        ] {
            assert_eq!(is_same_code(other, ours), is_same, "{other}");
        }
    }
}
