#!/usr/bin/env bash
# Checks each published crate without features, with its defaults, with each of its features alone, and with all.
set -euo pipefail
cd "$(dirname "$0")/.."

# The published crates, each with its features: one line per crate. A feature whose name begins with `_` is internal: others
# turn it on, and it need not compile alone.
crates() {
    cargo metadata --no-deps --offline --format-version 1 | python3 -c '
import json, sys
for package in json.load(sys.stdin)["packages"]:
    if package["publish"] is None:
        features = sorted(name for name in package["features"] if name != "default" and not name.startswith("_"))
        print(package["name"], *features)
'
}

crates | while read -r crate features; do
    echo "$crate: no features, defaults, $(echo "$features" | wc -w) alone, all"
    check() { cargo check --quiet --package "$crate" "$@" </dev/null || { echo "fails: cargo check -p $crate $*" >&2; exit 1; }; }
    check --no-default-features
    check
    for feature in $features; do
        check --no-default-features --features "$feature"
    done
    check --all-features
done
