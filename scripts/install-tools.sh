#!/usr/bin/env bash
# Puts protoc (PyPI: grpcio-tools) and buf (npm: @bufbuild/buf) into target/tools/bin, and upb (PyPI: protobuf) into
# target/tools/python, for the tests that use them. Does nothing where the pinned versions are there already.
set -euo pipefail
cd "$(dirname "$0")/.."

grpcio_tools=1.85.1
protobuf=7.36.2
buf=1.75.0

tools=$PWD/target/tools
stamp="grpcio-tools $grpcio_tools, protobuf $protobuf, buf $buf"
if [ "$(cat "$tools/stamp" 2>/dev/null)" = "$stamp" ] && [ -x "$tools/bin/protoc" ] && [ -x "$tools/bin/buf" ]; then
    exit 0
fi
for tool in python3 npm; do
    command -v "$tool" >/dev/null || { echo "install-tools: $tool is missing" >&2; exit 1; }
done

mkdir -p "$tools/bin"
python3 -m venv "$tools/python"
"$tools/python/bin/pip" install --quiet --disable-pip-version-check "grpcio-tools==$grpcio_tools" "protobuf==$protobuf" setuptools
cat >"$tools/bin/protoc" <<'PROTOC'
#!/usr/bin/env bash
exec "$(dirname "$0")/../python/bin/python" -m grpc_tools.protoc "$@"
PROTOC
chmod +x "$tools/bin/protoc"

npm install --silent --no-audit --no-fund --prefix "$tools" "@bufbuild/buf@$buf" >/dev/null 2>&1
ln -sf ../node_modules/.bin/buf "$tools/bin/buf"

"$tools/bin/protoc" --version
"$tools/bin/buf" --version
echo "$stamp" >"$tools/stamp"
