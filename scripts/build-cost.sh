#!/usr/bin/env bash
# What a user's build pays for us before its own code, beside tonic-prost-build with protox: the
# number of crates, and with --seconds the time of a clean build of each, in turns.
# Fails if we cost more crates.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
mode=${1:---crates}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

user() { # user NAME DEPENDENCIES
    mkdir -p "$scratch/$1/src"
    printf '[package]\nname = "%s"\nversion = "0.0.0"\nedition = "2024"\n\n[build-dependencies]\n%s\n\n[workspace]\n' "$1" "$2" >"$scratch/$1/Cargo.toml"
    echo 'fn main() {}' | tee "$scratch/$1/build.rs" >"$scratch/$1/src/main.rs"
    cp "$root/Cargo.lock" "$scratch/$1/"
}
user ours "rust-svc-build = { path = \"$root\" }"
user peer "$(printf 'tonic-prost-build = "0.14.9"\nprotox = "0.10"')"

crates() { (cd "$scratch/$1" && cargo tree --quiet --edges build,normal --prefix none | sed 's/ (\*)$//' | sort -u | wc -l); }
# The user's own crate is one of those that are listed.
ours=$(($(crates ours) - 1)) peer=$(($(crates peer) - 1))
echo "crates: ours $ours, tonic-prost-build with protox $peer"

if [ "$mode" = --seconds ]; then
    TIMEFORMAT='%R s, %U s of processor time'
    for run in 1 2 3; do
        for side in ours peer; do
            rm -rf "$scratch/target"
            printf 'run %s: %s ' "$run" "$side"
            # What comes from a registry is not compiled incrementally; here we are a path.
            time (cd "$scratch/$side" && CARGO_INCREMENTAL=0 CARGO_TARGET_DIR="$scratch/target" cargo check --quiet)
        done
    done
fi
[ "$ours" -le "$peer" ] || { echo "rust-svc-build costs more crates than its peer" >&2; exit 1; }
