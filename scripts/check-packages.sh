#!/usr/bin/env bash
# Makes and builds the package of each published crate, as crates.io would get it, and looks for what each has to have.
set -euo pipefail
cd "$(dirname "$0")/.."

crates=(rust-svc-compiler rust-svc-build rust-svc protoc-gen-rust-svc)

# All in one run: cargo finds those that are not published yet among each other.
cargo package --quiet --allow-dirty "${crates[@]/#/--package=}"
target=${CARGO_TARGET_DIR:-target}
version=$(sed -n '/^\[workspace.package\]/,/^$/s/^version = "\(.*\)"/\1/p' Cargo.toml)
for crate in "${crates[@]}"; do
    archive=$target/package/$crate-$version.crate
    list=$(tar -tzf "$archive")
    for file in README.md LICENSE-MIT LICENSE-APACHE; do
        grep -qx "$crate-$version/$file" <<<"$list" || { echo "the package $crate has no $file" >&2; exit 1; }
    done
    echo "$crate: $(wc -l <<<"$list") files, $(($(stat -c %s "$archive") / 1024)) KB"
done
