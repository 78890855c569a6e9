#!/bin/sh
# Everything that can be said of the code without running the tests. Stops at the first complaint.
set -eu
cd "$(dirname "$0")/.."
export DYLD_FALLBACK_LIBRARY_PATH="${DYLD_FALLBACK_LIBRARY_PATH:-/opt/homebrew/lib:/usr/local/lib}"
VAR_DIR=$(mktemp -d); export VAR_DIR
trap 'rm -rf "$VAR_DIR"' EXIT
bin=.venv/bin
apps="apframework core audit outbox accounts files jobs lots providers contracts evaluation referrals monitoring notices"

step() { printf '== %s\n' "$1"; shift; "$@"; }

step "ruff: style and bugs" $bin/ruff check --quiet .
step "ruff: format" $bin/ruff format --check --quiet .
step "import-linter: floors, rooms, purity" $bin/lint-imports --no-cache
step "Django: system checks" $bin/python manage.py check --fail-level WARNING
step "Django: migrations" $bin/python manage.py makemigrations --check --dry-run --verbosity 1
step "djlint: templates" $bin/djlint --lint --quiet templates
# Bandit logs every excused line; what it logs is shown only when it found something.
# shellcheck disable=SC2086
security() {
    $bin/bandit --quiet --recursive --configfile pyproject.toml --severity-level low $apps scripts manage.py \
        2>"$VAR_DIR/bandit.log" || { cat "$VAR_DIR/bandit.log" >&2; return 1; }
}
step "bandit: security" security
echo "make check: all well"
