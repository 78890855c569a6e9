"""Logs are lines of JSON without personal data: no address, no query, no body, no email, no name.

Names of routes, numbers, ids and the places in our code are safe; what people typed is not. An exception is written as
its type and the lines of code that it came through. Its text is dropped, because databases and parsers quote the value
they choke on, and so is every argument of a message that somebody else's library logs.
"""

from __future__ import annotations

import datetime as dt
import logging
import traceback

from pythonjsonlogger.json import JsonFormatter

OURS = ("portal", "py.warnings")
TASKS = "celery"
SERVER = "gunicorn"


class JsonLines(JsonFormatter):
    """Time (UTC), level, logger and message, then what the caller added."""

    def __init__(self):
        super().__init__(
            "%(asctime)s %(levelname)s %(name)s %(message)s",
            rename_fields={"asctime": "at", "levelname": "level", "name": "logger"},
            json_ensure_ascii=False,
        )

    def formatTime(self, record, datefmt=None):
        return dt.datetime.fromtimestamp(record.created, tz=dt.UTC).isoformat(timespec="milliseconds")

    def formatException(self, exc_info):
        return "\n".join(_where(exc_info[1]))

    def formatStack(self, stack_info):
        return ""


def _where(error: BaseException | None) -> list[str]:
    """The type of each exception in the chain, the first cause last, and the code that it came through: file, line and
    function, without the text of the exception and without the values of variables."""
    lines, seen = [], set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
        for frame in traceback.extract_tb(error.__traceback__)[-30:]:
            lines.append(f"  {frame.filename}:{frame.lineno} {frame.name}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return lines


class Discreet(logging.Filter):
    """Takes out of a record what could name somebody, before any formatter sees it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.__dict__.get("_discreet"):
            return True  # another handler has been here
        record._discreet = True
        request = record.__dict__.pop("request", None)
        top = record.name.partition(".")[0]
        if top == "django":
            self._without_address(record, request)
        elif top == TASKS:
            self._without_arguments(record)
        elif not (record.name.startswith(OURS) or (top == SERVER and record.levelno <= logging.INFO)):
            self._without_values(record)
        return True

    def _without_address(self, record, request) -> None:
        """Django's warnings quote the address that was asked for, which may carry a secret, and the SQL that failed."""
        record.msg, record.args = f"{record.levelname.lower()} {getattr(record, 'status_code', '')}".strip(), ()
        for name in ("sql", "params", "alias", "duration", "server_time"):
            record.__dict__.pop(name, None)
        match = getattr(request, "resolver_match", None)
        if request is not None:
            record.route = match.route if match else "none"
            record.request_id = getattr(request, "id", "")

    def _without_arguments(self, record) -> None:
        """Celery puts a task's arguments and the text of its exception into the message: keep its name and id."""
        data = record.__dict__.pop("data", None)
        if isinstance(data, dict):
            record.msg = "task failed" if record.levelno >= logging.ERROR else "task"
            record.task, record.task_id = data.get("name", ""), data.get("id", "")
            record.args = ()
        elif record.levelno > logging.INFO:
            self._without_values(record)

    def _without_values(self, record) -> None:
        """A library's message keeps its template and loses what was filled in. One without a template may be nothing
        but what was filled in, so only its place in the code is kept."""
        template = record.msg if record.args and isinstance(record.msg, str) else "a library's message"
        record.msg, record.args = f"{template} ({record.pathname.rpartition('/')[2]}:{record.lineno})", ()
