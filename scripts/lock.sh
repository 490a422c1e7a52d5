#!/usr/bin/env bash
# Write the lock files: every dependency pinned by hash, no index named.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() {
    .venv/bin/pip-compile --quiet --no-config --generate-hashes --allow-unsafe --strip-extras \
        --no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
        "${@:2}" --output-file "requirements/$1.txt" pyproject.toml
}
# The largest first; the smaller ones hold to its versions.
compile bench --all-build-deps --extra dev --extra bench
held=$(mktemp)
trap 'rm -f "$held"' EXIT
sed -nE 's/^([A-Za-z0-9._-]+(\[[^]]*\])?==[^ ;\\]+).*/\1/p' requirements/bench.txt | sed -E 's/\[[^]]*\]//' > "$held"
compile dev --all-build-deps --extra dev --constraint "$held"
compile run --all-build-deps --constraint "$held"
# What held them is no reason of theirs.
sed -i '/^    #   -c /d' requirements/dev.txt requirements/run.txt
