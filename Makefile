# Two commands: `make run` serves the portal with its demo world, `make test` runs every test. Both set everything up.

PORT ?= 8000
TESTS ?=
WORKERS ?= auto
export PORT

# On macOS WeasyPrint finds Homebrew's Pango only where it is told to look.
ifeq ($(shell uname -s),Darwin)
PYTHON := DYLD_FALLBACK_LIBRARY_PATH=/opt/homebrew/lib:/usr/local/lib .venv/bin/python
else
PYTHON := .venv/bin/python
endif

.PHONY: help setup setup-tests run test check bench demo lock format clean

help:
	@echo "make run     serve the portal with its demo world on http://localhost:$(PORT)"
	@echo "make test    run every test"
	@echo "make check   lint, floors, system checks, migrations, templates, security"
	@echo "make bench   measure ours against the floor, as ratios; play the minute before a deadline, and faults"
	@echo "make demo    load the demo world and print who can sign in"
	@echo "make setup   set everything up and stop there"
	@echo "make lock    pin every dependency again, with hashes"
	@echo "make format  format the Python files"

setup:
	@sh scripts/setup.sh

setup-tests:
	@sh scripts/setup.sh --tests

run: setup
	@$(PYTHON) scripts/run.py

demo: setup
	@MODE=demo $(PYTHON) manage.py migrate --verbosity 0
	@MODE=demo $(PYTHON) manage.py demo --if-needed

# Coverage is measured over rules, states, permissions and actions alone, and must be whole (pyproject.toml).
test: setup-tests
	@MODE=test $(PYTHON) scripts/test.py -n $(WORKERS) $(TESTS)

check: setup
	@MODE=test sh scripts/check.sh

bench: setup
	@MODE=test $(PYTHON) -m bench
	@$(PYTHON) -m bench.noon
	@$(PYTHON) -m bench.faults

lock: setup
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check uv
	@sh scripts/lock.sh

format:
	@.venv/bin/ruff check --quiet --fix . && .venv/bin/ruff format --quiet .

clean:
	rm -rf .venv node_modules static/build var
