#!/usr/bin/env bash
# Installs the peers into target/interop: packages from PyPI, npm and the Go module proxy, in the versions
# that are pinned here, and what is generated and built of them. Does nothing for what is there already.
# A language that cannot be installed is left out, in a line that begins with SKIPPED.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
target=$root/target/interop
protos=(examples/user-service/proto/user/v1/user_service.proto proto/rust_svc/v1/options.proto)
protoc_gen_go=v1.36.12
protoc_gen_go_grpc=v1.6.2

# Asks for files, as there are functions here that are called like the tools.
has() {
    for tool in "$@"; do
        type -P "$tool" >/dev/null || { echo "there is no $tool" >&2 && return 1; }
    done
}

python() {
    has python3 || return
    python3 -m venv "$1/venv" &&
        "$1/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement interop/python/requirements.txt &&
        mkdir -p "$1/gen" &&
        "$1/venv/bin/python" -m grpc_tools.protoc -I examples/user-service/proto -I proto \
            --python_out="$1/gen" --grpc_python_out="$1/gen" user/v1/user_service.proto rust_svc/v1/options.proto
}

node() {
    has node npm || return
    cp interop/node/package.json interop/node/package-lock.json "$1" &&
        npm ci --prefix "$1" --loglevel error --no-audit --no-fund
}

go() {
    has go || return
    scripts/install-tools.sh || return
    # The plugins are programs of their own, with their own dependencies.
    GOBIN=$1/tools command go install "google.golang.org/protobuf/cmd/protoc-gen-go@$protoc_gen_go" &&
        GOBIN=$1/tools command go install "google.golang.org/grpc/cmd/protoc-gen-go-grpc@$protoc_gen_go_grpc" &&
        cp -r interop/go "$1/src" || return
    local names=(Muser/v1/user_service.proto=interop/gen/userv1 Mrust_svc/v1/options.proto=interop/gen/rustsvcv1)
    local go_options=() grpc_options=()
    for name in module=interop "${names[@]}"; do
        go_options+=("--go_opt=$name") grpc_options+=("--go-grpc_opt=$name")
    done
    PATH=$1/tools:$PATH target/tools/bin/protoc -I examples/user-service/proto -I proto \
        "${go_options[@]}" --go_out="$1/src" "${grpc_options[@]}" --go-grpc_out="$1/src" \
        user/v1/user_service.proto rust_svc/v1/options.proto || return
    mkdir -p "$1/bin" && (cd "$1/src" && command go build -o "$1/bin/" ./server ./client)
}

# All that decides what is installed, which is not what Python leaves behind when it runs.
inputs() {
    { cat "${protos[@]}" interop/install.sh && find "interop/$1" -type f -not -path '*/__pycache__/*' | LC_ALL=C sort | xargs cat; } | cksum
}

for language in python node go; do
    folder=$target/$language
    wanted=$(inputs $language)
    if [ "$(cat "$folder/ready" 2>/dev/null)" = "$wanted" ]; then
        continue
    fi
    rm -rf "$folder"
    mkdir -p "$folder"
    # The shell does not stop at errors within a condition, so each step above says what follows on it.
    if output=$($language "$folder" 2>&1); then
        echo "$wanted" >"$folder/ready"
    else
        echo "SKIPPED $language: $output"
    fi
done
