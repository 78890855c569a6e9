"""Asking ClamAV, at the address that `CLAMD_URL` names: `tcp://host:port` or `unix:///path`."""

from __future__ import annotations

from typing import BinaryIO
from urllib.parse import urlsplit

from clamav_client.clamd import BufferTooLongError, ClamdError, ClamdNetworkSocket, ClamdUnixSocket
from django.conf import settings

from files.rules.scans import SCAN_SECONDS

PORT = 3310


class Unavailable(Exception):
    """The scanner did not answer, or not as it should: it is asked again later."""


class TooLong(Unavailable):
    """The scanner takes no file of this size (`StreamMaxLength` of its own settings)."""


def scan(content: BinaryIO) -> str:
    """What the scanner calls the virus that it found, or nothing. Raises `Unavailable`."""
    try:
        answer = _scanner().instream(content)
    except BufferTooLongError as error:
        raise TooLong from error
    except (ClamdError, OSError, UnicodeDecodeError) as error:
        raise Unavailable(type(error).__name__) from error
    status, found = next(iter(answer.values()), ("", None))
    if status == "FOUND":
        return found or "unnamed"
    if status == "OK":
        return ""
    raise Unavailable(status or "no answer")


def _scanner() -> ClamdNetworkSocket:
    url = urlsplit(settings.CLAMD_URL)
    if url.scheme == "unix":
        return ClamdUnixSocket(path=url.path, timeout=SCAN_SECONDS)
    return ClamdNetworkSocket(host=url.hostname, port=url.port or PORT, timeout=SCAN_SECONDS)
