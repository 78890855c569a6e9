"""Actions and things in plain words. Each app says its own in its `words.py`: `WORDS` (action → what happened) and
`THINGS` (kind of row, as `app.model` → what people call it) and, where operators shall not read of something, `OWN`
(how its actions begin). A house test demands words for every recorded action."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps


@cache
def _collected(shelf: str) -> dict[str, str]:
    found = {}
    for app in apps.get_app_configs():
        if find_spec(f"{app.name}.words"):
            found |= getattr(import_module(f"{app.name}.words"), shelf, {})
    return found


@cache
def own() -> tuple[str, ...]:
    """How actions begin that only the people of the organisation in whose record they stand may read, operators not:
    `OWN` of each app."""
    found = []
    for app in apps.get_app_configs():
        if find_spec(f"{app.name}.words"):
            found += getattr(import_module(f"{app.name}.words"), "OWN", ())
    return tuple(sorted(found))


def happened(action: str) -> str:
    """What an action is called on pages: `accounts.invitation.sent` → "Invitation sent"."""
    known = _collected("WORDS").get(action)
    if known:
        return known
    noun, _, verb = action.rpartition(".")
    return f"{thing(noun)} looked at" if verb == "read" else f"{thing(noun)} {verb.replace('_', ' ')}"


def thing(kind: str) -> str:
    """What a kind of row is called on pages: `accounts.membership` → "Role"."""
    return _collected("THINGS").get(kind) or kind.rpartition(".")[2].replace("_", " ").capitalize()


@cache
def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every action for a select list, in groups by what it happened to."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for action, words in _collected("WORDS").items():
        groups.setdefault(thing(action.rpartition(".")[0]), []).append((action, words))
    return [(group, sorted(actions, key=lambda pair: pair[1])) for group, actions in sorted(groups.items())]
