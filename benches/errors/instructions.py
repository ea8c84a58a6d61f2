#!/usr/bin/env python3
"""Counts the instructions of making and reading an error, typed and by hand with tonic-types.

    benches/errors/instructions.py [--runs N] [--check]

Each is done in callgrind, once few times and once many: the difference of the counts, divided by the
difference of the times, is what one costs. The median of several runs counts, for the seeds of hash
maps move it. `--check` fails where typed errors take more than 1.2 times what it takes by hand.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "benches"))

from callgrind import instructions  # noqa: E402 (the folder is known only now)

FEW, MANY = 100, 1100
BAR = 1.2


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3, help="of which the median counts")
    parser.add_argument("--check", action="store_true", help="fail where the bar does not hold")
    args = parser.parse_args()
    build = ["cargo", "build", "--quiet", "--release", "-p", "error-bench"]
    subprocess.run(build, cwd=ROOT, check=True)
    missed = False
    print("| | by hand | typed | ratio |\n|---|--:|--:|--:|")
    for what in ("make", "read"):
        for error in ("not_found", "invalid"):
            by_hand, typed = (cost(way, what, error, args.runs) for way in ("by_hand", "typed"))
            ratio = typed / by_hand
            missed |= ratio > BAR
            print(f"| {what} {error} | {by_hand:.0f} | {typed:.0f} | {ratio:.2f} |")
    print("MISSED: the bar is 1.2" if missed else "Every bar holds.")
    if args.check and missed:
        sys.exit(1)


def cost(way, what, error, runs):
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    command = [target / "release" / "error-bench", way, what, error]
    counts = []
    for _ in range(runs):
        few, many = (instructions(*command, str(times)) for times in (FEW, MANY))
        counts.append((many - few) / (MANY - FEW))
    return statistics.median(counts)


if __name__ == "__main__":
    main()
