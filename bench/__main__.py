"""`make bench`, or `python -m bench [--sizes 1000,10000,100000] [--rounds 25] [--pages audit,people] [--work 0]`.

Each page is measured beside two floors with as many rows (bench/floor.py). The budget is 1.5 times the bare one.
Makes a database of its own (SQLite, or PostgreSQL when DATABASE_URL is set), and removes it. The figures also go to
`var/bench/` as JSON, one file for each kind of database.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Measure and print."""
    asked = _arguments()
    os.environ["MODE"], os.environ["DATABASE_POOL"] = "test", "0"
    os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="portal-bench-")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apframework.settings")
    try:
        import django

        django.setup()
        _in_a_database_of_its_own(asked)
    finally:
        shutil.rmtree(os.environ["VAR_DIR"], ignore_errors=True)


def _arguments():
    parser = argparse.ArgumentParser(prog="bench", description="Measure ours against the floor, as ratios.")
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--pages", default="", help="only these, by name")
    parser.add_argument("--work", type=int, default=100_000, metavar="N", help="schools are half of it; 0: none")
    return parser.parse_args()


def _in_a_database_of_its_own(asked) -> None:
    from django.db import connection
    from django.test.utils import override_settings, setup_databases, teardown_databases

    from bench import run

    # Not `setup_test_environment`: it makes every template tell the test client what it shows.
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        with override_settings(ROOT_URLCONF="bench.floor"):
            sizes = [int(size) for size in asked.sizes.split(",")]
            pages, work = run.everything(
                sizes=sizes,
                rounds=asked.rounds,
                only=set(filter(None, asked.pages.split(","))),
                amount=asked.work,
                tell=_tell,
            )
        folder = ROOT / "var" / "bench"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{connection.vendor}.json"
        file.write_text(
            json.dumps({"database": connection.vendor, "python": sys.version, "pages": pages, "work": work}, indent=2)
        )
        _tell(f"\nWritten to {file.relative_to(ROOT)}")
    finally:
        teardown_databases(databases, verbosity=0)


def _tell(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
