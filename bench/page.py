"""What a measured page is, and how many rows are made at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

_CHUNK = 5000
AT = dt.datetime(2026, 1, 5, 9, 0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Page:
    """`fill(world, first, last)` makes rows number `first` up to and without `last`. `rows` stand on a page."""

    name: str
    who: str
    address: Callable
    fill: Callable
    rows: int = 50


def in_chunks(model, first: int, last: int, make: Callable) -> list:
    """Rows number `first` up to and without `last`, written a few thousand at a time."""
    made = []
    for start in range(first, last, _CHUNK):
        made += model.objects.bulk_create([make(number) for number in range(start, min(start + _CHUNK, last))])
    return made


def nothing_more(world, first: int, last: int) -> None:
    """The rows of another page serve."""


def of(name: str, organisation: str | None = None) -> Callable:
    """The address of a page about one of the cast's organisations, or about none."""
    return lambda world: reverse(name, args=[getattr(world, organisation).pk] if organisation else [])
