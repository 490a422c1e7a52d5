#!/usr/bin/env bash
# Write the lock files: every dependency pinned by hash, no index named.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() {
    .venv/bin/pip-compile --quiet --no-config --generate-hashes --allow-unsafe --strip-extras \
        --no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
        "${@:2}" --output-file "requirements/$1.txt" pyproject.toml
}
compile run --all-build-deps
compile dev --all-build-deps --extra dev
compile bench --all-build-deps --extra dev --extra bench
