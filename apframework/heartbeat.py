"""A sign of life: a file whose age says when its process was last well."""

from __future__ import annotations

import contextlib
from pathlib import Path

from django.conf import settings


def beat(**kwargs) -> None:
    """Touch the file that `HEARTBEAT_FILE` names; without one, nothing. A full disk must not stop what is alive."""
    if not settings.HEARTBEAT_FILE:
        return
    with contextlib.suppress(OSError):
        file = Path(settings.HEARTBEAT_FILE)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
