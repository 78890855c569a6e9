"""Signing in: how long to wait after a wrong password, whose address a request has, when a session is over, which
typed answers may be kept, and which identity provider may speak for which address."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping

FREE_FAILURES = 3
LONGEST_WAIT = 60  # seconds
ADDRESS_FAILURES = 600  # in ten minutes: a school of 300 behind one address, each wrong twice, does not reach it
_SECRET = re.compile(r"passw|passphrase|secret|token|credential|\bcode|_code|otp|pin$", re.IGNORECASE)


def wait_after(failures: int) -> int:
    """Seconds to wait after so many failures in a row: none for the first three, then 1, 2, 4, … up to 60."""
    if failures <= FREE_FAILURES:
        return 0
    return min(2 ** min(failures - FREE_FAILURES - 1, 6), LONGEST_WAIT)


def in_words(seconds: int) -> str:
    """ "1 second", "8 seconds"."""
    return "1 second" if seconds == 1 else f"{seconds} seconds"


def client_address(remote: str, forwarded: str, proxies: int) -> str:
    """Where a request came from: the peer itself, or with `proxies` trusted ones in front, the entry that many places
    from the right of X-Forwarded-For. What stands further left was written by the client and changes nothing.

    An entry that is no address (or a header that is too short) gives the peer: never an error, never a free name.
    """
    if proxies > 0:
        entries = [entry.strip() for entry in forwarded.split(",")]
        if len(entries) >= proxies:
            found = _address(entries[-proxies])
            if found:
                return found
    return _address(remote) or "0.0.0.0"  # nosec: a label for "unknown", nothing is bound to it


def _address(text: str) -> str:
    text = text.removeprefix("[").partition("]")[0] if text.startswith("[") else text
    if re.fullmatch(r"[0-9.]+:[0-9]+", text):
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""


def address_group(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 that one IPv6 customer is given."""
    found = ipaddress.ip_address(address)
    if found.version == 6:
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network(f"{found}/64", strict=False).network_address)
    return address


def session_over(*, began: int, seen: int, now: int, idle_minutes: int, hours: int) -> str:
    """Why a session is over ("idle" or "absolute"), or "" while it is not. Moments are seconds since 1970; exactly at
    the limit it still lives."""
    if now - began > hours * 3600:
        return "absolute"
    if now - seen > idle_minutes * 60:
        return "idle"
    return ""


def may_be_kept(field: str) -> bool:
    """Whether what was typed into a field may be kept for after signing in again: nothing that is itself a secret,
    and nothing that our own machinery puts into a form."""
    return field != "csrfmiddlewaretoken" and field != "held_answers" and not _SECRET.search(field)


def kept_answers(fields: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """The answers that may be kept, in the order in which they were sent."""
    return {field: list(values) for field, values in fields.items() if may_be_kept(field)}


def may_vouch_for(domains: Iterable[str], address: str) -> bool:
    """An identity provider speaks only for addresses of its own domains ("*" stands for every domain, for a national
    service such as the DfE's); a subdomain is another domain."""
    domain = address.rpartition("@")[2].lower()
    wanted = {entry.lower() for entry in domains}
    return bool(domain) and ("*" in wanted or domain in wanted)


_BROWSERS = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("CriOS/", "Chrome"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
]
_SYSTEMS = [
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("CrOS", "a Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "a Mac"),
    ("Linux", "Linux"),
]


def device(user_agent: str) -> str:
    """A browser's own description in plain words: "Chrome on Windows"."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "A browser")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser
