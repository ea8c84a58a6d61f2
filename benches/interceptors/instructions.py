#!/usr/bin/env python3
"""Counts what interceptors cost: instructions and allocations per call, or per message of a stream.

    benches/interceptors/instructions.py [--setups A,B] [--workloads A,B] [--runs N] [--check]

Each setup makes calls in callgrind, once few of them and once many: the difference of the counts,
divided by the difference of the calls, is what one call costs on both sides, tonic and HTTP/2
included. Hash seeds and the clock move that a little, so what counts is the median of several runs,
and the table says how far they were apart. `--check` fails where a bar does not hold.
"""

import argparse
import collections
import concurrent.futures
import os
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "benches"))

from callgrind import instructions  # noqa: E402 (the folder is known only now)

PLAIN = "plain"
SETUPS = [
    PLAIN,
    "ours_0",
    "ours_1",
    "ours_5",
    "ours_dyn_5",
    "ours_client_0",
    "ours_client_1",
    "ours_client_5",
    "deadline_0",
    "deadline_1",
    "tonic_interceptor",
    "tower_boxed",
    "tonic_async_interceptor",
]
# Without HTTP/2: as clients and servers are in tests. What they are compared with is the first.
DIRECT = "direct"
IN_PROCESS = [DIRECT, "direct_ours", "direct_deadline", "in_process_0", "in_process_1"]
MESSAGES = 1000
# How many calls are made, few and many, and how many messages each has.
Workload = collections.namedtuple("Workload", "few many messages")
WORKLOADS = {
    "unary": Workload(200, 1200, 1),
    "stream": Workload(2, 12, MESSAGES),
    "upload": Workload(2, 12, MESSAGES),
}
# At most so much more than plain: instructions and allocations. What a stream allocates once a call
# is no allocation a message, so half a hundredth of one is none.
NONE = 0.01
BARS = {
    ("ours_0", "unary"): (0, -1),
    ("ours_1", "unary"): (0, -1),
    ("ours_5", "unary"): (1000, 0),
} | {
    (setup, workload): (60, NONE)
    for setup in ("ours_0", "ours_1", "ours_5")
    for workload in ("stream", "upload")
}
# At most so much of what it is compared with: instructions and bytes.
RATIOS = {("in_process_0", "unary"): (0.6, 0.2)}


def main():
    args = arguments()
    target = build()
    pairs = [(setup, workload) for workload in args.workloads for setup in args.setups]
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        costs = pool.map(lambda pair: cost(target, *pair, args.runs), pairs)
        costs = dict(zip(pairs, costs))
    for workload in args.workloads:
        for baseline, known in ((PLAIN, SETUPS), (DIRECT, IN_PROCESS)):
            chosen = [setup for setup in known if setup in args.setups]
            if chosen:
                report(workload, baseline, chosen, costs)
    missed = [line for pair in pairs for line in misses(pair, costs)]
    print("\n".join(missed) if missed else "Every bar holds.")
    if args.check and missed:
        sys.exit(1)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--setups", type=names(SETUPS + IN_PROCESS), help="some of them")
    parser.add_argument("--workloads", type=names(WORKLOADS), default=list(WORKLOADS))
    parser.add_argument("--runs", type=int, default=3, help="of which the median counts")
    parser.add_argument("--jobs", type=int, default=2, help="how many run at the same time")
    parser.add_argument("--check", action="store_true", help="fail where a bar does not hold")
    args = parser.parse_args()
    args.setups = args.setups or SETUPS + IN_PROCESS
    for baseline, known in ((PLAIN, SETUPS), (DIRECT, IN_PROCESS)):
        if baseline not in args.setups and any(setup in known for setup in args.setups):
            args.setups.insert(0, baseline)
    return args


def names(known):
    def parse(text):
        chosen = text.split(",")
        for name in chosen:
            if name not in known:
                raise argparse.ArgumentTypeError(f"{name} is none of {', '.join(known)}")
        return chosen

    return parse


def build():
    command = ["cargo", "build", "--quiet", "--release", "-p", "interceptor-bench"]
    subprocess.run(command, cwd=ROOT, check=True)
    return pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"


Cost = collections.namedtuple("Cost", "instructions noise allocations bytes")


def cost(target, setup, workload, runs):
    """Of one call, or of one message of it."""
    few, many, messages = WORKLOADS[workload]
    counts = []
    for _ in range(runs):
        command = [target / "interceptor-bench", setup, workload]
        counted = [instructions(*command, str(calls)) for calls in (few, many)]
        counts.append((counted[1] - counted[0]) / (many - few) / messages)
    command = [target / "interceptor-allocations", setup, workload, str(many)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    allocated = [int(count) / many / messages for count in printed.split()]
    return Cost(statistics.median(counts), max(counts) - min(counts), *allocated)


def report(workload, baseline, setups, costs):
    plain = costs[baseline, workload]
    unit = "call" if WORKLOADS[workload].messages == 1 else "message"
    print(f"## {workload}, per {unit}\n")
    print(f"| setup | instructions | to {baseline} | spread | allocations | to {baseline} | bytes | to {baseline} |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for setup in setups:
        one = costs[setup, workload]
        cells = [f"{one.instructions:.0f}", f"{one.instructions - plain.instructions:+.0f}"]
        cells += [f"{one.noise:.0f}"]
        cells += [f"{one.allocations:.3f}", f"{one.allocations - plain.allocations:+.3f}"]
        cells += [f"{one.bytes:.0f}", f"{one.bytes - plain.bytes:+.0f}"]
        print(f"| {setup} | {' | '.join(cells)} |")
    print()


def misses(pair, costs):
    """What does not hold, in words."""
    setup, workload = pair
    if pair in RATIOS:
        direct, one = costs[DIRECT, workload], costs[pair]
        for what, bar in zip(("instructions", "bytes"), RATIOS[pair]):
            part = getattr(one, what) / getattr(direct, what)
            if part > bar:
                yield f"MISSED {setup} {workload}: {what} {part:.2f} of {DIRECT}, the bar is {bar}"
    if pair not in BARS:
        return
    plain, one = costs[PLAIN, workload], costs[pair]
    for what, bar in zip(("instructions", "allocations"), BARS[pair]):
        more = getattr(one, what) - getattr(plain, what)
        if more > bar:
            yield f"MISSED {setup} {workload}: {what} {more:+.2f} to plain, the bar is {bar:+}"


if __name__ == "__main__":
    main()
