#!/usr/bin/env python3
"""Times `protoc-gen-rust-svc compile` beside tonic-prost-build with protox, as whole processes.

    RUST_SVC_CORPORA=DIR benches/compare.py [--release] [--runs N]

Both generate from the same files, in turns, in one run: what is printed is the ratio of medians, and
the figures it comes from. The default profile is `dev`, which is how build scripts run. protox
refuses Envoy's tree as one set, so there the peer is given the descriptor set that protoc makes, and
does not have to read protos at all.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--release", action="store_true", help="measure optimised programs")
    parser.add_argument("--runs", type=int, default=5, help="how often each is run")
    args = parser.parse_args()
    corpora = os.environ.get("RUST_SVC_CORPORA")
    if not corpora:
        sys.exit("RUST_SVC_CORPORA names no folder of proto trees: nothing to measure")
    corpora = pathlib.Path(corpora).resolve()
    trees = tomllib.loads((corpora / "corpora.toml").read_text())
    profile = "release" if args.release else "debug"
    build = ["cargo", "build", "--quiet", "-p", "peer", "-p", "protoc-gen-rust-svc"]
    subprocess.run(build + ["--release"] * args.release, cwd=ROOT, check=True)
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / profile
    print(f"profile {profile}, {args.runs} runs each, median wall-clock seconds and peak MB\n")
    print("| tree | files | ours | peer | time ratio | ours MB | peer MB | memory ratio |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for name in ("googleapis", "envoy"):
        with tempfile.TemporaryDirectory() as scratch:
            compare(name, trees[name], corpora, target, pathlib.Path(scratch), args.runs)
    print("\nenvoy: the peer starts from protoc's descriptor set; we from the protos, then from the set.")


def compare(name, tree, corpora, target, scratch, runs):
    root = corpora / tree["root"]
    includes = [root] + [corpora / path for path in tree.get("includes", [])]
    flags = [part for include in includes for part in ("-I", str(include))]
    files = sorted(str(path) for path in root.rglob("*.proto"))
    ours = [target / "protoc-gen-rust-svc", "compile", "--quiet", *flags, "--out", scratch / "a", root]
    if name == "envoy":
        fds = scratch / "envoy.fds"
        protoc = ROOT / "target/tools/bin/protoc"
        if not protoc.exists():
            print(f"SKIPPED {name}: no protoc, run scripts/install-tools.sh")
            return
        options = ["--include_imports", "--include_source_info", f"--descriptor_set_out={fds}"]
        subprocess.run([protoc, *flags, *options, *files], check=True)
        peer = [target / "peer", scratch / "b", "--fds", fds]
    else:
        peer = [target / "peer", scratch / "b", *flags, *files]
    row(name, len(files), ours, peer, runs)
    if name == "envoy":
        ours[2:] = ["--quiet", "--descriptor-set", fds, "--out", scratch / "a"]
        ours += [pathlib.PurePath(path).relative_to(root) for path in files]
        row("envoy, both from the descriptor set", len(files), ours, peer, runs)


def row(name, count, ours, peer, runs):
    samples = {"ours": [], "peer": []}
    for _ in range(runs):
        for side, command in (("ours", ours), ("peer", peer)):
            samples[side].append(measure(command))
    seconds = {side: statistics.median(s for s, _ in values) for side, values in samples.items()}
    memory = {side: statistics.median(m for _, m in values) for side, values in samples.items()}
    print(
        f"| {name} | {count} | {seconds['ours']:.2f} | {seconds['peer']:.2f} "
        f"| {seconds['ours'] / seconds['peer']:.2f} | {memory['ours']:.0f} | {memory['peer']:.0f} "
        f"| {memory['ours'] / memory['peer']:.2f} |"
    )


def measure(command):
    """Seconds and peak megabytes of one process; its files are written anew each time."""
    for argument in command[1:]:
        if isinstance(argument, pathlib.Path) and argument.name in ("a", "b"):
            subprocess.run(["rm", "-rf", argument], check=True)
    start = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[0]} failed")
    return seconds, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
