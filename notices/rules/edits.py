"""Changing a notice: only the bytes of what is changed are written anew, everything else stays as it was spelled."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from notices.rules import tree
from notices.rules.errors import BadNotice
from notices.rules.paths import Path, get, text
from notices.rules.scan import Cursor, begins

_HALF_PAIR = re.compile("[\ud800-\udfff]")
_LONGEST_PLAIN = 40  # digits; a number beyond them is written with an exponent


class _Absent:
    """Nothing stands there: what `old` is for something new, and `new` for something that goes."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()


@dataclass(frozen=True)
class Edit:
    """At `path`, `new` instead of `old`. Values are as `tree.read` gives them; a number is a `Decimal` or an `int`.

    `old` ABSENT puts a key last into its object, or an item behind the last of its list; `new` ABSENT takes it out.
    Positions in lists are those before any of the edits."""

    path: Path
    old: object
    new: object


def apply(body: bytes, edits: Iterable[Edit]) -> bytes:
    """The notice with all edits made at once.

    Raises `BadNotice` where the place is not there, where it no longer says `old`, where two edits meet."""
    edits = [edit for edit in edits if not tree.same(edit.old, edit.new)]
    if not edits:
        return body
    now = tree.read(body)
    asked = _Asked()
    for edit in edits:
        _check(now, edit)
        _put(asked, edit)
    splices: list[_Splice] = []
    _collect(Cursor(body, begins(body)), asked, splices)
    parts, at = [], 0
    for splice in sorted(splices, key=lambda splice: (splice.start, splice.end)):
        parts += [body[at : splice.start], splice.put.encode()]
        at = splice.end
    return b"".join([*parts, body[at:]])


def _check(now, edit: Edit) -> None:
    found = get(now, edit.path, ABSENT)
    if edit.old is ABSENT:
        if found is not ABSENT:
            raise BadNotice("There is something already where this was to be added", text(edit.path))
        parent = get(now, edit.path[:-1], ABSENT)
        if not isinstance(parent, list if isinstance(edit.path[-1], int) else dict):
            raise BadNotice("There is nothing that this could be added to", text(edit.path))
    elif found is ABSENT:
        raise BadNotice("This place is not in the notice", text(edit.path))
    elif not tree.same(found, edit.old):
        raise BadNotice("The notice no longer says what was to be changed here", text(edit.path))


class _Asked:
    """What is asked for at one place: an edit of it, or edits of what stands in it, by key or position."""

    def __init__(self):
        self.edit: Edit | None = None
        self.inside: dict[str | int, _Asked] = {}


def _put(asked: _Asked, edit: Edit) -> None:
    for step in edit.path:
        asked = asked.inside.setdefault(step, _Asked())
        if asked.edit:
            break
    if asked.edit or asked.inside:
        raise BadNotice("Two changes touch this place", text(edit.path))
    asked.edit = edit


class _Splice(NamedTuple):
    """Text to put in place of the bytes from `start` to `end`."""

    start: int
    end: int
    put: str


class _Entry(NamedTuple):
    """A member of an object or an item of a list, from its key on; `colon` is what stands between key and value."""

    step: str | int
    start: int
    end: int
    colon: str


def _collect(cursor: Cursor, asked: _Asked, splices: list[_Splice]) -> None:
    """The splices of the value that the cursor stands at, which is gone past."""
    kind, start = cursor.first(), cursor.at
    if asked.edit:
        splices.append(_Splice(start, cursor.skip(), spelled(asked.edit.new)))
        return
    entries, within = [], {}
    for key in cursor.members() if kind == "{" else cursor.items():
        cursor.first()
        step, begin, value = (key, cursor.at, cursor.at) if kind == "[" else (key.key, key.start, cursor.at)
        within[step] = _within(cursor, asked.inside.get(step))
        colon = "" if kind == "[" else cursor.buffer[key.end : value].decode()
        entries.append(_Entry(step, begin, cursor.at, colon))
    for found in within.values():
        splices += found
    gone = {step for step, one in asked.inside.items() if one.edit and one.edit.new is ABSENT}
    new = [one.edit for one in asked.inside.values() if one.edit and one.edit.old is ABSENT]
    splices += _removals(entries, gone)
    splices += _additions(cursor.buffer, start, entries, gone, sorted(new, key=_position))


def _within(cursor: Cursor, asked: _Asked | None) -> list[_Splice]:
    """What changes inside an entry. What is taken out or added is the business of what holds it."""
    found: list[_Splice] = []
    if asked is None or (asked.edit and asked.edit.new is ABSENT):
        cursor.skip()
    else:
        _collect(cursor, asked, found)
    return found


def _position(edit: Edit) -> int:
    last = edit.path[-1]
    return last if isinstance(last, int) else 0


def _removals(entries: list[_Entry], gone: set) -> list[_Splice]:
    """Each entry with the comma before it; with the one behind it while nothing that stays comes before."""
    found, kept_before = [], False
    for place, entry in enumerate(entries):
        if entry.step not in gone:
            kept_before = True
        elif kept_before:
            found.append(_Splice(entries[place - 1].end, entry.end, ""))
        elif place + 1 < len(entries):
            found.append(_Splice(entry.start, entries[place + 1].start, ""))
        else:
            found.append(_Splice(entry.start, entry.end, ""))
    return found


def _additions(buffer: bytes, start: int, entries: list[_Entry], gone: set, new: list[Edit]) -> list[_Splice]:
    """What is added, behind the last entry, in the manner of the first: its indentation and its colon."""
    if not new:
        return []
    colon = entries[0].colon if entries else ": "
    gap = _gap(buffer, start, entries)
    held = len([entry for entry in entries if entry.step not in gone])
    for place, edit in enumerate(new):
        if isinstance(edit.path[-1], int) and edit.path[-1] != len(entries) + place:
            raise BadNotice("There is a gap in the list before this", text(edit.path))
    written = [
        spelled(edit.new) if isinstance(edit.path[-1], int) else f"{_quoted(edit.path[-1])}{colon}{spelled(edit.new)}"
        for edit in new
    ]
    at = entries[-1].end if entries else start + 1
    return [_Splice(at, at, ("," + gap if held else "") + f",{gap}".join(written))]


def _gap(buffer: bytes, start: int, entries: list[_Entry]) -> str:
    """What stands between a comma and the next entry; with one entry, what stands before it or behind its colon."""
    if len(entries) > 1:
        return buffer[entries[0].end : entries[1].start].decode().partition(",")[2]
    if not entries:
        return " "
    return buffer[start + 1 : entries[0].start].decode() or entries[0].colon.partition(":")[2]


def spelled(value) -> str:
    """The value as JSON on one line. Numbers stand without exponent up to 40 digits, without zeros at the end.

    Raises `TypeError` for what JSON does not have and for a float, which no longer says what it was."""
    if isinstance(value, str):
        return _quoted(value)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal) and value.is_finite():
        return _number(value)
    if isinstance(value, list):
        return f"[{', '.join(map(spelled, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(key)}: {spelled(one)}" for key, one in value.items()) + "}"
    raise TypeError(f"{type(value).__name__} has no place in a notice")


def _quoted(words: str) -> str:
    return _HALF_PAIR.sub(lambda half: f"\\u{ord(half[0]):04x}", json.dumps(words, ensure_ascii=False))


def _number(value: Decimal) -> str:
    _, digits, exponent = value.as_tuple()
    if max(len(digits) + abs(exponent), abs(value.adjusted())) > _LONGEST_PLAIN:
        return str(value)
    plain = format(value, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
