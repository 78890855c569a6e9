"""What typed answers mean, and what is still missing: the one shape that every part of an application is read into."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from providers.rules.draft import Answers
from providers.rules.offer import Offer


@dataclass(frozen=True)
class Problem:
    """Something missing or wrong, in words that say what to do. `field` names the field of the part's form. With `lot`
    (a lot's key) it concerns that lot alone; without, the whole application. `stops`: nothing can be submitted while
    it stands; everything else is submitted as it is, and named."""

    text: str
    field: str = ""
    lot: int | None = None
    stops: bool = False


@dataclass(frozen=True)
class Held:
    """A version of a document in the library. `usable` is false while it is infected; one that is still being scanned
    is usable. Days are days in England."""

    version: int
    item: int
    number: int
    title: str
    kind: str
    name: str
    sha256: str
    issued_on: dt.date | None
    expires_on: dt.date | None
    is_current: bool
    usable: bool


@dataclass(frozen=True)
class Bidder:
    """What the provider's registration and profile say of it."""

    provider_id: int
    name: str
    numbers: Mapping[str, str] = field(default_factory=dict)
    online_only: bool = False
    sole_tutor: bool = False
    registered_school: bool = False


@dataclass(frozen=True)
class Context:
    """What answers are read against. `today` is the day in England on which they are read; `library` is by version;
    `chosen` are the parts chosen in each lot (lot → parts' keys; empty for a lot without parts)."""

    offer: Offer
    bidder: Bidder
    library: Mapping[int, Held]
    today: dt.date
    chosen: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """What a part means: `values` is JSON-able and canonical (what is frozen at submission), `problems` what is left,
    `notices` what is good to know and leaves nothing undone. `begun` is whether anything was typed."""

    values: Mapping
    problems: tuple[Problem, ...] = ()
    begun: bool = False
    notices: tuple[Problem, ...] = ()

    @property
    def done(self) -> bool:
        """Nothing is missing."""
        return self.begun and not self.problems


Reader = Callable[[Answers, Context], Reading]
