//! Names of generated files.

use crate::fnv::Fnv;

/// File systems take 255 bytes, and something has to be left for the name of a temporary file.
const LONGEST: usize = 230;

/// Name that prost-build gives the file of a package, but for a package that is called like the file of the module tree.
pub(super) fn file_name(modules: &[String], module_tree: &str) -> String {
    let name = if modules.is_empty() {
        "_.rs".to_owned()
    } else {
        format!("{}.rs", modules.join(".").replace("r#", ""))
    };
    if name == module_tree || modules == ["_"] {
        format!("_{name}")
    } else if name.len() > LONGEST {
        shortened(&name)
    } else {
        name
    }
}

/// Beginning of a name, and a hash of all of it.
fn shortened(name: &str) -> String {
    let mut hash = Fnv::new();
    hash.add(name.as_bytes());
    let beginning = &name[..LONGEST - 20];
    format!("{beginning}-{:016x}.rs", hash.finish())
}
