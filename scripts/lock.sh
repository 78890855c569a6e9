#!/bin/sh
# Pin every dependency, with hashes, for Python 3.11 and newer on Linux and macOS. No download host is recorded.
set -eu
cd "$(dirname "$0")/.."
pin() { .venv/bin/python -m uv pip compile pyproject.toml "$@" --universal --python-version 3.11 --generate-hashes --no-emit-index-url --quiet --custom-compile-command "make lock"; }
pin -o requirements.lock
pin --group dev -o requirements-dev.lock
