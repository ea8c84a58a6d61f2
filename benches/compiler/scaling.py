#!/usr/bin/env python3
"""Measures how long our compiler, protox and protoc take for trees of 10 to 10,000 files.

    benches/compiler/scaling.py [--files N,N…] [--runs N] [--tools DIR] [--write] [--corpora DIR]

The trees are made up, and the same in every run. Each program compiles the whole tree in one process, to
a descriptor set with imports and source positions; they run in turns. What counts is processor time, the
least of three runs (one from 10,000 files on), and peak memory. `--write` draws docs/compiler-scaling.svg.
`--corpora` also counts the instructions that Temporal's tree in that folder takes.

protoc is the one of scripts/install-tools.sh, which Python starts: what that takes alone is printed too.
"""

import argparse
import filecmp
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "benches"))

from callgrind import instructions  # noqa: E402 (the folder is known only now)

NAMES = ("ours", "protox", "protoc")
PATIENCE = 300
GROUP = 100


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", default="10,100,1000,10000", help="how many files each tree has")
    parser.add_argument("--runs", type=int, help="how often each is run (3, and 1 from 10,000 files on)")
    parser.add_argument("--tools", default=ROOT / "target/tools", help="where bin/protoc is")
    parser.add_argument("--write", action="store_true", help="draw docs/compiler-scaling.svg")
    parser.add_argument("--corpora", help="a folder of proto trees: count the instructions of Temporal's")
    args = parser.parse_args()
    sizes = [int(size) for size in args.files.split(",")]
    programs = built(pathlib.Path(args.tools).resolve())
    seconds = table(programs, sizes, args.runs)
    if args.write:
        chart = drawn(sizes, seconds)
        (ROOT / "docs/compiler-scaling.svg").write_text(chart)
    if args.corpora:
        count(programs, pathlib.Path(args.corpora).resolve())


def built(tools):
    """What starts each program; flags and names follow."""
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"
    build = ["cargo", "build", "--quiet", "--release"]
    ours = ["-p", "rust-svc-compiler", "--example", "descriptors"]
    subprocess.run([*build, *ours], cwd=ROOT, check=True)
    programs = {"ours": [target / "examples/descriptors"]}
    if subprocess.run([*build, "-p", "compiler-bench"], cwd=ROOT).returncode == 0:
        programs["protox"] = [target / "compiler-bench"]
    else:
        print("SKIPPED protox: it was not built")
    protoc = tools / "bin/protoc"
    if protoc.exists():
        programs["protoc"] = [protoc, "--include_source_info", "--include_imports"]
    else:
        print("SKIPPED protoc: there is none, run scripts/install-tools.sh")
    return programs


def table(programs, sizes, runs):
    """Prints a row for each tree. Returns the seconds by program and size."""
    programs = dict(programs)
    print("processor seconds and peak MB of whole processes; <N MB: no more than this script, which starts them")
    if "protoc" in programs:
        python, memory = min(measure([programs["protoc"][0], "--version"]) for _ in range(3))
        print(f"protoc: to start and do nothing it takes {python:.2f} s and {memory:.0f} MB, for Python starts it")
    titles = [f"{name} {unit}" for unit in ("s", "MB") for name in NAMES]
    print("\n| files | KB of protos |", " | ".join(titles), "| protox / ours | protoc / ours |")
    print("|--:|--:|" + "--:|" * len(titles) + "--:|--:|")
    seconds = {name: {} for name in NAMES}
    notes = []
    for size in sizes:
        memory = {}
        floor = measure(["true"])[1] * 1.02
        with tempfile.TemporaryDirectory() as scratch:
            scratch = pathlib.Path(scratch)
            names, length = write_tree(scratch / "tree", size)
            samples = {name: [] for name in programs}
            for _ in range(runs or (1 if size >= 10_000 else 3)):
                for name, program in list(programs.items()):
                    sample = measure([*program, "-I", scratch / "tree", "-o", scratch / name, *names])
                    if sample:
                        samples[name].append(sample)
                    else:
                        notes.append(f"SKIPPED {name} from {size:,} files on: more than {PATIENCE // 60} minutes")
                        del programs[name]
            for name in programs:
                seconds[name][size] = min(time for time, _ in samples[name])
                memory[name] = min(peak for _, peak in samples[name])
            if "ours" in memory and "protoc" in memory:
                is_same = filecmp.cmp(scratch / "ours", scratch / "protoc", shallow=False)
                notes.append(f"{size:,} files: ours wrote {'' if is_same else 'NOT '}the bytes that protoc did")
        times = {name: seconds[name].get(size) for name in NAMES}
        cells = [cell(times[name], 3) for name in NAMES]
        cells += ["<" * (memory.get(name, math.inf) < floor) + cell(memory.get(name), 0) for name in NAMES]
        cells += [cell(times[name] and times["ours"] and times[name] / times["ours"], 1) for name in NAMES[1:]]
        print(f"| {size:,} | {length / 1000:,.0f} |", " | ".join(cells), "|", flush=True)
    print()
    for note in notes:
        print(note)
    return seconds


