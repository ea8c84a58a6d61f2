//! Library, command and plugin write the same bytes, whoever linked the protos and in whatever order.

use crate::support::{Texts, binary, fixtures, read_generated, root, stderr, texts};
use rust_svc_build::{Folder, Input, Options};

/// Compares, and says which file differs instead of printing all of them.
fn assert_same(what: &str, expected: &Texts, actual: &Texts) {
    let paths = |texts: &Texts| texts.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(expected), paths(actual), "{what}: the files");
    for (path, text) in expected {
        let differing = text.lines().zip(actual[path].lines()).find(|(a, b)| a != b);
        assert_eq!(differing, None, "{what}: {path}");
        assert!(*text == actual[path], "{what}: {path} differs in length");
    }
}

#[test]
fn library_and_command() {
    for fixture in fixtures() {
        let library = texts(&fixture.generate(&Options::default()).files);
        let out = tempfile::tempdir().unwrap();
        let output = binary()
            .args(["compile", "--quiet", "-I"])
            .arg(&fixture.folder)
            .arg("--out")
            .arg(out.path())
            .arg(&fixture.folder)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}: {}",
            fixture.name,
            stderr(&output)
        );
        assert_same(&fixture.name, &library, &read_generated(out.path()));
    }
}

#[test]
fn library_and_plugin_of_protoc() {
    for fixture in fixtures() {
        let library = texts(&fixture.generate(&Options::default()).files);
        let plugin = fixture.request("protoc").generate();
        assert_same(&fixture.name, &library, &plugin);
    }
}

#[test]
fn library_and_plugin_of_buf() {
    for fixture in fixtures() {
        let library = texts(&fixture.generate(&Options::default()).files);
        let plugin = fixture.request("buf").generate();
        assert_same(&fixture.name, &library, &plugin);
    }
}

/// What buf's `strategy: directory` does: one run for the files of each folder.
#[test]
fn one_folder_at_a_time() {
    const OPTIONS: &str = "module_tree=false,imports=false";
    for fixture in fixtures() {
        // One run does not see that the two packages clash: an option has to say what all say.
        let parameter = match fixture.name.as_str() {
            "trap_03_case_of_packages" => format!("{OPTIONS},rename=.foo.Bar=upper_bar"),
            _ => OPTIONS.to_owned(),
        };
        let options = Options::parse(&parameter).unwrap();
        let whole = texts(&fixture.generate(&options).files);
        let request = fixture.request("buf").with(&parameter);
        let folder = |name: &String| {
            name.rsplit_once('/')
                .map_or("", |(folder, _)| folder)
                .to_owned()
        };
        let mut folders: Vec<_> = request.file_to_generate.iter().map(folder).collect();
        folders.sort();
        folders.dedup();
        let mut parts = Texts::new();
        for one in folders {
            let mut request = request.clone();
            request.file_to_generate.retain(|name| folder(name) == one);
            for (path, text) in request.generate() {
                let clash = parts.insert(path.clone(), text);
                assert!(clash.is_none(), "{}: {path} from two folders", fixture.name);
            }
        }
        assert_same(&fixture.name, &whole, &parts);
    }
}

#[test]
fn files_in_any_order_and_a_second_time() {
    for fixture in fixtures() {
        let expected = texts(&fixture.generate(&Options::default()).files);
        let request = fixture.request("protoc");
        let mut names = request.file_to_generate.clone();
        names.reverse();
        let middle = names.len() / 2;
        names.rotate_left(middle);
        let input = Input::from_protos(&names, &[&fixture.folder]).unwrap();
        let again = rust_svc_build::generate(&input, &Options::default()).unwrap();
        assert_same(&fixture.name, &expected, &texts(&again.files));
        let mut shuffled = request.clone();
        shuffled.file_to_generate = names;
        shuffled.proto_file.reverse();
        assert_same(&fixture.name, &expected, &shuffled.generate());
    }
}

/// A package's file does not depend on what else is listed.
#[test]
fn a_package_alone() {
    let fixture = crate::support::fixture("several_packages");
    let all = texts(&fixture.generate(&Options::default()).files);
    let options = Options::parse("imports=false").unwrap();
    let request = fixture.request("protoc");
    for name in &request.file_to_generate {
        let folder = name.rsplit_once('/').expect("packages have folders").0;
        let files: Vec<_> = request
            .file_to_generate
            .iter()
            .filter(|other| {
                other
                    .rsplit_once('/')
                    .is_some_and(|(other, _)| other == folder)
            })
            .collect();
        let input = Input::from_protos(&files, &[&fixture.folder]).unwrap();
        let alone = rust_svc_build::generate(&input, &options).unwrap();
        let path = format!("{}.rs", folder.replace('/', "."));
        assert_eq!(alone.files.get(&path), Some(all[&path].as_str()), "{path}");
    }
}

/// The checked-in output of the example is what its README's command writes.
#[test]
fn the_checked_in_example_is_current() {
    let example = root().join("examples/user-service-buf");
    let proto = example.join("proto");
    let input = Input::from_protos(&[&proto], &[&proto]).unwrap();
    let generated = rust_svc_build::generate(&input, &Options::default()).unwrap();
    let changes = Folder::new(example.join("src/gen"))
        .changes(&generated.files)
        .unwrap();
    assert_eq!((changes.changes, changes.warnings), (vec![], vec![]));
}
