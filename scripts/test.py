"""Run the tests as `make test` does, with branch coverage of what must be covered whole.

A plain run measures; a run of a part (`make test TESTS="tests/outbox"`) or on another database does not, for part of
the tests covers part of the code.
"""

from __future__ import annotations

import os
import sys

import pytest

arguments = sys.argv[1:]
whole = arguments[:1] == ["-n"] and len(arguments) == 2 and not os.environ.get("DATABASE_URL")
if whole:
    arguments += ["--cov", "--cov-report=term:skip-covered", "--cov-fail-under=100"]
if not os.environ.get("DATABASE_URL"):
    # The tables are made from the models. That the migrations make the same is tried on PostgreSQL and by `make run`.
    arguments.append("--nomigrations")
# Whoever has nothing left takes from the other's end: all pages in a browser would else wait for one worker.
arguments += ["--dist", "worksteal"]
if not any(argument.startswith("tests") for argument in arguments):
    arguments.append("tests")
sys.path.insert(0, os.getcwd())
sys.exit(pytest.main(arguments))
