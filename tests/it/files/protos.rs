//! Protos on disk: what `protos` writes, what is found below a folder.

use super::*;

fn protos(out: &Path) -> Output {
    binary()
        .arg("protos")
        .arg("--out")
        .arg(out)
        .output()
        .unwrap()
}

const USER: &str = "syntax = \"proto3\";\npackage user;\nimport \"google/rpc/status.proto\";\nimport \"rust_svc/v1/options.proto\";\nmessage User { google.rpc.Status status = 1; }\n";

/// Wherever the copies lie, and whether or not their folder is an include.
#[test]
fn written_protos_do_not_clash_with_carried_ones() {
    let w = folder(&[("proto/user.proto", USER)]);
    let proto = w.path().join("proto");
    let copies = proto.join("third_party");
    assert!(protos(&copies).status.success());
    let expected = [
        "google.rpc.rs",
        "mod-descriptor-set.rs",
        "mod.rs",
        "user.rs",
    ];
    let run = |includes: &[&Path], protos: &[&Path]| {
        let out = tempfile::tempdir().unwrap();
        let mut command = binary();
        command
            .arg("compile")
            .arg("--out")
            .arg(out.path())
            .args(protos);
        for include in includes {
            command.arg("-I").arg(include);
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        read_generated(out.path()).into_keys().collect::<Vec<_>>()
    };
    assert_eq!(run(&[&proto], &[&proto]), expected);
    assert_eq!(run(&[&proto, &copies], &[&proto]), expected);
    assert_eq!(run(&[&copies, &proto], &[&proto]), expected);
    assert_eq!(
        run(&[&proto, &copies], &[&proto, &copies.join("grpc")]).len(),
        5
    );
    // Files that are named are generated.
    let all = run(&[&copies], &[&copies]);
    assert!(all.contains(&"grpc.health.v1.rs".to_owned()), "{all:?}");
    let one = run(&[&copies], &[&copies.join("grpc/health/v1/health.proto")]);
    assert!(one.contains(&"grpc.health.v1.rs".to_owned()), "{one:?}");
}

#[test]
fn protos_of_others_are_not_overwritten() {
    let mine = "syntax = \"proto3\";\npackage google.rpc;\nmessage Status {}\n";
    let w = folder(&[("google/rpc/status.proto", mine)]);
    let output = protos(w.path());
    let said = stderr(&output);
    assert!(output.status.success(), "{said}");
    assert!(
        said.contains("status.proto` is not the one that we carry, and stays"),
        "{said}"
    );
    // An older copy of ours is replaced, and named.
    let options = w.path().join("rust_svc/v1/options.proto");
    let text = std::fs::read_to_string(&options).unwrap();
    std::fs::write(&options, format!("{text}// older\n")).unwrap();
    let said = stderr(&protos(w.path()));
    assert!(
        said.contains("updated: rust_svc/v1/options.proto\n"),
        "{said}"
    );
    let files = read_folder(w.path());
    for (name, text) in rust_svc_build::embedded_protos() {
        let expected = if name.ends_with("status.proto") {
            mine
        } else {
            text
        };
        assert_eq!(files[*name], expected, "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_in_place_of_a_proto_is_refused() {
    let w = folder(&[("google/rpc/other.proto", "")]);
    let pipe = w.path().join("google/rpc/status.proto");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let said = stderr(&protos(w.path()));
    assert!(
        said.contains("status.proto`: a pipe is where a file has to be"),
        "{said}"
    );
    assert_eq!(
        std::fs::read_dir(w.path()).unwrap().count(),
        1,
        "nothing is written"
    );
}

/// Links to folders are followed, once; those that lead back are not.
#[cfg(unix)]
#[test]
fn a_folder_behind_a_link_is_read() {
    use std::os::unix::fs::symlink;
    let text = |name: &str| format!("syntax = \"proto3\";\npackage {name};\nmessage M {{}}\n");
    let w = folder(&[
        ("elsewhere/deep/linked.proto", &text("linked")),
        ("other/other.proto", &text("other")),
        (
            "proto/z/own.proto",
            "syntax = \"proto3\";\npackage own;\nimport \"link/deep/linked.proto\";\nmessage M { linked.M m = 1; }\n",
        ),
    ]);
    let at = |name: &str| w.path().join(name);
    let link = |target: &str, name: &str| symlink(at(target), at(name)).unwrap();
    link("elsewhere", "proto/link");
    link("proto", "proto/z/up");
    link("", "proto/z/above");
    link("proto/z/self", "proto/z/self");
    link("proto/z", "proto/a_second_way");
    link("proto", "elsewhere/deep/back");
    link("elsewhere", "elsewhere/deep/again");
    link("nowhere", "proto/.#own.proto");
    let input = Input::from_protos(&[at("proto")], &[at("proto")]).unwrap();
    let generated = rust_svc_build::generate(&input, &Options::default()).unwrap();
    let names: Vec<_> = generated.files.iter().map(|(path, _)| path).collect();
    assert_eq!(
        names,
        ["linked.rs", "mod-descriptor-set.rs", "mod.rs", "own.rs"]
    );
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_read_is_named() {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;
    let w = packages(&["a", "b"]);
    let secret = w.path().join("a");
    let set = |mode| std::fs::set_permissions(&secret, Permissions::from_mode(mode)).unwrap();
    set(0o000);
    // The superuser may read everything.
    if std::fs::read_dir(&secret).is_err() {
        let error = Input::from_protos(&[w.path()], &[w.path()])
            .unwrap_err()
            .to_string();
        assert!(
            error.contains(&format!("`{}`", secret.display())),
            "{error}"
        );
    }
    set(0o755);
}
