//! Messages that we write mean what they mean to upb, the reference that Python, Ruby and PHP are built on: arbitrary
//! bytes are read by both or by neither, and each reads what the other writes as what it holds itself.
//!
//! docs/messages.md lists the differences, with their reasons. `DIFFERENCES` has their errors. Entries of maps have no
//! unknown fields here, since upb takes such an entry for unknown as a whole.

use std::fmt::Debug;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use prost::{Message, Name};

use crate::arbitrary::{Random, Schema, count};
use runtime_tests::messages::svc::{self, every};

/// The errors of ours for what upb reads: a `String` in Rust is always UTF-8, and proto2 asks for none.
const DIFFERENCES: [&str; 1] = ["invalid string value"];

/// The Python that has upb, where `scripts/install-tools.sh` installs it.
fn python() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let python = root.join("target/tools/python/bin/python");
    python.is_file().then_some(python)
}

/// The messages as upb reads them and writes them again. None is one that it cannot read.
fn by_upb(python: &Path, name: &str, messages: &[Vec<u8>]) -> Vec<Option<Vec<u8>>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("upb.py");
    let mut child = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut text = format!("{}\n", hex(svc::FILE_DESCRIPTOR_SET));
    for message in messages {
        text += &format!("{name} {}\n", hex(message));
    }
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success(), "upb.py says why above");
    let lines = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<_> = lines
        .lines()
        .map(|line| (line != "!").then(|| of_hex(line)))
        .collect();
    assert_eq!(lines.len(), messages.len());
    lines
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn of_hex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks(2);
    let digits = digits.map(|pair| std::str::from_utf8(pair).unwrap());
    digits
        .map(|pair| u8::from_str_radix(pair, 16).unwrap())
        .collect()
}

fn compare<M: Message + Name + Default + Debug>(python: &Path) {
    let name = M::full_name();
    let schema = Schema::new(svc::FILE_DESCRIPTOR_SET);
    let mut random = Random(13);
    let bytes: Vec<_> = (0..count())
        .map(|_| schema.arbitrary(&mut random, &format!(".{name}"), 2))
        .collect();
    check::<M>(python, &name, &bytes);
}

/// Compares what both make of some bytes.
fn check<M: Message + Default + Debug>(python: &Path, name: &str, bytes: &[Vec<u8>]) {
    let ours: Vec<_> = bytes
        .iter()
        .map(|bytes| M::decode(bytes.as_slice()))
        .collect();
    let written: Vec<_> = ours
        .iter()
        .map(|ours| {
            ours.as_ref()
                .map(Message::encode_to_vec)
                .unwrap_or_default()
        })
        .collect();
    let theirs = by_upb(python, name, bytes);
    let theirs_of_ours = by_upb(python, name, &written);
    let mut whole = 0;
    for (index, bytes) in bytes.iter().enumerate() {
        let of = format!("{name}: {}", hex(bytes));
        match (&ours[index], &theirs[index]) {
            (Ok(ours), Some(theirs)) => {
                whole += 1;
                let read = M::decode(theirs.as_slice()).unwrap();
                assert_eq!(format!("{read:?}"), format!("{ours:?}"), "{of}");
                let of_ours = theirs_of_ours[index].as_ref().map(|bytes| hex(bytes));
                assert_eq!(of_ours, Some(hex(theirs)), "{of}");
            }
            (Err(error), Some(_)) => {
                let error = error.to_string();
                let is_known = DIFFERENCES.iter().any(|known| error.contains(known));
                assert!(is_known, "{of}: upb reads it, and ours says: {error}");
            }
            (Ok(ours), None) => panic!("{of}: upb does not read it, and ours says: {ours:?}"),
            (Err(_), None) => {}
        }
    }
    assert!(whole * 10 > bytes.len(), "{name}: {whole} are no test");
}

macro_rules! compared {
    ($($test:ident: $type:ty;)*) => {$(
        #[test]
        fn $test() {
            let Some(python) = python() else {
                eprintln!(
                    "SKIPPED by_upb::{}: scripts/install-tools.sh installs upb into target/tools",
                    stringify!($test)
                );
                return;
            };
            compare::<$type>(&python);
        }
    )*};
}

compared! {
    proto2: every::v2::Every;
    proto3: every::v3::Every;
    editions: every::v2023::Every;
    closed_enums: svc::proto2::v1::Defaults;
    enums: svc::enums::v1::Painting;
    maps: svc::maps::v1::Maps;
    oneofs: svc::oneofs::v1::Shape;
    presence: svc::optional_fields::v1::Optional;
    required_cycles: svc::required::v1::Node;
    recursion: svc::recursion::v1::Expression;
}
