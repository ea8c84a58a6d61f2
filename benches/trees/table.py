#!/usr/bin/env python3
"""Which generator makes code that compiles of which tree: the table of docs/comparison.md.

    RUST_SVC_CORPORA=DIR benches/trees/table.py [TREE…]

Each generator gets the whole tree in one run, and all files that it imports, for nothing else has their types. What
comes out is a crate of its own, which `cargo check` compiles; ours with warnings denied. Everyone but us and protox
starts from what protoc reads. What a generator or rustc says first goes to standard error.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HERE = ROOT / "benches/trees"
SCRATCH = ROOT / "target/trees"
PROTOC = ROOT / "target/tools/bin/protoc"
PLUGINS = {"protoc-gen-prost": "0.5.0", "protoc-gen-prost-crate": "0.5.0", "protoc-gen-tonic": "0.5.0"}
# These come with each runtime.
WELL_KNOWN = "any api descriptor duration empty field_mask source_context struct timestamp type wrappers"
WELL_KNOWN = {f"google/protobuf/{name}.proto" for name in WELL_KNOWN.split()}
TONIC = 'prost = "0.14"\nprost-types = "0.14"\ntonic-prost = "0.14"\n'
TONIC += 'tonic = { version = "0.14", default-features = false, features = ["codegen", "channel"] }\n'


def main():
    corpora = os.environ.get("RUST_SVC_CORPORA")
    if not corpora:
        sys.exit("RUST_SVC_CORPORA names no folder of proto trees: nothing to generate")
    corpora = pathlib.Path(corpora).resolve()
    install()
    trees = tomllib.loads((corpora / "corpora.toml").read_text())
    names = list(GENERATORS)
    print("| tree | files | messages | services |", " | ".join(names), "|")
    print("|---|--:|--:|--:|" + "---|" * len(names))
    for name, tree in trees.items():
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        tree = Tree(name, corpora, tree)
        outcomes = [outcome(tree, generator) for generator in names]
        print(f"| {name} | {len(tree.names)} | {tree.messages} | {tree.services} |", " | ".join(outcomes), "|", flush=True)


def install():
    """The generators, each of its pinned version."""
    subprocess.run([ROOT / "scripts/install-tools.sh"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cargo", "build", "--quiet", "-p", "protoc-gen-rust-svc"], cwd=ROOT, check=True)
    build = ["cargo", "build", "--quiet", "--locked", "--manifest-path", HERE / "peers/Cargo.toml"]
    subprocess.run([*build, "--target-dir", SCRATCH / "peers"], check=True)
    for name, version in PLUGINS.items():
        if not (SCRATCH / "bin" / name).exists():
            command = ["cargo", "install", "--quiet", "--debug", "--locked", "--root", SCRATCH]
            command += ["--target-dir", SCRATCH / "plugins", f"{name}@{version}"]
            subprocess.run(command, check=True)


class Tree:
    def __init__(self, name, corpora, tree):
        self.name = name
        self.root = corpora / tree["root"]
        self.includes = [self.root] + [corpora / path for path in tree.get("includes", [])]
        self.names = sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*.proto"))
        self.set = SCRATCH / f"{name}.fds"
        subprocess.run([PROTOC, *self.flags(), "--include_imports", "--include_source_info",
                        f"--descriptor_set_out={self.set}", *self.names], check=True, stderr=subprocess.DEVNULL)
        self.messages, self.services = peers("count", self.set, *self.names).split()
        every = peers("files", self.set).split()
        self.every = [file for file in every if file not in WELL_KNOWN]

    def flags(self):
        return [part for include in self.includes for part in ("-I", include)]


def peers(*args):
    run = subprocess.run([SCRATCH / "peers/debug/peers", *args], check=True, capture_output=True, text=True)
    return run.stdout


def ours(tree, out):
    return [ROOT / "target/debug/protoc-gen-rust-svc", "compile", "--quiet", *tree.flags(), "--out", out, tree.root]


def tonic_protox(tree, out):
    return [SCRATCH / "peers/debug/peers", "tonic-protox", out, *tree.includes, "--", *tree.names]


def tonic(tree, out):
    return [SCRATCH / "peers/debug/peers", "tonic", out, tree.set]


def plugins(tree, out):
    command = [PROTOC, *tree.flags()]
    for name in ("prost", "tonic", "prost-crate"):
        command += [f"--plugin=protoc-gen-{name}={SCRATCH}/bin/protoc-gen-{name}", f"--{name}_out={out}"]
    return [*command, "--prost-crate_opt=no_features", *tree.every]


def connect(tree, out):
    return [SCRATCH / "peers/debug/peers", "connect", out, tree.set, *tree.every]


# What each is run with, and what its code needs.
GENERATORS = {
    "ours": (ours, TONIC + f'rust-svc = {{ path = "{ROOT}/rust-svc" }}\n'),
    "tonic-prost-build, protox": (tonic_protox, TONIC),
    "tonic-prost-build, protoc": (tonic, TONIC),
    "protoc-gen-prost, -tonic": (plugins, TONIC),
    "connectrpc-build": (
        connect,
        'buffa = "=0.9.2"\nbuffa-types = "=0.9.2"\nbuffa-descriptor = { version = "=0.9.2", features = ["views"] }\n'
        'connectrpc = { version = "=0.9.1", default-features = false, features = ["client"] }\nfutures = "0.3"\nhttp-body = "1"\n'
        'serde = { version = "1", features = ["derive"] }\nserde_json = "1"\n',
    ),
}


def outcome(tree, generator):
    command, dependencies = GENERATORS[generator]
    crate = SCRATCH / "crates" / re.sub(r"\W+", "-", generator) / tree.name
    shutil.rmtree(crate, ignore_errors=True)
    (crate / "src").mkdir(parents=True)
    quiet = dict(os.environ, RUST_BACKTRACE="0")
    run = subprocess.run(command(tree, crate / "src"), env=quiet, capture_output=True, text=True)
    if run.returncode != 0:
        report(tree, generator, run.stderr)
        return "panics" if "panicked at" in run.stderr else "refuses it"
    (crate / "src/mod.rs").rename(crate / "src/lib.rs")
    package = f'[package]\nname = "{tree.name}"\nversion = "0.0.0"\nedition = "2024"\n\n[workspace]\n'
    (crate / "Cargo.toml").write_text(f"{package}\n[dependencies]\n{dependencies}")
    shutil.copy(HERE / "peers/Cargo.lock", crate / "Cargo.lock")
    flags = "-D warnings" if generator == "ours" else ""
    environment = dict(os.environ, CARGO_TARGET_DIR=str(SCRATCH / "check"), RUSTFLAGS=flags, CARGO_INCREMENTAL="0")
    check = ["cargo", "check", "--quiet", "--message-format", "short"]
    run = subprocess.run(check, cwd=crate, env=environment, capture_output=True, text=True)
    if run.returncode == 0:
        return "compiles"
    report(tree, generator, run.stderr)
    if "could not compile" not in run.stderr:
        sys.exit(run.stderr)
    return "does not compile"


def report(tree, generator, said):
    lines = said.splitlines()
    first = next((at for at, line in enumerate(lines) if re.search("error|panicked", line, re.I)), 0)
    print(f"{tree.name}, {generator}: {' '.join(lines[first:first + 4])[:400]}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
