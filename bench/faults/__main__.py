"""`python -m bench.faults [--reminders 500] [--kills 20] [--only kills,naive,two-beats,letters,redis]`.

Faults at full length, over a PostgreSQL and a Redis of our own and the portal's own workers and beat:

- `kills`: worker and beat are killed (kill -9) again and again while reminders are written and sent;
- `naive`: the same where the task sends by itself, without an outbox: it must lose something;
- `two-beats`: two beats and two workers at once;
- `letters`: a hundred letters wait at a slow mail server when an alarm is written;
- `redis`: Redis is away for an hour, and `manage.py tick` runs every minute of it.

`make bench` runs them last. Figures also go to `var/bench/faults.json`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from bench.noon.cluster import Cluster, NoServer

ROOT = Path(__file__).resolve().parent.parent.parent
RUNS = ("kills", "naive", "two-beats", "letters", "redis")


def main() -> None:
    """Run what was asked for and print it."""
    asked = _arguments()
    folder = tempfile.mkdtemp(prefix="portal-faults-var-")
    try:
        cluster = Cluster()
    except NoServer as problem:
        print(f"Faults were not made: {problem}")
        return
    try:
        cluster.start()
        os.environ |= {"MODE": "test", "DATABASE_URL": cluster.url, "DATABASE_POOL": "0", "VAR_DIR": folder}
        os.environ |= {"DJANGO_SETTINGS_MODULE": "apframework.settings", "REDIS_URL": "", "LOG_LEVEL": "CRITICAL"}
        import django

        django.setup()
        kept = _all(asked)
    except NoServer as problem:
        print(f"Faults were not made: {problem}")
        return
    finally:
        cluster.remove()
        shutil.rmtree(folder, ignore_errors=True)
    (ROOT / "var" / "bench").mkdir(parents=True, exist_ok=True)
    (ROOT / "var" / "bench" / "faults.json").write_text(json.dumps(kept, indent=1))
    sys.exit(0 if all(one["kept"] for one in kept.values()) else 1)


def _arguments():
    parser = argparse.ArgumentParser(prog="bench.faults", description="What goes wrong while reminders are sent.")
    parser.add_argument("--reminders", type=int, default=500)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--only", default=",".join(RUNS))
    return parser.parse_args()


def _all(asked) -> dict:
    from django.db import connections
    from django.test.utils import setup_databases, teardown_databases

    connections["default"].settings_dict["TEST"]["MIGRATE"] = False  # tables from the models: a fresh database each
    kept = {}
    for name in [run for run in RUNS if run in asked.only.split(",")]:
        databases = setup_databases(verbosity=0, interactive=False)
        try:
            kept[name] = _run(name, asked)
        finally:
            teardown_databases(databases, verbosity=0)
        print(f"{name}: {json.dumps(kept[name])}", flush=True)
    return kept


def _run(name: str, asked) -> dict:
    from bench.faults import runs
    from tests.cast import make_world
    from tests.frameworks import make_framework

    world = make_world()
    if name == "redis":
        return runs.redis_away(world, minutes=list(range(61)))
    framework = make_framework(world)
    if name in {"kills", "naive"}:
        words = {"number": asked.reminders, "kills": asked.kills, "waves": 10, "apart": 6}
        return runs.kills(framework, naive=name == "naive", **words)
    if name == "two-beats":
        return runs.two_beats(framework, number=asked.reminders)
    return runs.alarm_beside_letters(number=100, thinks=0.5)


if __name__ == "__main__":
    main()
