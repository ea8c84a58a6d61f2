#!/usr/bin/env bash
# Runs a program in another language: run-peer.sh python|node|go server|client [ARGUMENTS]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
installed=${RUST_SVC_INTEROP:-$here/../target/interop}
language=$1 program=$2
shift 2

case $language in
    python) PYTHONPATH=$installed/python/gen exec "$installed/python/venv/bin/python" "$here/python/$program.py" "$@" ;;
    node) NODE_PATH=$installed/node/node_modules exec node "$here/node/$program.js" "$@" ;;
    go) exec "$installed/go/bin/$program" "$@" ;;
    *) echo "run-peer: $language is none of python, node and go" >&2 && exit 2 ;;
esac
