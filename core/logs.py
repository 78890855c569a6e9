"""Logs are lines of JSON without personal data: no address, no query, no body, no e-mail, no name."""

from __future__ import annotations

import logging

from pythonjsonlogger.json import JsonFormatter


class JsonLines(JsonFormatter):
    """Time, level, logger and message, then what the caller added."""

    def __init__(self):
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", rename_fields={"asctime": "at"})


class Discreet(logging.Filter):
    """Django's own warnings quote the address that was asked for, and an address may carry a secret: drop it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.") and getattr(record, "request", None) is not None:
            match = record.request.resolver_match
            record.msg = f"{record.levelname.lower()} {getattr(record, 'status_code', '')}".strip()
            record.args = ()
            record.route = match.route if match else "none"
            record.request_id = getattr(record.request, "id", "")
            del record.request
        return True
