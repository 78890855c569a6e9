#!/bin/sh
# Set everything up, doing only what is not done yet. With --tests, also what the browser tests need.
# What Python cannot bring is installed with apt or brew where that needs no password, else named in one line.
set -eu
cd "$(dirname "$0")/.."
tests=no
[ "${1:-}" = "--tests" ] && tests=yes

say() { printf '%s\n' "$*" >&2; }
stop() { say ""; say "$*"; exit 1; }

# Runs a command as root where that needs no password.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then sudo -n "$@"
    else return 1
    fi
}

# install_system "apt packages" "brew packages": true when it worked.
install_system() {
    if command -v apt-get >/dev/null 2>&1; then
        say "Installing $1 with apt"
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update >/dev/null 2>&1 || true
        # shellcheck disable=SC2086
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $1 >/dev/null 2>&1
    elif command -v brew >/dev/null 2>&1; then
        say "Installing $2 with Homebrew"
        # shellcheck disable=SC2086
        HOMEBREW_NO_AUTO_UPDATE=1 brew install --quiet $2 >/dev/null 2>&1
    else
        return 1
    fi
}

# how_to "apt packages" "brew packages": the one line to type.
how_to() {
    if command -v brew >/dev/null 2>&1; then echo "brew install $2"; else echo "sudo apt-get install -y $1"; fi
}

find_python() {
    for name in python3.13 python3.12 python3.11 python3.14 python3 /opt/homebrew/bin/python3 /usr/local/bin/python3; do
        command -v "$name" >/dev/null 2>&1 || continue
        "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue
        command -v "$name"
        return 0
    done
    return 1
}

# --- Python -----------------------------------------------------------------------------------------------------
if [ ! -x .venv/bin/python ]; then
    if ! python=$(find_python); then
        install_system "python3 python3-venv" "python@3.12" || true
        python=$(find_python) || stop "Python 3.11 or newer with venv is needed. Type: $(how_to 'python3 python3-venv' 'python@3.12')"
    fi
    say "Making .venv with $("$python" --version)"
    "$python" -m venv .venv || stop "Python could not make .venv. Type: $(how_to 'python3-venv' 'python@3.12')"
fi

stamp() { cksum "$@" 2>/dev/null | cksum; }

now=$(stamp requirements-dev.lock)
if [ "$(cat .venv/.locked 2>/dev/null)" != "$now" ]; then
    say "Installing what requirements-dev.lock pins (once; a minute or two)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock 2>.venv/pip.log \
        || { cat .venv/pip.log >&2; stop "pip could not install the packages of requirements-dev.lock"; }
    echo "$now" > .venv/.locked
fi

# --- Pango, for WeasyPrint's PDFs -------------------------------------------------------------------------------
export DYLD_FALLBACK_LIBRARY_PATH="${DYLD_FALLBACK_LIBRARY_PATH:-/opt/homebrew/lib:/usr/local/lib}"
has_pango() { .venv/bin/python -c 'import weasyprint' >/dev/null 2>&1; }
if [ ! -e .venv/.pango ]; then
    apt="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    if ! has_pango; then
        install_system "$apt" "pango" || true
        has_pango || stop "PDFs need Pango. Type: $(how_to "$apt" pango)"
    fi
    touch .venv/.pango
fi

# --- The front end: Node comes as a Python wheel ------------------------------------------------------------------
now=$(stamp package.json package-lock.json)
if [ "$(cat node_modules/.locked 2>/dev/null)" != "$now" ]; then
    say "Installing the front end's packages"
    PATH="$PWD/.venv/bin:$PATH" .venv/bin/npm ci --silent --no-fund --no-audit >.venv/npm.log 2>&1 \
        || { cat .venv/npm.log >&2; stop "npm could not install the packages of package-lock.json"; }
    echo "$now" > node_modules/.locked
fi
# shellcheck disable=SC2046
now=$(stamp package-lock.json scripts/frontend.mjs $(find static/src static/js -type f 2>/dev/null | LC_ALL=C sort))
if [ "$(cat static/build/.built 2>/dev/null)" != "$now" ]; then
    say "Building the front end"
    PATH="$PWD/.venv/bin:$PATH" .venv/bin/npm run --silent build >.venv/npm.log 2>&1 \
        || { cat .venv/npm.log >&2; stop "The front end could not be built"; }
    echo "$now" > static/build/.built
fi

# --- A browser, for the tests alone -------------------------------------------------------------------------------
if [ "$tests" = yes ] && [ ! -e .venv/.browser ]; then
    # Playwright brings a Node of its own, which wants a library that a small Debian lacks.
    has_driver() { .venv/bin/playwright --version >/dev/null 2>&1; }
    if ! has_driver; then
        install_system libatomic1 node || true
        has_driver || stop "Playwright does not start. Type: $(how_to libatomic1 node)"
    fi
    has_browser() { .venv/bin/python scripts/find_browser.py >/dev/null 2>&1; }
    if ! has_browser; then
        install_system "chromium" "--cask chromium" || true
    fi
    if ! has_browser; then
        say "Fetching Playwright's own browser"
        .venv/bin/playwright install chromium >/dev/null 2>&1 || true
    fi
    has_browser || stop "The browser tests need Chromium. Type: $(how_to chromium '--cask chromium') (or set CHROMIUM=/path/to/it)"
    touch .venv/.browser
fi

# What this checkout runs as, unless the environment says otherwise: a demo, with secrets of its own.
[ -e .env ] || .venv/bin/python - > .env <<'END'
import base64
import os

print("MODE=demo")
for name in ("SECRET_KEY", "SEAL_KEYS", "FINGERPRINT_KEY"):
    print(f"{name}={base64.urlsafe_b64encode(os.urandom(32)).decode()}")
END
