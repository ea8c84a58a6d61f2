# Everything, as CI does.
ci:
    .ci/run

# Generated code is reviewed as a diff of snapshots.
snapshots:
    INSTA_UPDATE=always cargo test -p protoc-gen-rust-svc --test it -- snapshots rejects

readme:
    UPDATE_README=1 cargo test -p protoc-gen-rust-svc --test it docs

requests:
    scripts/install-tools.sh
    scripts/capture-requests.sh

bench:
    scripts/install-tools.sh
    benches/compare.py
    benches/errors/instructions.py

# Errors between our example and peers in Python, Node and Go.
interop:
    interop/install.sh
    RUST_SVC_INTEROP="$PWD/target/interop" cargo test -p interop -- --nocapture

# Licences, duplicates and sources of dependencies. Advisories (`cargo deny check advisories`) need GitHub.
deny:
    scripts/check-dependencies.sh
