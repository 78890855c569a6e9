"""Print the Chromium that the browser tests will use: `$CHROMIUM`, one on the path, or Playwright's own. Exit 1 if
none of them starts."""

from __future__ import annotations

import os
import shutil
import subprocess  # nosec B404
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def candidates():
    """Every place to look, best first."""
    if os.environ.get("CHROMIUM"):
        yield os.environ["CHROMIUM"]
    yield from filter(None, map(shutil.which, NAMES))
    yield from (path for path in MAC if Path(path).exists())
    try:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            yield playwright.chromium.executable_path
    except Exception:  # Playwright without its browser: there is simply one candidate fewer
        return


def starts(path: str) -> bool:
    """Whether it answers with its version (a snap's stub on Ubuntu does not)."""
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False)  # nosec B603
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and b"Chrom" in answer.stdout


def find() -> str | None:
    """The first that starts."""
    return next((path for path in candidates() if Path(path).exists() and starts(path)), None)


if __name__ == "__main__":
    found = find()
    if not found:
        sys.exit(1)
    print(found)
