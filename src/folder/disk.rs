//! Files on disk. Each is looked at before it is opened, since reading a pipe would never end.

use std::fs::FileType;
use std::io::ErrorKind;
use std::path::Path;

use crate::diagnostics::Diagnostic;

/// An error of the system, with the path that it is about.
pub(super) fn problem(verb: &str, path: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(format!("cannot {verb} `{}`: {error}", path.display()))
}

/// The text at a place where a file is to be; none if there is no file.
pub(super) fn read(path: &Path) -> Result<Option<String>, Diagnostic> {
    let missing = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => Ok(None),
        _ => Err(problem("read", path, &error)),
    };
    // A link is as good as the file that it leads to; one that leads nowhere is no file.
    match std::fs::metadata(path) {
        Ok(found) if found.is_file() => match std::fs::read(path) {
            Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
            // Another run may have removed it by now.
            Err(error) => missing(error),
        },
        Ok(found) => Err(in_the_way(path, "file", found.file_type())),
        Err(error) => missing(error),
    }
}

/// Checks that a folder can be written to, or made. Links are followed only in `root`, which the
/// user named.
pub(super) fn check_folders(root: &Path, path: &str) -> Result<(), Diagnostic> {
    match std::fs::metadata(root) {
        Ok(found) if !found.is_dir() => return Err(in_the_way(root, "folder", found.file_type())),
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(problem("read", root, &error));
        }
        _ => {}
    }
    for folder in folders(path) {
        let folder = root.join(folder);
        match std::fs::symlink_metadata(&folder) {
            Ok(found) if found.is_dir() => {}
            Ok(found) => return Err(in_the_way(&folder, "folder", found.file_type())),
            Err(error) if error.kind() == ErrorKind::NotFound => break,
            Err(error) => return Err(problem("read", &folder, &error)),
        }
    }
    Ok(())
}

/// The folders between the output folder and a file, the outermost first.
pub(super) fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

fn in_the_way(path: &Path, wanted: &str, found: FileType) -> Diagnostic {
    Diagnostic::error(format!(
        "cannot write `{}`: {} is where a {wanted} has to be",
        path.display(),
        kind(found)
    ))
    .with_help("move it away, or choose another folder")
}

#[cfg(unix)]
fn kind(found: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt as _;
    if found.is_fifo() {
        "a pipe"
    } else if found.is_socket() {
        "a socket"
    } else if found.is_block_device() || found.is_char_device() {
        "a device"
    } else {
        plain_kind(found)
    }
}

#[cfg(not(unix))]
fn kind(found: FileType) -> &'static str {
    plain_kind(found)
}

fn plain_kind(found: FileType) -> &'static str {
    if found.is_dir() {
        "a folder"
    } else if found.is_symlink() {
        "a symbolic link"
    } else {
        "a file"
    }
}
