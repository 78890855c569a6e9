"""Two records of one pupil become one. Nothing that says of a child's health or risk is lost by leaving a field alone:
what only one record says goes over by itself, what both say differently somebody chooses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lots.rules.refusals import Refused
from referrals.rules.private import Contact, Private
from referrals.rules.pupils import Who

KEPT, GONE, BOTH = "kept", "gone", "both"


@dataclass(frozen=True)
class Part:
    """One thing that is chosen: the fields of `Who`, and of `Private`, that go together. `joins` is whether both may be
    kept, one after the other."""

    label: str
    who: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    joins: bool = False


PARTS = {
    "name": Part("Name", ("first_names", "last_name", "known_as")),
    "born_on": Part("Date of birth", ("born_on",)),
    "upn": Part("UPN", (), ("upn",)),
    "uln": Part("ULN", (), ("uln",)),
    "sex": Part("Sex", (), ("sex",)),
    "has_ehcp": Part("Education, health and care plan", ("has_ehcp",)),
    "looked_after": Part("Looked after by a council", ("looked_after",)),
    "need": Part("What the pupil needs", (), ("need",), joins=True),
    "health": Part("Health", (), ("health",), joins=True),
    "risks": Part("Risks", (), ("risks",), joins=True),
    "plan": Part("What the plan says", (), ("plan",), joins=True),
    "language": Part("Language at home", (), ("language",)),
    "address": Part("Address", (), ("street", "town", "postcode")),
}


def values(who: Who, name: str) -> tuple:
    """What a record says of a part."""
    part = PARTS[name]
    return tuple(getattr(who, one) for one in part.who) + tuple(getattr(who.private, one) for one in part.private)


def _says(found: tuple) -> bool:
    return any(one or isinstance(one, bool) for one in found)


def differing(kept: Who, gone: Who) -> list[str]:
    """The parts of which both records say something, and not the same."""
    found = []
    for name in PARTS:
        one, other = values(kept, name), values(gone, name)
        if one != other and _says(one) and _says(other):
            found.append(name)
    return found


def safer(kept: Who, gone: Who, name: str) -> str:
    """What stands chosen before: both texts, the record that says yes, else the one that is kept."""
    if PARTS[name].joins:
        return BOTH
    return GONE if values(gone, name) == (True,) else KEPT


def merged(kept: Who, gone: Who, choices: Mapping[str, str]) -> Who:
    """The record as it will be. `choices` says of each part that differs whose word it is. Kinds of need and contacts
    are those of both. Raises `Refused` with the part as its field where nothing was chosen."""
    who, private = {}, {}
    apart = differing(kept, gone)
    for name, part in PARTS.items():
        choice = choices.get(name, "") if name in apart else (KEPT if _says(values(kept, name)) else GONE)
        if choice not in {KEPT, GONE, *([BOTH] if part.joins else [])}:
            raise Refused(f"Choose which is right: {part.label.lower()}", field=name)
        source = gone if choice == GONE else kept
        who |= {one: getattr(source, one) for one in part.who}
        private |= {one: getattr(source.private, one) for one in part.private}
        if choice == BOTH:
            [text] = part.private
            private[text] = f"{getattr(kept.private, text)}\n\n{getattr(gone.private, text)}"
    private["needs"] = tuple(dict.fromkeys(kept.private.needs + gone.private.needs))
    private["contacts"] = _contacts(kept.private.contacts, gone.private.contacts)
    reason = "" if private["upn"] else kept.no_upn_reason or gone.no_upn_reason
    return replace(kept, **who, no_upn_reason=reason, private=Private(**private))


def _contacts(kept: tuple[Contact, ...], gone: tuple[Contact, ...]) -> tuple[Contact, ...]:
    return tuple(dict.fromkeys(kept + gone))


def check_pair(*, kept: int, gone: int, same_commissioner: bool, moving: bool) -> None:
    """Two records of one commissioner, neither on its way to another. Raises `Refused`."""
    if kept == gone or not same_commissioner:
        raise Refused("Choose two records of the same school, trust or council")
    if moving:
        raise Refused("One of the two is offered to another commissioner. Take that back first")
