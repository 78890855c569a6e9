"""The portal as it is served: gunicorn with its workers, which may be killed one by one."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from bench.noon.cluster import free_port

ROOT = Path(__file__).resolve().parent.parent.parent


class Server:
    """One gunicorn over the database that `environment` names."""

    def __init__(self, environment: dict[str, str], *, log: Path):
        self.port = free_port()
        self.environment = os.environ | environment | {"PORT": str(self.port), "HOST": "127.0.0.1"}
        self.log = log

    def start(self) -> None:
        """Start, and wait until a page comes."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(Path(sys.executable).parent / "gunicorn"), "apframework.wsgi"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=1):
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(self.log.read_text()[-2000:])

    def workers(self) -> list[int]:
        """The workers' process numbers."""
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)
        pairs = [line.split() for line in listed.stdout.splitlines()]
        return [int(pid) for pid, parent in pairs if int(parent) == self.process.pid]

    def kill_a_worker(self) -> None:
        """The first of them, as the kernel does when memory is short. gunicorn starts another."""
        for pid in self.workers()[:1]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
