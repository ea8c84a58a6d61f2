//! No import circle between the modules of a crate: modules in one folder can be read one after the other.
//!
//! An edge is a path that begins with `crate`, `self` or `super`, in a `use` or elsewhere, outside of tests. It leads to
//! the module that declares the name, through the re-exports of others. Edges are compared between siblings, each with
//! all modules below it. A parent is no sibling of its children, so both may name each other. Globs are not followed.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};

use super::{Source, sources};

/// The names of a module and of those around it; empty for the root of the crate.
type Module = Vec<String>;

/// A module, as its file or block declares it.
#[derive(Default)]
struct Declared {
    file: String,
    /// What `use` binds: the name, and the path.
    bindings: BTreeMap<String, Vec<String>>,
    /// Every path that leads to another module of the crate.
    paths: BTreeSet<Vec<String>>,
}

type Modules = BTreeMap<Module, Declared>;

#[test]
fn no_imports_go_in_a_circle() {
    let folders = folders().into_iter();
    let problems: Vec<_> = folders.flat_map(|edges| circles(&edges)).collect();
    assert!(
        problems.is_empty(),
        "\n{}\n= help: move what both need to a module that imports neither",
        problems.join("\n")
    );
}

/// The edges of each folder of modules.
fn folders() -> Vec<Edges> {
    let crates = crates().into_iter();
    crates
        .flat_map(|modules| edges(&modules).into_values())
        .collect()
}

/// The modules of each crate of the repository: of each folder with a `lib.rs` or a `main.rs`.
fn crates() -> Vec<Modules> {
    let sources = sources();
    let root = |source: &Source| {
        let path = &source.path;
        path.strip_suffix("lib.rs")
            .or(path.strip_suffix("main.rs"))
            .map(str::to_owned)
    };
    let folders: BTreeSet<_> = sources.iter().filter_map(root).collect();
    let crates = folders.into_iter();
    crates.map(|folder| modules(&folder, &sources)).collect()
}

/// The modules of the crate in a folder. A name that ends in `/` is a folder.
fn modules(folder: &str, sources: &[Source]) -> Modules {
    let mut modules = Modules::new();
    for source in sources {
        let Some(relative) = source.path.strip_prefix(folder) else {
            continue;
        };
        if relative.starts_with("bin/") {
            continue;
        }
        let stem = relative.trim_end_matches(".rs");
        let module = match stem {
            "lib" | "main" => Module::new(),
            _ => stem.split('/').map(str::to_owned).collect(),
        };
        // Texts that are included need not be files of Rust.
        if let Ok(file) = syn::parse_file(&source.text) {
            let mut reader = Reader {
                module,
                file: &source.path,
                modules: &mut modules,
            };
            reader.declare();
            reader.visit_file(&file);
        }
    }
    modules
}

/// Reads the paths of one file.
struct Reader<'a> {
    module: Module,
    file: &'a str,
    modules: &'a mut Modules,
}

