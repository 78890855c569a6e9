"""Celery's messages as files in a folder, for a machine without Redis (`make run`). kombu's filesystem transport, with
what it leaves out: a message appears whole or not at all, is taken by one worker only, stays on the same disk, and one
that cannot be read is put aside instead of stopping the worker."""

from __future__ import annotations

import time
import uuid
from pathlib import Path
from queue import Empty

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads


class Channel(filesystem.Channel):
    """Writes beside and renames; takes by renaming, which only one worker can do."""

    def _put(self, queue, payload, **kwargs):
        folder = Path(self.data_folder_out)
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
        unfinished = folder / f".{name}.part"
        unfinished.write_text(dumps(payload))
        unfinished.rename(folder / name)

    def _get(self, queue):
        for path in sorted(Path(self.data_folder_in).glob(f"*.{queue}.msg")):
            taken = Path(self.processed_folder) / path.name
            try:
                path.rename(taken)
            except FileNotFoundError:
                continue  # somebody else was quicker
            try:
                payload = loads(taken.read_text())
            except ValueError:
                taken.rename(taken.with_suffix(".unreadable"))
                continue
            taken.unlink()
            return payload
        raise Empty


class Transport(filesystem.Transport):
    """kombu's, with our channel."""

    Channel = Channel


def sweep_out(folder: Path) -> None:
    """Empty the broker's folder before anything runs. Nothing is lost: what is to be done stands in the database, and
    beat asks again within seconds."""
    for path in folder.glob("*/*"):
        path.unlink(missing_ok=True)
