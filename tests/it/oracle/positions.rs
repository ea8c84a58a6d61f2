//! Where everything stands, and the comments that belong to it: paths and spans of `SourceCodeInfo`.
//!
//! protoc counts a tab up to the next multiple of 8, and we as the one character that it is to editors: columns
//! are made alike first.

use std::collections::{BTreeMap, BTreeSet};

use prost::Message as _;
use prost_types::source_code_info::Location;
use prost_types::{FileDescriptorProto, FileDescriptorSet};
use rust_svc_build::Input;

use crate::corpora::Tree;

/// Paths that differ, and why: in this file, what begins so.
const KNOWN: [(&str, &[i32], &str); 5] = [
    (
        "google/protobuf/unittest_custom_options.proto",
        &[4, 22, 7, 7_646_756, 5],
        "a map in an option: protoc numbers its entries",
    ),
    (FUZZ, &[4, 0, 2, 22, 8, 21, 1000], CPP),
    (FUZZ, &[4, 0, 2, 23, 8, 21, 1000], CPP),
    (FUZZ, &[4, 0, 2, 48, 8, 21, 1000], CPP),
    (FUZZ, &[4, 0, 2, 67, 8, 21, 1000], CPP),
];
const FUZZ: &str = "google/protobuf/unittest_fuzz_extensions.proto";
const CPP: &str = "`features.(pb.cpp)` is left out";

/// How many there are, and which differ.
pub(super) fn compare(tree: &Tree, ours: &Input, theirs: &Input) -> (usize, Vec<String>) {
    let theirs = files(theirs);
    let (mut count, mut differing) = (0, Vec::new());
    for (name, file) in files(ours) {
        let Some(text) = text(tree, &name) else {
            // One that is a part of us.
            continue;
        };
        let lines: Vec<&str> = text.lines().collect();
        let ours = places(&file, |location| count_tabs(location, &lines));
        let theirs = places(&theirs[&name], |_| {});
        count += ours.len();
        let is_new = |place: &&Place| {
            let mut known = KNOWN.iter().filter(|(file, ..)| *file == name);
            !known.any(|(_, path, _)| place.path.starts_with(path))
        };
        let only =
            |who: &str, place: &Place| format!("{}, {name}: only {who}: {place:?}", tree.name);
        differing.extend(
            theirs
                .difference(&ours)
                .filter(is_new)
                .map(|place| only("protoc", place)),
        );
        differing.extend(
            ours.difference(&theirs)
                .filter(is_new)
                .map(|place| only("we", place)),
        );
    }
    (count, differing)
}

/// A location in an order of its own.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    path: Vec<i32>,
    span: Vec<i32>,
    comments: (Option<String>, Option<String>, Vec<String>),
}

fn places(file: &FileDescriptorProto, normalize: impl Fn(&mut Location)) -> BTreeSet<Place> {
    let info = file.source_code_info.iter();
    let locations = info.flat_map(|info| info.location.iter().cloned());
    let places = locations.map(|mut location| {
        normalize(&mut location);
        Place {
            path: location.path,
            span: location.span,
            comments: (
                location.leading_comments,
                location.trailing_comments,
                location.leading_detached_comments,
            ),
        }
    });
    places.collect()
}

/// Columns as protoc has them.
fn count_tabs(location: &mut Location, lines: &[&str]) {
    let column = |line: i32, column: i32| {
        let before = &lines[line as usize].as_bytes()[..column as usize];
        before.iter().fold(0, |column, byte| match byte {
            b'\t' => column / 8 * 8 + 8,
            _ => column + 1,
        })
    };
    match location.span.as_mut_slice() {
        [line, start, end] => {
            (*start, *end) = (column(*line, *start), column(*line, *end));
        }
        [first, start, last, end] => {
            (*start, *end) = (column(*first, *start), column(*last, *end));
        }
        span => panic!("{span:?}"),
    }
}

fn files(input: &Input) -> BTreeMap<String, FileDescriptorProto> {
    let set = FileDescriptorSet::decode(input.descriptor_set().as_slice()).unwrap();
    let files = set.file.into_iter();
    files.map(|file| (file.name().to_owned(), file)).collect()
}

fn text(tree: &Tree, name: &str) -> Option<String> {
    let mut paths = tree.includes.iter().map(|include| include.join(name));
    paths.find_map(|path| std::fs::read_to_string(path).ok())
}
