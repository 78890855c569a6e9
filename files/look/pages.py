"""Drawing the pages of a PDF, or a picture, so that they can be looked at beside a standard: in a process of its own,
as PDFs are read (`files.look.pdf`), with limits on time and memory for the whole and on time for each page."""

from __future__ import annotations

import json
import os
import subprocess  # nosec B404  # our own reader, with no word from outside on its command line
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

SECONDS = 60  # for a file
MOST_PAGES = 60
MOST_ENDS = 3  # pages that may end the program before the rest is given up
READER = Path(__file__).with_name("pages_reader.py")


class NotDrawn(Exception):
    """No page of the file could be drawn."""


@dataclass(frozen=True)
class DrawnPage:
    """A page as a JPEG picture, sizes in pixels; without a picture where it could not be drawn."""

    number: int
    picture: Path | None = None
    width: int = 0
    height: int = 0


def draw(file: BinaryIO, folder: Path) -> tuple[int, list[DrawnPage]]:
    """How many pages the file has, and the first of them, drawn into the folder. Raises `NotDrawn`."""
    until, pages, drawn = time.monotonic() + SECONDS, 0, {}
    first = 1
    for _ in range(MOST_ENDS):
        said = list(_run(file, folder, first, until - time.monotonic()))
        pages = next((one["pages"] for one in said if "pages" in one), 0)
        drawn |= {one["number"]: one for one in said if "width" in one}
        begun = max((one["at"] for one in said if "at" in one), default=0)
        if {"done": True} in said or not begun or time.monotonic() >= until:
            break
        first = begun + 1
        if first > min(pages, MOST_PAGES):
            break
    if not drawn:
        raise NotDrawn
    return pages, [_page(number, drawn.get(number), folder) for number in range(1, min(pages, MOST_PAGES) + 1)]


def _run(file: BinaryIO, folder: Path, first: int, seconds: float) -> Iterator[dict]:
    """What the reader said before it ended; the last line says so where it came to its end."""
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    command = [sys.executable, "-I", str(READER), str(folder), str(first)]
    try:
        ended = subprocess.run(command, stdin=file, capture_output=True, timeout=max(1, seconds), check=False)  # nosec B603
        lines, well = ended.stdout, ended.returncode == 0
    except subprocess.TimeoutExpired as late:
        lines, well = late.stdout or b"", False
    for line in lines.splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            return  # cut off in the middle
    if well:
        yield {"done": True}


def _page(number: int, said: dict | None, folder: Path) -> DrawnPage:
    if said is None:
        return DrawnPage(number)
    return DrawnPage(number, folder / f"{number}.jpg", said["width"], said["height"])
