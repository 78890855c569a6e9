"""What a seal is made of: canonical text and SHA-256, the same on every database and in any other program.

An event's digest is SHA-256 over its JSON object with exactly the keys of `FIELDS`, sorted, no spaces, non-ASCII
characters escaped, integers as digits, the time as `2026-11-22T08:18:39.123456Z` (UTC, always six decimals).
A seal's hash is SHA-256 over lines joined by a line feed: the previous hash, the seal's time, the number of events,
then one line `id:digest` per event in order of id. The first seal's previous hash is 64 zeros.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

FIELDS = ("id", "at", "action", "by_id", "by_label", "about_type", "about_id", "organisation_id", "data")
GENESIS = "0" * 64


class BadData(TypeError):
    """An event's data holds something other than ids and labels: a mistake of the programmer, found in tests."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with the record, in words that name it. `kind` is for programs."""

    kind: str
    words: str


def check_data(value, *, depth: int = 0) -> None:
    """Raise `BadData` unless this is text without NUL, a whole number, a yes or no, nothing, or lists and mappings of
    those: what both databases give back exactly as it was written. A float or a date is not."""
    if isinstance(value, dict) and depth < 4:
        for key, inner in value.items():
            if not isinstance(key, str):
                raise BadData(f"A key of an event's data must be text, not {key!r}")
            check_data(inner, depth=depth + 1)
    elif isinstance(value, list | tuple) and depth < 4:
        for inner in value:
            check_data(inner, depth=depth + 1)
    elif isinstance(value, str):
        if "\x00" in value:
            raise BadData("Text in an event's data must not hold a NUL")
    elif value is not None and not isinstance(value, int):
        raise BadData(f"An event's data holds ids and labels only, not {type(value).__name__}")


def moment(at: dt.datetime) -> str:
    """A time as the digests spell it."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def digest(event: Mapping) -> str:
    """SHA-256 of one event (a mapping with the keys of `FIELDS`)."""
    whole = {field: event[field] for field in FIELDS} | {"at": moment(event["at"])}
    text = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def link(previous_hash: str, at: dt.datetime, digests: Iterable[tuple[int, str]]) -> str:
    """SHA-256 of one seal; `digests` are pairs of event id and digest, in order of id."""
    lines = [f"{event}:{digest}" for event, digest in digests]
    return hashlib.sha256("\n".join([previous_hash, moment(at), str(len(lines)), *lines]).encode()).hexdigest()


def faults_of_seal(seal: Mapping, previous_hash: str, items: Mapping[int, str], events: Mapping[int, str]):
    """What is wrong with one seal: `items` are the digests as sealed, `events` the digests as the events are now."""
    yield from _faults_of_chain(seal, previous_hash, items)
    yield from _faults_of_events(seal["id"], items, events)


def _faults_of_chain(seal: Mapping, previous_hash: str, items: Mapping[int, str]) -> Iterator[Fault]:
    name = f"Seal {seal['id']}"
    if seal["previous_hash"] != previous_hash:
        yield Fault("chain", f"{name} does not follow the seal before it: a seal was removed, added or changed")
    if len(items) != seal["events"]:
        yield Fault("missing", f"{name} was made over {seal['events']} events and now has {len(items)}")
    elif link(seal["previous_hash"], seal["at"], sorted(items.items())) != seal["hash"]:
        yield Fault("seal", f"{name} was changed: its hash is not that of its contents")


def _faults_of_events(seal: int, items: Mapping[int, str], events: Mapping[int, str]) -> Iterator[Fault]:
    for event in sorted(items):
        if event not in events:
            yield Fault("missing", f"Event {event} is gone; it was sealed under seal {seal}")
        elif events[event] != items[event]:
            yield Fault("tampered", f"Event {event} was changed after it was sealed under seal {seal}")
