"""`make run`, the half that serves: it answers, works, says what is in its way, and stops without leaving anything."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings

from tests.outbox.conftest import free_port

ROOT = Path(settings.BASE_DIR)


def environment(folder: Path, port: int) -> dict:
    """A clean shell: no services, a folder and a port of its own."""
    keep = {"PATH", "HOME", "LANG", "DYLD_FALLBACK_LIBRARY_PATH"}
    return {name: value for name, value in os.environ.items() if name in keep} | {
        "VAR_DIR": str(folder),
        "PORT": str(port),
    }


def start(folder: Path, port: int) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "scripts/run.py"],
        cwd=ROOT,
        env=environment(folder, port),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def until_it_says(portal: subprocess.Popen, words: str) -> str:
    said = ""
    for line in portal.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(f"It ended before it said {words!r}:\n{said}")


def left_over(folder: Path) -> list[str]:
    """The processes that still have this test's folder in their environment."""
    if not Path("/proc/self/environ").exists():
        listed = subprocess.run(
            ["ps", "-A", "-E", "-ww", "-o", "pid=,command="], capture_output=True, text=True, check=True
        )
        return [line for line in listed.stdout.splitlines() if f"VAR_DIR={folder}" in line]
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"VAR_DIR={folder}".encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text().replace("\0", " "))
    return found


def write_a_letter(folder: Path) -> None:
    """As an action would, without a process of its own."""
    at = dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M:%S")
    with contextlib.closing(sqlite3.connect(folder / "portal.sqlite3", timeout=20)) as database, database:
        database.execute(
            "INSERT INTO outbox_message (key, channel, queue, mode, 'to', subject, body, created_at, state, due_at, "
            "try_at, attempts, token, last_error, discreet) VALUES "
            "('a letter', 'email', 'mail', 'claim_first', 'a@a.example', '', 'Hello', ?, 'due', ?, ?, 0, '', '', 0)",
            (at, at, at),
        )


def state_of_the_letter(folder: Path) -> str:
    with contextlib.closing(sqlite3.connect(folder / "portal.sqlite3", timeout=20)) as database:
        return database.execute("SELECT state FROM outbox_message WHERE key = 'a letter'").fetchone()[0]


@pytest.mark.timeout(300)
def test_it_serves_and_works_and_stops_without_leaving_anything(tmp_path):
    port = free_port()
    portal = start(tmp_path, port)
    try:
        said = until_it_says(portal, f"The portal is at http://localhost:{port}")
        assert "Password of all of them" in said

        with urllib.request.urlopen(f"http://localhost:{port}/", timeout=20) as page:
            assert page.status == 200
        with urllib.request.urlopen(f"http://localhost:{port}/readyz", timeout=20) as answer:
            assert json.load(answer)["state"] == "ok"

        write_a_letter(tmp_path)
        until = time.monotonic() + 60
        while state_of_the_letter(tmp_path) != "sent" and time.monotonic() < until:
            time.sleep(0.5)
        assert state_of_the_letter(tmp_path) == "sent"

        second = subprocess.run(
            [sys.executable, "scripts/run.py"],
            cwd=ROOT,
            env=environment(tmp_path, free_port()),
            capture_output=True,
            text=True,
            check=False,
        )
        assert (second.returncode, second.stderr.count("\n")) == (1, 3)
        assert "The portal is running already" in second.stderr
    finally:
        portal.send_signal(signal.SIGINT)
        rest, _ = portal.communicate(timeout=40)

    assert (portal.returncode, rest.splitlines()[-1]) == (0, "Stopped.")
    assert left_over(tmp_path) == []


@pytest.mark.parametrize("port", ["", "none", "0", "65536", "８000", "-1"])
def test_a_port_that_is_none_is_said_in_one_line(tmp_path, port):
    ended = subprocess.run(
        [sys.executable, "scripts/run.py"],
        cwd=ROOT,
        env=environment(tmp_path, 1) | {"PORT": port},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (1, f"\nPORT must be a number from 1 to 65535, not {port!r}\n\n")


def test_a_port_that_is_taken_is_said_in_one_line(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        ended = subprocess.run(
            [sys.executable, "scripts/run.py"],
            cwd=ROOT,
            env=environment(tmp_path, port),
            capture_output=True,
            text=True,
            check=False,
        )

    assert ended.returncode == 1
    assert ended.stderr == f"\nPort {port} is taken. Stop what uses it, or choose another: PORT={port + 1} make run\n\n"
