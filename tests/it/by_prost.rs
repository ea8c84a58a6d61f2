//! prost-build is the oracle for messages: ours have the same structs and enums, in the same modules, with
//! the same fields, types, boxes, derives, docs and attributes.
//!
//! What the code of both does is compared by `tests/runtime/tests/it/by_prost.rs`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use quote::ToTokens as _;
use rust_svc_build::{Generated, Input, Options};
use syn::{Attribute, Fields, Item, Meta, TraitItem};

use crate::corpora::trees;
use crate::support::{fixtures, skip};

/// Items by path, each as text.
pub(crate) type Items = BTreeMap<String, String>;

#[test]
fn fixtures_have_the_items_of_prost_build() {
    for fixture in fixtures() {
        if fixture.name == "trap_13_derives" {
            eprintln!("SKIPPED {}: prost-build takes minutes for it", fixture.name);
            continue;
        }
        compare(&fixture.name, &fixture.input().unwrap());
    }
}

#[test]
fn corpora_have_the_items_of_prost_build() {
    const NAME: &str = "corpora_have_the_items_of_prost_build";
    let Some(folder) = std::env::var_os("RUST_SVC_CORPORA").map(PathBuf::from) else {
        return skip(NAME, "RUST_SVC_CORPORA names no folder of proto trees");
    };
    for tree in trees(&folder) {
        let input = Input::from_protos(&[&tree.root], &tree.includes).unwrap();
        let count = compare(&tree.name, &input);
        eprintln!("{}: {count} items as prost-build has them", tree.name);
    }
}

/// Compares all items, and says how many there are.
fn compare(name: &str, input: &Input) -> usize {
    let with = |parameter: &str| {
        let parameter = format!(
            "{parameter},descriptor_set=none,client=false,server=false,stubs=tonic,errors=false"
        );
        let options = Options::parse(&parameter).unwrap();
        items(&rust_svc_build::generate(input, &options).unwrap())
    };
    let (ours, theirs) = (with("messages=svc"), with("messages=prost"));
    assert!(
        ours.keys().eq(theirs.keys()),
        "{name}: other items: {:?}",
        ours.keys()
            .filter(|key| !theirs.contains_key(*key))
            .collect::<Vec<_>>()
    );
    for (path, item) in &ours {
        assert_eq!(item, &theirs[path], "{name}: {path}");
    }
    ours.len()
}

pub(crate) fn items(generated: &Generated) -> Items {
    let mut items = Items::new();
    // The module tree and the descriptors have none.
    let packages = generated.files.iter();
    for (path, text) in
        packages.filter(|(path, _)| !["mod.rs", "mod-descriptor-set.rs"].contains(path))
    {
        let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        collect(path, &file.items, &mut items);
    }
    items
}

fn collect(path: &str, from: &[Item], items: &mut Items) {
    for item in from {
        let (name, text) = match item {
            Item::Struct(item) => (&item.ident, attributes(&item.attrs) + &fields(&item.fields)),
            Item::Enum(item) => {
                let variants = item.variants.iter().map(|variant| {
                    let number = variant.discriminant.as_ref();
                    let number = number.map(|(_, number)| number.to_token_stream().to_string());
                    let number = number.unwrap_or_default().replace(' ', "");
                    let fields = fields(&variant.fields);
                    format!(
                        "{}{} {number} {fields}",
                        attributes(&variant.attrs),
                        variant.ident
                    )
                });
                (
                    &item.ident,
                    attributes(&item.attrs) + &variants.collect::<Vec<_>>().join("\n"),
                )
            }
            Item::Trait(item) => {
                let functions = item.items.iter().filter_map(|item| match item {
                    TraitItem::Fn(function) => Some(function.sig.to_token_stream().to_string()),
                    _ => None,
                });
                (&item.ident, functions.collect::<Vec<_>>().join("\n"))
            }
            Item::Mod(module) => {
                if let Some((_, inner)) = &module.content {
                    collect(&format!("{path}::{}", module.ident), inner, items);
                }
                continue;
            }
            _ => continue,
        };
        items.insert(format!("{path}::{name}"), text);
    }
}

fn fields(fields: &Fields) -> String {
    let fields = fields.iter().map(|field| {
        let name = field
            .ident
            .as_ref()
            .map_or(String::new(), ToString::to_string);
        let r#type = field.ty.to_token_stream();
        format!("\n{}{name}: {type}", attributes(&field.attrs))
    });
    fields.collect()
}

/// What stands above an item, but for what makes the code: of derives only those of data.
fn attributes(attributes: &[Attribute]) -> String {
    const MARKERS: [&str; 5] = ["Clone", "Copy", "PartialEq", "Eq", "Hash"];
    let mut text = String::new();
    for attribute in attributes {
        let path = attribute.path();
        if path.is_ident("derive") {
            let mut derived = Vec::new();
            let read = attribute.parse_nested_meta(|meta| {
                let last = meta.path.segments.last().map(|last| last.ident.to_string());
                derived.extend(last.filter(|name| MARKERS.contains(&name.as_str())));
                Ok(())
            });
            read.expect("a list of paths");
            derived.sort();
            text += &format!("{derived:?}\n");
        } else if !["prost", "default", "repr"]
            .iter()
            .any(|name| path.is_ident(name))
        {
            let meta: &Meta = &attribute.meta;
            text += &format!("{}\n", meta.to_token_stream());
        }
    }
    text
}
