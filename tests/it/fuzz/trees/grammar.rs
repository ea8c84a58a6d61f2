//! Makes trees by the rules of the language, name by name.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::{self, Write as _};

use super::super::random::Random;

mod names;

use names::{ENTRY_KEYS, FIELDS, PACKAGES, RPCS, SCALARS, SERVICES, TYPES, VALUES};

/// Files by name, each after those that it imports.
pub(super) struct Tree {
    pub(super) files: Vec<(String, String)>,
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut files = self.files.iter();
        files.try_for_each(|(name, text)| writeln!(f, "// {name}\n{text}"))
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Syntax {
    Proto2,
    Proto3,
    Edition,
}

/// A type that can be referred to.
struct Known {
    full_name: String,
    /// The names of its values, if it is an enum.
    values: Option<Vec<String>>,
    syntax: Syntax,
}

/// Names that are taken in a scope.
#[derive(Default)]
struct Scope {
    names: BTreeSet<String>,
}

impl Scope {
    fn take(&mut self, name: &str) -> bool {
        self.names.insert(name.to_owned())
    }

    /// One of some names that is free, if there is one soon.
    fn any(&mut self, names: &'static str, random: &mut Random) -> Option<String> {
        (0..6).find_map(|_| {
            let name = random.word(names);
            self.take(name).then(|| name.to_owned())
        })
    }
}

impl Tree {
    pub(super) fn random(random: &mut Random) -> Self {
        let mut making = Making::default();
        let mut tree = Self { files: Vec::new() };
        for index in 0..1 + random.below(4) {
            let package = match tree.files.is_empty() || random.once_in(2) {
                true => random.word(PACKAGES).to_owned(),
                // A second file of a package.
                false => {
                    let known: Vec<_> = making
                        .packages
                        .keys()
                        .filter(|name| !name.is_empty())
                        .collect();
                    (*random.one(&known)).clone()
                }
            };
            if making.enter(&package) {
                let name = format!("{}/f{index}.proto", package.replace('.', "/"));
                let text = making.file(&package, &tree.files, random);
                tree.files.push((name, text));
            }
        }
        tree
    }
}

/// What is known of the files before.
#[derive(Default)]
struct Making {
    packages: BTreeMap<String, Scope>,
    known: Vec<Known>,
    syntax: Option<Syntax>,
}

impl Making {
    fn syntax(&self) -> Syntax {
        self.syntax.expect("a file has one")
    }

    /// Takes the names that a package has in those around it, and sees that they are free.
    fn enter(&mut self, package: &str) -> bool {
        for (dot, _) in package.match_indices('.').chain([(package.len(), "")]) {
            let (outer, name) = package[..dot]
                .rsplit_once('.')
                .unwrap_or(("", &package[..dot]));
            let is_package = self.packages.contains_key(&package[..dot]);
            let scope = self.packages.entry(outer.to_owned()).or_default();
            if !is_package && !scope.take(name) {
                return false;
            }
            self.packages.entry(package[..dot].to_owned()).or_default();
        }
        true
    }

    fn file(&mut self, package: &str, before: &[(String, String)], random: &mut Random) -> String {
        self.syntax = Some(*random.one(&[
            Syntax::Proto2,
            Syntax::Proto3,
            Syntax::Proto3,
            Syntax::Edition,
        ]));
        let head = match self.syntax() {
            Syntax::Proto2 => "syntax = \"proto2\"",
            Syntax::Proto3 => "syntax = \"proto3\"",
            Syntax::Edition => *random.one(&["edition = \"2023\"", "edition = \"2024\""]),
        };
        let mut text = format!("{head};\n\npackage {package};\n\n");
        for (name, _) in before {
            let _ = writeln!(text, "import \"{name}\";");
        }
        if head.contains("2024") {
            // By default names have to be of the style guide, and what is nested is seen by its file only.
            text.push_str("option features.enforce_naming_style = STYLE_LEGACY;\n");
            text.push_str("option features.default_symbol_visibility = EXPORT_ALL;\n");
        }
        let mut scope = self.packages.remove(package).unwrap_or_default();
        let outer = Outer {
            full_name: format!(".{package}"),
            depth: 0,
        };
        for _ in 0..random.below(3) {
            self.r#enum(&outer, &mut scope, &mut text, random);
        }
        for _ in 0..1 + random.below(5) {
            self.message(&outer, &mut scope, &mut text, random);
        }
        for _ in 0..random.below(3) {
            self.service(&mut scope, &mut text, random);
        }
        self.packages.insert(package.to_owned(), scope);
        text
    }

