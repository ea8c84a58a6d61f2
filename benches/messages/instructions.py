#!/usr/bin/env python3
"""Counts the instructions of writing and reading a message, ours and prost-build's.

    benches/messages/instructions.py [--check]

Each is done in callgrind, once few times and once many: the difference of the counts, divided by the
difference of the times, is what one costs. `--check` fails where ours takes more than 1.05 times prost-build's.
"""

import argparse
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "benches"))

from callgrind import instructions  # noqa: E402 (the folder is known only now)

FEW, MANY = 100, 1100
BAR = 1.05


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="fail where the bar does not hold")
    args = parser.parse_args()
    subprocess.run(["cargo", "build", "--quiet", "--release", "-p", "message-bench"], cwd=ROOT, check=True)
    missed = False
    print("| | prost-build | ours | ratio |\n|---|--:|--:|--:|")
    for what in ("write", "read"):
        theirs, ours = (cost(maker, what) for maker in ("prost", "svc"))
        missed |= ours / theirs > BAR
        print(f"| {what} | {theirs:.0f} | {ours:.0f} | {ours / theirs:.2f} |")
    print(f"MISSED: the bar is {BAR}" if missed else "Every bar holds.")
    if args.check and missed:
        sys.exit(1)


def cost(maker, what):
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    command = [target / "release" / "message-bench", maker, what]
    few, many = (instructions(*command, str(times)) for times in (FEW, MANY))
    return (many - few) / (MANY - FEW)


if __name__ == "__main__":
    main()
