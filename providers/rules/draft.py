"""A draft: what was typed, part by part, exactly as it was typed. Nothing is thrown away because it is wrong.

A part is known by its code: `organisation`, `exclusion`, `connected`, `conflicts`, `lots`, `prices`, `declarations`,
and `standard:<key>` for each standard. It has a revision of its own, so that two tabs on two parts never meet, and two
tabs on one part are told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

Typed = str | list[str]
Answers = Mapping[str, Typed]
LARGEST_DRAFT = 2_000_000  # bytes; 21 standards with two full pages each are a tenth of it

CODES = ("organisation", "exclusion", "connected", "conflicts", "lots", "prices", "declarations")


@dataclass(frozen=True)
class Part:
    """What was typed in one part. `saved_at` is ISO 8601 in UTC, `saved_by` a person's key. `carried`: taken over from
    an earlier application and not looked at since."""

    answers: Answers = field(default_factory=dict)
    revision: int = 0
    saved_at: str = ""
    saved_by: int | None = None
    carried: bool = False


Draft = Mapping[str, Part]
NOTHING = Part()


class Stale(Exception):
    """Somebody saved this part since the page was opened. `theirs` is what stands, nothing of it was overwritten."""

    def __init__(self, theirs: Part):
        super().__init__("This part was changed since you opened it")
        self.theirs = theirs


def to_bytes(draft: Draft) -> bytes:
    """The draft as JSON."""
    return json.dumps(
        {
            code: {
                "answers": dict(part.answers),
                "revision": part.revision,
                "saved_at": part.saved_at,
                "saved_by": part.saved_by,
                "carried": part.carried,
            }
            for code, part in draft.items()
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode("utf-8", "surrogatepass")


def from_bytes(raw: bytes) -> dict[str, Part]:
    """The same back."""
    return {code: Part(**part) for code, part in json.loads(raw.decode("utf-8", "surrogatepass")).items()}


def changed(draft: Draft, code: str, answers: Answers, *, revision: int, saved_at: str, saved_by: int | None) -> dict:
    """The draft with one part typed anew. Raises `Stale` unless `revision` is the one that stands."""
    was = draft.get(code, NOTHING)
    if was.revision != revision:
        raise Stale(was)
    return dict(draft) | {code: Part(answers, was.revision + 1, saved_at, saved_by)}