    fn r#enum(&mut self, outer: &Outer, scope: &mut Scope, text: &mut String, random: &mut Random) {
        let Some(name) = scope.any(TYPES, random) else {
            return;
        };
        let _ = writeln!(text, "// An [enum] of `{name}`.\nenum {name} {{");
        let has_alias = random.once_in(4);
        if has_alias {
            text.push_str("  option allow_alias = true;\n");
        }
        // Beside the enum, and alike if they are one without its name.
        let (mut values, mut alike) = (Vec::new(), BTreeSet::new());
        for _ in 0..1 + random.below(6) {
            let value = random.word(VALUES);
            let value = match random.once_in(2) {
                true => format!("{}_{value}", name.to_uppercase()),
                false => value.to_owned(),
            };
            let value = match value.starts_with(|c: char| c.is_ascii_digit()) {
                true => format!("N{value}"),
                false => value,
            };
            // Whatever prefix is taken off, and however underscores and case are read.
            let short = value.to_uppercase().replace('_', "");
            let prefix = name.to_uppercase().replace('_', "");
            let short = short.strip_prefix(&prefix).unwrap_or(&short).to_owned();
            if !short.is_empty() && !scope.names.contains(&value) && alike.insert(short) {
                scope.take(&value);
                values.push(value);
            }
        }
        if values.is_empty() {
            let value = format!("{name}_ZERO_{}", scope.names.len());
            scope.take(&value);
            values.push(value);
        }
        for (index, value) in values.iter().enumerate() {
            let number = match index {
                0 => 0,
                1 if has_alias => 0,
                2 => -1,
                _ => index as i32 * 7,
            };
            let deprecated = if random.once_in(8) {
                " [deprecated = true]"
            } else {
                ""
            };
            let _ = writeln!(text, "  {value} = {number}{deprecated};");
        }
        if has_alias && values.len() == 1 {
            let alias = format!("{name}_ALIAS_{}", scope.names.len());
            scope.take(&alias);
            let _ = writeln!(text, "  {alias} = 0;");
        }
        text.push_str("}\n\n");
        self.known.push(Known {
            full_name: outer.child(&name),
            values: Some(values),
            syntax: self.syntax(),
        });
    }

    fn message(
        &mut self,
        outer: &Outer,
        scope: &mut Scope,
        text: &mut String,
        random: &mut Random,
    ) {
        let Some(name) = scope.any(TYPES, random) else {
            return;
        };
        let full_name = outer.child(&name);
        self.known.push(Known {
            full_name: full_name.clone(),
            values: None,
            syntax: self.syntax(),
        });
        let _ = writeln!(text, "// A `{name}` <b> of Vec<T>.\nmessage {name} {{");
        if random.once_in(8) {
            text.push_str("  option deprecated = true;\n");
        }
        let mut inside = Fields::new(&full_name);
        if outer.depth < 3 {
            let inner = Outer {
                full_name,
                depth: outer.depth + 1,
            };
            for _ in 0..random.below(3) {
                self.message(&inner, &mut inside.scope, text, random);
            }
            if random.once_in(2) {
                self.r#enum(&inner, &mut inside.scope, text, random);
            }
        }
        for _ in 0..random.below(9) {
            self.field(&mut inside, false, text, random);
        }
        if random.once_in(3)
            && let Some(oneof) = inside.scope.any(FIELDS, random)
        {
            let mut variants = String::new();
            for _ in 0..1 + random.below(4) {
                self.field(&mut inside, true, &mut variants, random);
            }
            match variants.is_empty() {
                true => {}
                false => {
                    let _ = writeln!(text, "  oneof {oneof} {{\n{variants}  }}");
                }
            }
        }
        text.push_str("}\n\n");
    }

