"""PDFs are opened in a process of their own, with limits on time and memory: the libraries that read them are large and
written in C and C++, and a file that breaks one must not take down a server at which others are uploading."""

from __future__ import annotations

import json
import os
import subprocess  # nosec B404  # our own reader, with no word from outside on its command line
import sys
from pathlib import Path
from typing import BinaryIO

from files.rules import refusals
from files.rules.refusals import Refused

SECONDS = 40
READER = Path(__file__).with_name("pdf_reader.py")
WHY = {
    "locked": refusals.LOCKED,
    "broken": refusals.BROKEN,
    "script": refusals.SCRIPT,
    "file_inside": refusals.FILE_INSIDE,
}


def text_of(file: BinaryIO) -> str:
    """The text of a PDF's first pages, with a form feed between pages. Raises `Refused`."""
    file.seek(0)
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    command = [sys.executable, "-I", str(READER)]
    try:
        done = subprocess.run(command, stdin=file, capture_output=True, timeout=SECONDS, check=False)  # nosec B603
    except subprocess.TimeoutExpired:
        raise Refused(refusals.SLOW) from None
    if done.returncode:
        raise Refused(refusals.BROKEN)
    found = json.loads(done.stdout)
    if found["state"] in WHY:
        raise Refused(WHY[found["state"]])
    return found["text"]
