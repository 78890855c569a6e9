"""Serve the portal with its demo world on this machine: `make run` calls this after setting up.

Brings the database and the static files up to date (only what changed), loads the demo world if it is not there, starts
what the Procfile names, prints the address when the web server really answers, and stops all of it on Ctrl-C.
"""

from __future__ import annotations

# ruff: noqa: E402 - the first line comes before the imports on purpose
import signal

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C before there is anything to stop ends this without a word

import fcntl
import hashlib
import io
import os
import shlex
import socket
import sys
import threading
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
os.chdir(ROOT)
sys.path.insert(0, str(ROOT))
os.environ["MODE"] = "demo"  # whatever the shell or .env says: this is the demo
os.environ.setdefault("PORT", "8000")
os.environ.setdefault("DATABASE_POOL", "0")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apframework.settings")
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
os.environ["PYTHONUNBUFFERED"] = "1"
# In a container one is root, and Celery says at length that one should not be.
os.environ["PYTHONWARNINGS"] = "ignore:You're running the worker with superuser:UserWarning"


def stop(sentence: str) -> None:
    """End with one line for the reader."""
    sys.exit(f"\n{sentence}\n")


def port_or_stop() -> int:
    """The port that `PORT` names, if it is one and nobody has it."""
    text = os.environ["PORT"]
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        stop(f"PORT must be a number from 1 to 65535, not {text!r}")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            stop(f"Port {port} is taken. Stop what uses it, or choose another: PORT={min(port + 1, 65535)} make run")
    return port


def hold_the_only_lock(var: Path):
    """Two portals in one folder would fight over the same files. The lock goes when this process does."""
    lock = (var / "run.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        stop(f"The portal is running already in {var}. Stop it first, or give this one a folder: VAR_DIR=… make run")
    return lock


def prepare() -> str:
    """Database, static files, demo world: whatever is not there yet. Returns the table of sign-ins."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command, get_commands
    from django.db import connection, connections
    from django.db.migrations.executor import MigrationExecutor

    from apframework import broker

    if settings.CELERY_BROKER_URL.startswith("filesystem"):
        broker.sweep_out(settings.BROKER_FOLDER)
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Setting up the database", flush=True)
        call_command("migrate", verbosity=0, interactive=False)
    collected, now = settings.STATIC_ROOT / ".collected", stamp_of_static_files(settings)
    if not collected.exists() or collected.read_text() != now:
        print("Gathering the static files", flush=True)
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        collected.write_text(now)
    table = io.StringIO()
    if "demo" in get_commands():
        call_command("demo", if_needed=True, stdout=table)
    connections.close_all()
    return table.getvalue()


def stamp_of_static_files(settings) -> str:
    """Changes when a static file of ours or a pinned package does."""
    stamp = hashlib.sha256((ROOT / "requirements-dev.lock").read_bytes())
    for folder in settings.STATICFILES_DIRS:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file():
                stamp.update(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}".encode())
    return stamp.hexdigest()


def command(line: str, *, after: Path | None = None) -> str:
    """A Procfile's line, without a shell left standing between us and the process; on macOS with the path to Pango,
    which the system takes from whatever a shell starts. With `after`, it begins when that file is there."""
    libraries = os.environ.get("DYLD_FALLBACK_LIBRARY_PATH")
    with_path = f"env DYLD_FALLBACK_LIBRARY_PATH={shlex.quote(libraries)} " if libraries else ""
    wait = f"while [ ! -e {shlex.quote(str(after))} ]; do sleep 0.1; done; " if after else ""
    return f"{wait}exec {with_path}{line}"


def answers(port: int) -> bool:
    """The web server is there."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:  # nosec B310 - to ourselves
            return answer.status == 200
    except OSError:
        return False


def announce(port: int, table: str, ready: Path) -> None:
    """Wait until the web server answers, say where, and let the workers begin."""
    for _ in range(600):
        if answers(port):
            sys.stdout.write(f"{table}\nThe portal is at http://localhost:{port}\n")
            sys.stdout.write("Letters that it would send are at /outbox/. Ctrl-C stops everything.\n\n")
            sys.stdout.flush()
            ready.touch()
            return
        time.sleep(0.1)
    sys.stdout.write("The web server did not answer within a minute: its lines above say why.\n")


def serve(port: int, table: str, ready: Path) -> int:
    """Run what the Procfile names until Ctrl-C, or until one of them ends. 0 when somebody stopped it. The web server
    goes first: somebody is waiting for it."""
    from honcho.environ import parse_procfile
    from honcho.manager import SIGNALS, Manager

    class Portal(Manager):
        def _start(self):
            super()._start()
            threading.Thread(target=announce, args=(port, table, ready), daemon=True).start()

        def terminate(self):
            # Somebody who is quicker than the processes: there is nothing to end before all of them have begun.
            if not self._all_started():
                threading.Timer(0.2, self.terminate).start()
                return
            super().terminate()

        def _system_print(self, data):
            if not data.startswith(("sending ", "SIG")) and "started" not in data and not self._terminating:
                super()._system_print(data)

    # A closed terminal stops everything, like Ctrl-C.
    SIGNALS[signal.SIGHUP] = {"name": "SIGHUP", "rc": 129}
    portal = Portal()
    for name, line in parse_procfile((ROOT / "Procfile").read_text()).processes.items():
        portal.add_process(name, command(line, after=None if name == "web" else ready))
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    portal.loop()
    print("Stopped.", flush=True)
    return 0 if portal.returncode in {0, 129, 130, 143} else 1


def main() -> int:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    port = port_or_stop()
    var = Path(os.environ.get("VAR_DIR", ROOT / "var"))
    var.mkdir(parents=True, exist_ok=True)
    lock = hold_the_only_lock(var)
    try:
        table = prepare()
        ready = var / "ready"
        ready.unlink(missing_ok=True)
        return serve(port, table, ready)
    except KeyboardInterrupt:
        return 0
    finally:
        lock.close()


if __name__ == "__main__":
    sys.exit(main())