    fn field(
        &mut self,
        inside: &mut Fields,
        is_variant: bool,
        text: &mut String,
        random: &mut Random,
    ) {
        let Some(name) = inside.name(random) else {
            return;
        };
        inside.number += 1 + random.below(4);
        let number = inside.number;
        let (r#type, values) = self.r#type(random);
        if !is_variant && random.once_in(6) && inside.scope.take(&format!("{}Entry", camel(&name)))
        {
            let key = random.word(ENTRY_KEYS);
            let _ = writeln!(text, "  map<{key}, {type}> {name} = {number};");
            return;
        }
        let is_group = self.syntax() == Syntax::Proto2 && random.once_in(12);
        if is_group {
            self.group(inside, is_variant, text, random);
            return;
        }
        let label = match (is_variant, self.syntax()) {
            (true, _) => "",
            (_, Syntax::Proto2) => {
                *random.one(&["optional ", "optional ", "repeated ", "required "])
            }
            (_, Syntax::Proto3) => *random.one(&["", "", "optional ", "repeated "]),
            (_, Syntax::Edition) => *random.one(&["", "", "repeated "]),
        };
        let label = match label {
            // A message that needs itself can be declared, and nobody can make one.
            "required " if r#type.starts_with('.') && values.is_none() => "optional ",
            // protoc's name for the oneof of such a field: `_name`, or `X_name` if that is taken.
            "optional "
                if self.syntax() == Syntax::Proto3
                    && name.starts_with('_')
                    && !inside.scope.take(&format!("X{name}")) =>
            {
                ""
            }
            label => label,
        };
        let mut options = Vec::new();
        if random.once_in(8) {
            options.push("deprecated = true".to_owned());
        }
        if self.syntax() != Syntax::Proto3 && label != "repeated " && random.once_in(3) {
            options.extend(default(&r#type, values.as_deref(), random));
        }
        let options = match options.is_empty() {
            true => String::new(),
            false => format!(" [{}]", options.join(", ")),
        };
        let _ = writeln!(text, "  {label}{type} {name} = {number}{options};");
    }

    fn group(
        &mut self,
        inside: &mut Fields,
        is_variant: bool,
        text: &mut String,
        random: &mut Random,
    ) {
        let Some(name) = inside.scope.any("Group Level Vec Type T", random) else {
            return;
        };
        let json = name.to_lowercase();
        if !inside.scope.take(&json) || !inside.json.insert(json) {
            return;
        }
        let label = match is_variant {
            true => "",
            false => random.one(&["optional ", "repeated "]),
        };
        let (outer, number) = (&inside.message, inside.number);
        let _ = writeln!(
            text,
            "  {label}group {name} = {number} {{\n    optional {outer} inner = 1;\n    optional int32 number = 2;\n  }}"
        );
    }

    /// A type, and the values of an enum.
    fn r#type(&self, random: &mut Random) -> (String, Option<Vec<String>>) {
        // Closed enums are none of proto3's.
        let is_allowed = |known: &&Known| {
            known.values.is_none()
                || known.syntax != Syntax::Proto2
                || self.syntax() == Syntax::Proto2
        };
        let known: Vec<_> = self.known.iter().filter(is_allowed).collect();
        match known.is_empty() || random.once_in(2) {
            true => (random.word(SCALARS).to_owned(), None),
            false => {
                let known = random.one(&known);
                (known.full_name.clone(), known.values.clone())
            }
        }
    }

    fn service(&mut self, scope: &mut Scope, text: &mut String, random: &mut Random) {
        let Some(name) = scope.any(SERVICES, random) else {
            return;
        };
        let messages: Vec<_> = self
            .known
            .iter()
            .filter(|known| known.values.is_none())
            .collect();
        if messages.is_empty() {
            return;
        }
        let _ = writeln!(text, "// A service.\nservice {name} {{");
        let mut rpcs = Scope::default();
        for _ in 0..random.below(6) {
            let Some(rpc) = rpcs.any(RPCS, random) else {
                continue;
            };
            let stream = |random: &mut Random| if random.once_in(2) { "stream " } else { "" };
            let (input, output) = (random.one(&messages), random.one(&messages));
            let (from, to) = (stream(random), stream(random));
            let _ = writeln!(
                text,
                "  rpc {rpc}({from}{}) returns ({to}{});",
                input.full_name, output.full_name
            );
        }
        text.push_str("}\n\n");
    }
}

/// A package or a message, with declarations in it.
struct Outer {
    full_name: String,
    /// How many messages are around a declaration in it.
    depth: usize,
}

impl Outer {
    fn child(&self, name: &str) -> String {
        format!("{}.{name}", self.full_name)
    }
}

/// The fields of a message, and what else is in it.
struct Fields {
    /// The full name of the message.
    message: String,
    scope: Scope,
    /// Names in JSON, whose case does not count.
    json: BTreeSet<String>,
    number: usize,
}

impl Fields {
    fn new(message: &str) -> Self {
        Self {
            message: message.to_owned(),
            scope: Scope::default(),
            json: BTreeSet::new(),
            number: 0,
        }
    }

    fn name(&mut self, random: &mut Random) -> Option<String> {
        let name = random.word(FIELDS);
        let json = name.replace('_', "").to_lowercase();
        let is_free = !self.scope.names.contains(name) && self.json.insert(json);
        (is_free && self.scope.take(name)).then(|| name.to_owned())
    }
}

/// As protoc calls the entry of a map.
fn camel(name: &str) -> String {
    let mut camel = String::new();
    let mut is_start = true;
    for c in name.chars() {
        match c {
            '_' => is_start = true,
            c if is_start => {
                camel.push(c.to_ascii_uppercase());
                is_start = false;
            }
            c => camel.push(c),
        }
    }
    camel
}

fn default(r#type: &str, values: Option<&[String]>, random: &mut Random) -> Option<String> {
    let literals: HashMap<&str, &[&str]> = HashMap::from([
        (
            "double",
            &["1.5", "-inf", "nan", "1e300", "0", "-0.0", "3.14"][..],
        ),
        ("float", &["inf", "-1e-10", "0.1", "7"]),
        ("bool", &["true", "false"]),
        (
            "string",
            &["\"\"", "\"a \\\"quoted\\\" \\\\ text\\n\"", "'ü\\x41'"],
        ),
        ("bytes", &["\"\\000\\xff'\\\"\\\\\"", "'a'"]),
        ("int32", &["-2147483648", "0x7fffffff", "017"]),
        ("int64", &["-9223372036854775808", "1"]),
        ("uint64", &["18446744073709551615"]),
        ("uint32", &["4294967295"]),
    ]);
    let literal = match values {
        Some(values) => random.one(values).clone(),
        None => (*random.one(literals.get(r#type)?)).to_owned(),
    };
    Some(format!("default = {literal}"))
}