def cell(value, digits):
    return "-" if value is None else f"{value:,.{digits}f}"


def measure(command):
    """Processor seconds and peak megabytes of one process; None if it takes too long."""
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL)
    timer = threading.Timer(PATIENCE, process.kill)
    timer.start()
    _, status, usage = os.wait4(process.pid, 0)
    is_late = not timer.is_alive()
    timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    if is_late:
        return None
    if process.returncode != 0:
        sys.exit(f"{command[0]} failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def write_tree(root, size):
    """Writes a tree. Returns the names of its files and how many bytes they have."""
    names, length = [], 0
    for number in range(size):
        text = file_text(number)
        names.append(file_name(number))
        path = root / names[-1]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        length += len(text)
    return names, length


def file_name(number):
    return f"group{number // GROUP:03}/file{number:05}.proto"


def package(number):
    return f"scaling.group{number // GROUP:03}"


def file_text(number):
    """A file that imports up to three before it: its neighbour, one near it, and one far away."""
    imports = sorted({earlier for earlier in (number - 1, number - 13, number // 2) if 0 <= earlier < number})
    others = [f"{package(earlier)}.Item{earlier:05}" for earlier in imports]
    lines = ["// Made up, to see how compilers scale.", "", 'syntax = "proto3";', "", f"package {package(number)};", ""]
    lines += [f'import "{file_name(earlier)}";' for earlier in imports]
    lines += ["", f"// The states of item {number}.", f"enum State{number:05} {{"]
    for value, state in enumerate(("UNSPECIFIED", "WAITING", "RUNNING", "DONE")):
        lines.append(f"  STATE{number:05}_{state} = {value}; // When it is {state.lower()}.")
    lines += ["}", ""]
    for kind in ("Item", "Request", "Response"):
        lines += [f"// {kind} {number}: one of three messages.", "//", "// It has fields of all kinds."]
        lines += [f"message {kind}{number:05} {{", *fields(number, kind, others), "}", ""]
    lines += [f"// Gets and lists items {number}.", f"service Items{number:05} {{"]
    for method, stream in (("Get", ""), ("List", "stream ")):
        lines.append(f"  // {method}s what is asked for.")
        lines.append(f"  rpc {method}(Request{number:05}) returns ({stream}Response{number:05});")
    return "\n".join([*lines, "}", ""])


def fields(number, kind, others):
    types = ["string name", "int64 created_at", "repeated bytes chunks", "optional double weight"]
    types += [f"State{number:05} state", "map<string, string> labels"]
    types += [f"repeated Item{number:05} items"] * (kind != "Item")
    types += [f"{other} other_{at}" for at, other in enumerate(others)]
    for tag, field in enumerate(types, 1):
        yield f"  // What {field.split()[-1]} says about the {kind.lower()}."
        yield f"  {field} = {tag};"


def drawn(sizes, seconds):
    """The seconds as a drawing with logarithmic axes."""
    left, right, top, bottom = 62, 560, 46, 330
    x_from, x_to = math.floor(math.log10(min(sizes))), math.ceil(math.log10(max(sizes)))
    all_seconds = [time for by_size in seconds.values() for time in by_size.values()]
    y_from, y_to = math.floor(math.log10(min(all_seconds))), math.ceil(math.log10(max(all_seconds)))

    def x(value):
        return left + (math.log10(value) - x_from) / (x_to - x_from) * (right - left)

    def y(value):
        return bottom - (math.log10(value) - y_from) / (y_to - y_from) * (bottom - top)

    said = "Processor seconds by number of proto files, both logarithmic"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 680 380" role="img" aria-label="{said}">',
        "<style>",
        "text{font:13px sans-serif}.end{text-anchor:end}.mid{text-anchor:middle}.b{font-weight:bold}",
        "polyline{fill:none;stroke-width:2.5}",
        "polyline.protox{stroke-dasharray:2 3}polyline.protoc{stroke-dasharray:7 4}",
        colours("#fff", "#24292f", "#d0d7de", "#b7410e", "#0969da", "#57606a"),
        "@media(prefers-color-scheme:dark){",
        colours("#0d1117", "#e6edf3", "#30363d", "#ff9a5c", "#58a6ff", "#9ea7b3"),
        "}",
        "</style>",
        '<rect width="680" height="380" rx="6"/>',
        f'<text x="{left}" y="26" class="b">Processor seconds to compile a tree of protos</text>',
        f'<text x="668" y="{bottom + 40}" class="end">protoc: with Python, which starts it</text>',
    ]
    for power in range(x_from, x_to + 1):
        at = x(10**power)
        parts.append(f'<line x1="{at:.0f}" y1="{top}" x2="{at:.0f}" y2="{bottom}"/>')
        parts.append(f'<text class="mid" x="{at:.0f}" y="{bottom + 20}">{10**power:,}</text>')
    for power in range(y_from, y_to + 1):
        at = y(10**power)
        label = f"{10**power:,}" if power >= 0 else f"{10**power:.{-power}f}"
        parts.append(f'<line x1="{left}" y1="{at:.0f}" x2="{right}" y2="{at:.0f}"/>')
        parts.append(f'<text class="end" x="{left - 8}" y="{at + 4:.0f}">{label}</text>')
    parts.append(f'<text class="mid" x="{(left + right) / 2:.0f}" y="{bottom + 40}">files</text>')
    for name, at in labels({name: y(list(times.values())[-1]) for name, times in seconds.items() if times}):
        points = [(x(size), y(time)) for size, time in seconds[name].items()]
        line = " ".join(f"{across:.1f},{down:.1f}" for across, down in points)
        parts.append(f'<polyline class="{name}" points="{line}"/>')
        parts += [f'<circle class="{name}" cx="{a:.1f}" cy="{d:.1f}" r="3.5"/>' for a, d in points]
        last = seconds[name][max(seconds[name])]
        label = f"{name} {last:.1f} s" if last >= 1 else f"{name} {last:.2g} s"
        parts.append(f'<text class="{name} b" x="{points[-1][0] + 9:.0f}" y="{at + 4:.0f}">{label}</text>')
    return "\n".join([*parts, "</svg>", ""])


def colours(page, text, grid, *lines):
    rules = [f"rect{{fill:{page}}}text{{fill:{text}}}line{{stroke:{grid}}}"]
    for name, colour in zip(NAMES, lines):
        rules.append(f"text.{name},circle.{name}{{fill:{colour}}}polyline.{name}{{stroke:{colour}}}")
    return "".join(rules)


def labels(heights):
    """Where each label stands, from the top: at its line, and not over another."""
    at = -math.inf
    for name, height in sorted(heights.items(), key=lambda item: item[1]):
        at = max(height, at + 16)
        yield name, at


def count(programs, corpora):
    """The instructions for Temporal's tree."""
    tree = tomllib.loads((corpora / "corpora.toml").read_text())["temporal"]
    root = corpora / tree["root"]
    includes = [root, *(corpora / path for path in tree.get("includes", []))]
    flags = [part for include in includes for part in ("-I", include)]
    names = sorted(path.relative_to(root) for path in root.rglob("*.proto"))
    if "protox" not in programs:
        print("SKIPPED the instructions: there is no protox to count beside")
        return
    counts = []
    with tempfile.NamedTemporaryFile() as out:
        for name in ("ours", "protox"):
            counts.append(instructions(*programs[name], *flags, "-o", out.name, *names))
    ours, protox = counts
    print("\n| tree | files | ours, M instructions | protox, M instructions | ours / protox |\n|---|--:|--:|--:|--:|")
    print(f"| temporal | {len(names)} | {ours / 1e6:,.0f} | {protox / 1e6:,.0f} | {ours / protox:.3f} |")


if __name__ == "__main__":
    main()
