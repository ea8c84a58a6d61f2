#!/usr/bin/env bash
# Puts five published crates into target/migrations, as one workspace, with our crates in place of tonic-prost-build. Their
# code is as it was published, but for what a generator had made: the test `migrations` builds it with the build scripts of
# docs/migrating.md. What they depend on is fetched, so that the test needs no network. Does nothing for what is there
# already. Where it cannot be fetched, says so in a line that begins with SKIPPED.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$PWD/target/migrations
crates=(etcd-client@0.21.1 opentelemetry-proto@0.33.1 qdrant-client@1.20.0 containerd-client@0.9.0 k8s-cri@0.11.0)

wanted=$(cat "$0" Cargo.lock | cksum)
if [ "$(cat "$target/ready" 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi
rm -rf "$target"
mkdir -p "$target/fetch/src"

# Downloads the crates, by a package that depends on them.
download() {
    touch fetch/src/lib.rs
    printf '[package]\nname = "fetch"\nedition = "2024"\n\n[workspace]\n' >fetch/Cargo.toml
    cargo add --quiet --manifest-path fetch/Cargo.toml "${crates[@]/@/@=}" &&
        cargo fetch --manifest-path fetch/Cargo.toml
}

# The folder with the sources of a crate, by name and version.
sources() {
    cargo metadata --offline --format-version 1 --manifest-path fetch/Cargo.toml |
        grep -o "\"manifest_path\":\"[^\"]*/$1/Cargo.toml\"" | sed 's|.*:"||; s|/Cargo.toml"||'
}

# A crate without what a generator made of it: two publish that, and have no build script.
copy() {
    local name=${1%@*}
    cp -r "$(sources "${1/@/-}")" "$name" &&
        rm -f "$name/Cargo.lock" "$name"/src/proto/tonic/*.rs "$name/src/qdrant.rs" &&
        sed -i 's/^build = false$/build = "build.rs"/' "$name/Cargo.toml" &&
        printf 'fn main() {}\n' >"$name/build.rs"
}

# What docs/migrating.md says of Cargo.toml.
migrate() {
    if grep -q '^\[build-dependencies.tonic-prost-build\]' "$1/Cargo.toml"; then
        cargo remove --quiet --manifest-path "$1/Cargo.toml" --build tonic-prost-build || return
    fi
    local features=()
    # Its script sets `runtime(false)`.
    if [ "$1" = opentelemetry-proto ]; then
        features=(--features tonic-build)
    fi
    cargo add --quiet --manifest-path "$1/Cargo.toml" --path "$root/rust-svc" &&
        cargo add --quiet --manifest-path "$1/Cargo.toml" --path "$root" --build "${features[@]}"
}

install() {
    cd "$target" && download || return
    for crate in "${crates[@]}"; do
        copy "$crate" || return
    done
    local names=("${crates[@]%@*}")
    printf '[workspace]\nresolver = "2"\nmembers = [%s]\n' "$(printf '"%s", ' "${names[@]}")" >Cargo.toml
    for name in "${names[@]}"; do
        migrate "$name" || return
    done
    # The versions that everything else here is tested with.
    cp "$root/Cargo.lock" Cargo.lock
    cargo fetch
}

root=$PWD
# The shell does not stop at errors within a condition, so each step above says what follows on it.
if output=$(install 2>&1); then
    echo "$wanted" >"$target/ready"
else
    echo "SKIPPED migrations: $output"
fi
