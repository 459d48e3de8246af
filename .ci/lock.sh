#!/bin/bash
# Makes both lock files from pyproject.toml: hashes, no addresses. uv.lock and pylock.toml would name a registry.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v uv >/dev/null || { echo "make lock needs uv (a maintainer's tool; nothing else does)" >&2; exit 1; }
common=(--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate
        --extra postgres pyproject.toml)
uv pip compile --quiet "${common[@]}" -o requirements.lock
uv pip compile --quiet "${common[@]}" --group dev --group e2e -o requirements-dev.lock
