//! Instructions for cargo: warnings, and the files and places to watch.

use std::io::Result;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

/// Prints an instruction to cargo. It has one colon: cargo refuses two where a crate says that it can be built by
/// Rust 1.76.
pub(crate) fn tell_cargo(key: &str, value: &str) {
    println!("cargo:{key}={value}");
}

/// Files and folders that are there.
pub(crate) fn files(paths: &[PathBuf]) {
    for path in paths {
        tell(path);
    }
}

/// Places at which a new file would change what is generated.
///
/// Cargo takes a path that does not exist for one that has changed, and a folder for everything below
/// it. So it gets a folder in `$OUT_DIR` with a link for each place: it passes over links that lead
/// nowhere, and sees one that leads to a file by now.
pub(crate) fn absent(places: &[PathBuf]) {
    // Each `compile` of a build script has its own folder.
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let Some(out) = std::env::var_os("OUT_DIR") else {
        return;
    };
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = Path::new(&out).join(format!(".rust-svc-watch-{number}"));
    // Where there are no links, as often on Windows, a new file is found by the next run.
    if link_all(&folder, places).is_ok() && !places.is_empty() {
        tell(&folder);
    }
}

fn tell(path: &Path) {
    tell_cargo("rerun-if-changed", &path.display().to_string());
}

fn link_all(folder: &Path, places: &[PathBuf]) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    if places.is_empty() {
        return Ok(());
    }
    std::fs::create_dir_all(folder)?;
    for (number, place) in places.iter().enumerate() {
        link(
            &std::path::absolute(place)?,
            &folder.join(number.to_string()),
        )?;
    }
    // To cargo, a folder that is newer than the start of the build script has changed.
    std::fs::File::open(folder)?.set_modified(SystemTime::UNIX_EPOCH)
}

#[cfg(unix)]
fn link(place: &Path, link: &Path) -> Result<()> {
    std::os::unix::fs::symlink(place, link)
}

#[cfg(windows)]
fn link(place: &Path, link: &Path) -> Result<()> {
    std::os::windows::fs::symlink_file(place, link)
}

#[cfg(not(any(unix, windows)))]
fn link(_: &Path, _: &Path) -> Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}
