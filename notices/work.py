"""Reading a notice's file, as a job. A messenger: it fetches the bytes, reads them, and calls one action."""

from __future__ import annotations

from core import clock
from core.access import System
from jobs.rules import Failed
from notices import permissions, store
from notices.actions import files
from notices.queries.files import file_to_read
from notices.rules import contents
from notices.rules.errors import BadNotice
from notices.states import FileState

READER = System(permissions.READER)
LOST = "The file did not reach us whole. Bring it in again."


def read(job, progress) -> str:
    """Read the file that the job is about. Raises `Failed` with what is wrong and where. Twice is harmless."""
    file = file_to_read(job.about_id)
    if file.state == FileState.RECEIVED:
        file = _read(file, progress)
    store.forget(file.stored_as)
    if file.state == FileState.REFUSED:
        raise Failed(_problem(file))
    return _result(file)


def _read(file, progress):
    try:
        with store.mapped(file.stored_as) as buffer:
            found = contents.read(buffer, progress=progress)
            return files.take_in(file=file, read=found, buffer=buffer, by=READER, at=clock.now())
    except BadNotice as problem:
        return files.refuse_file(file=file, problem=problem, by=READER, at=clock.now())
    except FileNotFoundError:
        return files.refuse_file(file=file, problem=BadNotice(LOST), by=READER, at=clock.now())


def _problem(file) -> str:
    where = f" Look at {file.problem_path}." if file.problem_path else ""
    return f"{file.problem.rstrip('.')}.{where} Nothing was taken from the file."


def _result(file) -> str:
    count = file.releases_count
    if not count:
        return "Everything in the file was already here."
    return f"{count:,} release{'s' if count > 1 else ''} read."
