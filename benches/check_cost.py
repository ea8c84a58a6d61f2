#!/usr/bin/env python3
"""What messages cost `cargo check`, ours beside prost-build's; and what clients and servers add to them, ours
beside tonic-build's.

    RUST_SVC_CORPORA=DIR benches/check_cost.py [--runs N] [--check]

Generates the temporal tree four times, as four crates: messages alone, by prost-build and by us, and ours with
`stubs = tonic` and with `stubs = svc` and its method descriptors. Each is checked in turns, and what counts is the processor
time of rustc in the run that was disturbed least: what a busy machine does to a run only adds to it.
`--check` fails where ours add more than 0.4 of what tonic-build's add.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
BAR = 0.4
CRATES = {
    "by-prost": ["client=false,server=false,runtime=false,messages=prost"],
    "messages": ["client=false,server=false,runtime=false"],
    "tonic": ["stubs=tonic,runtime=false"],
    "svc": [],
}
MANIFEST = """[package]
name = "check-{name}"
version = "0.0.0"
edition = "2024"

[dependencies]
prost = "0.14"
prost-types = "0.14"
rust-svc = {{ path = "{runtime}" }}
tonic = {{ version = "0.14", default-features = false, features = ["codegen", "channel"] }}
tonic-prost = "0.14"
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=7, help="how often each is checked")
    parser.add_argument("--check", action="store_true", help="fail where the bar does not hold")
    args = parser.parse_args()
    corpora = os.environ.get("RUST_SVC_CORPORA")
    if not corpora:
        sys.exit("RUST_SVC_CORPORA names no folder of proto trees: nothing to measure")
    workspace = write_workspace(pathlib.Path(corpora).resolve())
    seconds = {name: [] for name in CRATES}
    for run in range(args.runs + 1):
        for name in CRATES:
            used = check(workspace, name)
            # The first run compiles dependencies.
            if run > 0:
                seconds[name].append(used)
    report({name: min(used) for name, used in seconds.items()}, args.check)


def write_workspace(corpora):
    tree = tomllib.loads((corpora / "corpora.toml").read_text())["temporal"]
    root = corpora / tree["root"]
    includes = [root] + [corpora / path for path in tree.get("includes", [])]
    flags = [part for include in includes for part in ("-I", str(include))]
    subprocess.run(["cargo", "build", "--quiet", "-p", "protoc-gen-rust-svc"], cwd=ROOT, check=True)
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    workspace = target / "check-cost"
    shutil.rmtree(workspace, ignore_errors=True)
    for name, options in CRATES.items():
        crate = workspace / name
        crate.mkdir(parents=True)
        manifest = MANIFEST.format(name=name, runtime=ROOT / "rust-svc")
        (crate / "Cargo.toml").write_text(manifest)
        generate = [target / "debug/protoc-gen-rust-svc", "compile", "--quiet", *flags]
        generate += [part for option in options for part in ("--opt", option)]
        subprocess.run([*generate, "--out", crate / "src", root], check=True)
        # The module tree is the root of the crate.
        (crate / "src/mod.rs").rename(crate / "src/lib.rs")
    members = ", ".join(f'"{name}"' for name in CRATES)
    (workspace / "Cargo.toml").write_text(f"[workspace]\nresolver = \"3\"\nmembers = [{members}]\n")
    shutil.copy(ROOT / "Cargo.lock", workspace / "Cargo.lock")
    return workspace


def check(workspace, name):
    """Processor seconds of checking one crate."""
    (workspace / name / "src/lib.rs").touch()
    command = ["cargo", "check", "--quiet", "-p", f"check-{name}"]
    environment = dict(os.environ, CARGO_TARGET_DIR=str(workspace / "target"), CARGO_INCREMENTAL="0")
    process = subprocess.Popen(command, cwd=workspace, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{name} does not compile")
    return usage.ru_utime + usage.ru_stime


def report(seconds, is_checked):
    messages = seconds["messages"]
    added = {name: seconds[name] - messages for name in ("tonic", "svc")}
    ratio = added["svc"] / added["tonic"]
    print("| crate | processor s | over the messages |")
    print("|---|--:|--:|")
    for name, used in seconds.items():
        print(f"| {name} | {used:.2f} | {used - messages:.2f} |")
    print(f"\nOur messages take {messages / seconds['by-prost']:.2f} of what prost-build's take.")
    print(f"Our clients and servers add {ratio:.2f} of what tonic-build's add; the bar is {BAR}.")
    if is_checked and ratio > BAR:
        sys.exit(1)


if __name__ == "__main__":
    main()
