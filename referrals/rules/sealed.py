"""What is kept sealed: a frozen dataclass of texts, lists and plain parts, as JSON and back.

Whoever adds a field gives it a default: what was sealed before has none."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, is_dataclass
from typing import TypeVar, get_args, get_origin, get_type_hints

Kept = TypeVar("Kept")


def packed(thing) -> bytes:
    """As canonical JSON: keys in order, nothing between them."""
    return json.dumps(asdict(thing), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def unpacked(kind: type[Kept], raw: bytes) -> Kept:
    """The dataclass that `packed` wrote; nothing at all gives one with its defaults. Fields that it does not know are
    left out."""
    return _read(kind, json.loads(raw) if raw else {})


def _read(kind, found: dict):
    hints = get_type_hints(kind)
    known = {field.name for field in fields(kind)} & set(found)
    return kind(**{name: _value(hints[name], found[name]) for name in known})


def _value(hint, value):
    if get_origin(hint) is tuple:
        [inside, *_] = get_args(hint)
        return tuple(_read(inside, one) if is_dataclass(inside) else one for one in value)
    return value
