"""A PostgreSQL server of our own, which may be killed: a fresh cluster in a folder, gone afterwards."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

ROLE = "postgres"  # of the cluster, and its database


class NoServer(RuntimeError):
    """There is no PostgreSQL on this machine that we could start."""


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _programs() -> Path:
    """Where `initdb` and `postgres` are. Raises `NoServer`."""
    places = [Path(found).parent] if (found := shutil.which("postgres")) else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    places += [Path(place) for place in ("/opt/homebrew/opt/postgresql/bin", "/usr/local/opt/postgresql/bin")]
    for place in places:
        if all((place / program).exists() for program in ("initdb", "postgres", "pg_isready")):
            return place
    raise NoServer("PostgreSQL's initdb was not found: install PostgreSQL 15 or newer on this machine")


class Cluster:
    """Started with `start`, killed with `kill`, started again over what the disk holds."""

    def __init__(self, *, synchronous: bool = True):
        self.programs, self.port = _programs(), free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="portal-noon-", dir="/tmp"))
        self.synchronous = synchronous
        # PostgreSQL does not run as root: there its own account serves.
        self.account = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
        if self.account:
            shutil.chown(self.folder, "postgres", "postgres")
        self._run("initdb", "-D", str(self.folder / "data"), "-U", ROLE, "--auth=trust", "--no-instructions")

    @property
    def url(self) -> str:
        return f"postgres://{ROLE}@127.0.0.1:{self.port}/{ROLE}"

    def start(self) -> None:
        """Start, and wait until it answers. A server that lies about what is safe writes its log late, so that what
        it loses can be seen."""
        options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "200"}
        if not self.synchronous:
            options |= {"synchronous_commit": "off", "wal_writer_delay": "10s", "wal_writer_flush_after": "0"}
        command = [str(self.programs / "postgres"), "-D", str(self.folder / "data"), "-p", str(self.port)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd="/", start_new_session=True, **self.account
            )
        for _ in range(300):
            ready = [str(self.programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
            if subprocess.run(ready, check=False).returncode == 0:
                return
            time.sleep(0.1)
        raise NoServer((self.folder / "log").read_text()[-2000:])

    def kill(self) -> None:
        """As when the power goes: every process of the server at once, with no chance to tidy up."""
        pids = [self.process.pid, *self._children()]
        for pid in pids:
            _signal(pid, signal.SIGSTOP)  # nobody sees the other die and writes what it holds
        for pid in pids:
            _signal(pid, signal.SIGKILL)
        self.process.wait()
        for _ in range(100):
            if not any(Path(f"/proc/{pid}").exists() for pid in pids):
                return
            time.sleep(0.05)

    def _children(self) -> list[int]:
        listed = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
        ).stdout.splitlines()
        pairs = [line.split() for line in listed]
        return [int(pid) for pid, parent in pairs if int(parent) == self.process.pid]

    def remove(self) -> None:
        """Stop it and leave nothing."""
        if hasattr(self, "process") and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self.programs / program), *arguments],
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
            **self.account,
        )
        if done.returncode:
            raise NoServer(done.stderr[-2000:])


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
