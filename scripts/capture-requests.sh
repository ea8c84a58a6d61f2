#!/usr/bin/env bash
# Writes fixtures/requests/{protoc,buf}/<fixture>.bin: what a real protoc and a real buf send to a
# plugin for each fixture. Tests feed them to the plugin, also where neither tool is installed.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
scripts/install-tools.sh
protoc=$root/target/tools/bin/protoc
buf=$root/target/tools/bin/buf
requests=$root/fixtures/requests
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

rm -rf "$requests"
mkdir -p "$requests/protoc" "$requests/buf"

cp scripts/capture-plugin.py "$scratch/protoc-gen-capture"

for folder in fixtures/*/; do
    name=$(basename "$folder")
    case $name in rejects | requests) continue ;; esac

    protos=$(cd "$folder" && find . -name '*.proto' | sed 's|^\./||' | sort)
    # shellcheck disable=SC2086 # one argument a file
    (cd "$folder" && CAPTURE=$requests/protoc/$name.bin "$protoc" \
        --plugin="protoc-gen-capture=$scratch/protoc-gen-capture" --capture_out="$scratch" \
        -I . -I "$root/proto" $protos)

    # Two modules of one workspace: the fixture, and what we carry, which is imported only.
    workspace=$scratch/$name
    mkdir -p "$workspace"
    cp -r "$folder" "$workspace/fixture"
    cp -r proto "$workspace/carried"
    printf 'version: v2\nmodules:\n  - path: fixture\n  - path: carried\n' >"$workspace/buf.yaml"
    printf 'version: v2\nplugins:\n  - local: %s\n    out: out\n    strategy: all\n' \
        "$scratch/protoc-gen-capture" >"$workspace/buf.gen.yaml"
    (cd "$workspace" && CAPTURE=$requests/buf/$name.bin "$buf" generate fixture)
done
du -sh "$requests"
