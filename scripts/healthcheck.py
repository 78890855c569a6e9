"""Whether this container is well, for Docker's health check: exit code 0 or 1, and one line that says why.

With `HEARTBEAT_FILE` (workers, beat, tick): the file was touched in the last `HEARTBEAT_SECONDS` (60). Without: the web
server answers `/healthz`, asked under a name that it answers to. Standard library only, so that it is quick.
"""

from __future__ import annotations

import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path


def heartbeat(file: Path, most_seconds: float) -> str:
    """Empty when the file is fresh, else what is wrong."""
    try:
        age = time.time() - file.stat().st_mtime
    except FileNotFoundError:
        return "no heartbeat yet"
    return "" if age <= most_seconds else f"the last heartbeat is {age:.0f} seconds old"


def web(port: str, allowed_hosts: str) -> str:
    """Empty when the web server answers, else what is wrong."""
    host = allowed_hosts.split(",")[0].strip().lstrip(".")
    if host in {"", "*"}:
        host = "localhost"
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:  # nosec B310 - http to this machine
            return "" if answer.status == 200 else f"the web server answers {answer.status}"
    except urllib.error.HTTPError as error:
        return f"the web server answers {error.code}"
    except OSError as error:
        return f"the web server does not answer ({type(error).__name__})"


def main() -> int:
    file = os.environ.get("HEARTBEAT_FILE", "")
    if file:
        wrong = heartbeat(Path(file), float(os.environ.get("HEARTBEAT_SECONDS", "60")))
    else:
        wrong = web(os.environ.get("PORT", "8000"), os.environ.get("ALLOWED_HOSTS", ""))
    print(wrong or "well")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
