#!/usr/bin/env bash
# Checks licences, duplicates and sources of all dependencies against deny.toml. Installs cargo-deny into target/tools,
# which takes minutes: so this is not part of .ci/run. A row of deny.toml that nothing needs fails as well.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo_deny=0.20.2
tools=$PWD/target/tools/cargo-deny-$cargo_deny
if [ ! -x "$tools/bin/cargo-deny" ]; then
    cargo install --quiet --locked --root "$tools" "cargo-deny@$cargo_deny"
fi
PATH=$tools/bin:$PATH cargo deny --workspace check --deny unnecessary-skip --deny license-not-encountered licenses bans sources