impl Reader<'_> {
    fn declare(&mut self) -> &mut Declared {
        let declared = self.modules.entry(self.module.clone()).or_default();
        self.file.clone_into(&mut declared.file);
        declared
    }

    /// A path from the root of the crate, for one as it is written.
    fn absolute(&self, path: &[String]) -> Option<Vec<String>> {
        let mut base = self.module.clone();
        let mut rest = path;
        if rest.first()? == "crate" {
            base.clear();
            rest = &rest[1..];
        }
        while let Some(first @ ("self" | "super")) = rest.first().map(String::as_str) {
            if first == "super" {
                base.pop()?;
            }
            rest = &rest[1..];
        }
        base.extend_from_slice(rest);
        Some(base)
    }

    fn read_use(&mut self, tree: &syn::UseTree, before: &[String]) {
        let with = |ident: &syn::Ident| [before, &[ident.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.read_use(&path.tree, &with(&path.ident)),
            syn::UseTree::Group(group) => group
                .items
                .iter()
                .for_each(|tree| self.read_use(tree, before)),
            syn::UseTree::Glob(_) => self.add(before),
            syn::UseTree::Name(name) if name.ident == "self" => {
                self.bind(before.last().cloned().unwrap_or_default(), before);
            }
            syn::UseTree::Name(name) => self.bind(name.ident.to_string(), &with(&name.ident)),
            syn::UseTree::Rename(rename) => {
                self.bind(rename.rename.to_string(), &with(&rename.ident))
            }
        }
    }

    fn bind(&mut self, name: String, path: &[String]) {
        if let Some(absolute) = self.absolute(path) {
            self.declare().bindings.insert(name, absolute);
        }
        self.add(path);
    }

    fn add(&mut self, path: &[String]) {
        let is_own = path
            .first()
            .is_some_and(|first| ["crate", "self", "super"].contains(&first.as_str()));
        if let Some(absolute) = self.absolute(path).filter(|_| is_own) {
            self.declare().paths.insert(absolute);
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let is_test = item.attrs.iter().any(|attribute| {
            attribute.path().is_ident("cfg")
                && attribute
                    .parse_args::<syn::Path>()
                    .is_ok_and(|path| path.is_ident("test"))
        });
        if is_test || item.content.is_none() {
            return;
        }
        self.module.push(item.ident.to_string());
        self.declare();
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if item.leading_colon.is_none() {
            self.read_use(&item.tree, &[]);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<_> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        self.add(&segments);
        visit::visit_path(self, path);
    }
}

/// The module that declares what a path from the root leads to.
fn resolve(path: &[String], modules: &Modules) -> Module {
    let mut path = path.to_vec();
    // A bound, since two modules may re-export each other.
    for _ in 0..8 {
        let depth = (0..=path.len())
            .rev()
            .find(|&depth| modules.contains_key(&path[..depth]))
            .unwrap_or(0);
        let Some(declared) = modules.get(&path[..depth]) else {
            return path;
        };
        match path.get(depth).and_then(|name| declared.bindings.get(name)) {
            Some(target) if !target.starts_with(&path[..=depth]) => {
                path = [target.as_slice(), &path[depth + 1..]].concat();
            }
            _ => {
                path.truncate(depth);
                return path;
            }
        }
    }
    path
}

/// The edges between the children of one module, each with the first file that draws it.
type Edges = BTreeMap<(String, String), String>;

/// The edges between siblings, by the parent.
fn edges(modules: &Modules) -> BTreeMap<Module, Edges> {
    let mut parents: BTreeMap<Module, Edges> = BTreeMap::new();
    for (from, declared) in modules {
        for path in &declared.paths {
            let to = resolve(path, modules);
            let common = from
                .iter()
                .zip(&to)
                .take_while(|(from, to)| from == to)
                .count();
            if let (Some(source), Some(target)) = (from.get(common), to.get(common)) {
                let edge = (source.clone(), target.clone());
                let edges = parents.entry(from[..common].to_vec()).or_default();
                edges.entry(edge).or_insert_with(|| {
                    format!("{} names `{}`", place(declared, path), path.join("::"))
                });
            }
        }
    }
    parents
}

/// One text for each edge of a circle.
fn circles(edges: &Edges) -> Vec<String> {
    let closing = edges
        .iter()
        .filter(|((from, to), _)| reaches(to, from, edges));
    closing
        .map(|((from, to), place)| format!("{place}, and `{to}` leads back to `{from}`"))
        .collect()
}

/// The file and the line where a path is written, as far as its last name tells.
fn place(declared: &Declared, path: &[String]) -> String {
    let text =
        std::fs::read_to_string(crate::support::root().join(&declared.file)).unwrap_or_default();
    let name = path.last().map_or("", String::as_str);
    let line = text
        .lines()
        .position(|line| line.contains(name) && !line.trim_start().starts_with("//"));
    format!("{}:{}", declared.file, line.unwrap_or(0) + 1)
}

fn reaches(from: &str, to: &str, edges: &Edges) -> bool {
    let mut seen = BTreeSet::from([from]);
    let mut open = vec![from];
    while let Some(module) = open.pop() {
        if module == to {
            return true;
        }
        let next = edges.keys().filter(|(source, _)| source == module);
        open.extend(
            next.map(|(_, target)| target.as_str())
                .filter(|target| seen.insert(target)),
        );
    }
    false
}

/// A circle through a re-export, and through a module below a sibling.
#[test]
fn circles_are_found() {
    let source = |path: &str, text: &str| Source {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let circle = [
        source(
            "src/lib.rs",
            "pub mod a; pub mod b; pub mod c; pub use a::{One, Two};",
        ),
        source("src/a.rs", "pub mod inner; pub struct One;"),
        source("src/a/inner.rs", "fn f() { crate::b::g() }"),
        source(
            "src/b.rs",
            "use crate::One; use crate::c; #[cfg(test)] mod tests { use crate::b::x; }",
        ),
        source("src/c.rs", "#[cfg(test)] mod tests { use crate::a::One; }"),
    ];
    let edges = edges(&modules("src/", &circle));
    let problems = circles(&edges[&Module::new()]);
    assert_eq!(
        problems,
        [
            "src/a/inner.rs:1 names `b::g`, and `b` leads back to `a`",
            "src/b.rs:1 names `One`, and `a` leads back to `b`",
        ]
    );
}
