"""Quality standards as plain text: what is copied from version to version, compared, and loaded. No rows.

A version is edited until it is fixed; what a framework took over is a copy that never changes (s.45: those who bid must
be able to rely on what is asked).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lots.rules.refusals import Refused
from lots.states import AppliesHow, AppliesTo, EvidenceKind, OnExpiry


@dataclass(frozen=True)
class EvidenceText:
    """What a provider shows. `months` is how long a certificate counts that bears no end date."""

    kind: str
    title: str
    months: int | None = None
    on_expiry: str = "nothing"
    required: bool = True

    def __str__(self) -> str:
        parts = [f"{self.title} ({EvidenceKind(self.kind).label.lower()}"]
        if self.months:
            parts.append(f"counts for {self.months} months")
        if self.on_expiry != OnExpiry.NOTHING:
            parts.append(f"when it runs out: {OnExpiry(self.on_expiry).label.lower()}")
        if not self.required:
            parts.append("if there is any")
        return ", ".join(parts) + ")"


@dataclass(frozen=True)
class AppliesText:
    """For whom the standard is asked otherwise."""

    to: str
    how: str
    instead: str = ""

    def __str__(self) -> str:
        return (
            f"{AppliesTo(self.to).label}: {AppliesHow(self.how).label.lower()}{self.instead and f' ({self.instead})'}"
        )


@dataclass(frozen=True)
class StandardText:
    """One standard. `measures` are names of themes of the daily measures."""

    number: str
    title: str
    good_looks_like: str = ""
    safeguarding: bool = False
    measures: tuple[str, ...] = ()
    evidence: tuple[EvidenceText, ...] = ()
    applies: tuple[AppliesText, ...] = ()


@dataclass(frozen=True)
class ThemeText:
    """A part of the standards, judged as a whole."""

    number: str
    title: str
    standards: tuple[StandardText, ...] = ()


@dataclass(frozen=True)
class VersionText:
    """A whole version."""

    kpi_themes: tuple[str, ...] = ()
    themes: tuple[ThemeText, ...] = ()

    def standards(self) -> Iterator[tuple[ThemeText, StandardText]]:
        """Every standard with its theme, in order."""
        return ((theme, standard) for theme in self.themes for standard in theme.standards)


@dataclass(frozen=True)
class Change:
    """A difference between two versions. Nothing before is an addition, nothing after a removal."""

    where: str
    what: str
    before: str = ""
    after: str = ""


def check_editable(fixed_at: dt.datetime | None, *, in_framework: bool) -> None:
    """Only a version that is being written can be changed."""
    if in_framework:
        raise Refused("These standards belong to a framework that was published, and cannot change")
    if fixed_at is not None:
        raise Refused("This version is final and cannot change. Begin a new version to change the standards")


def check_can_begin(unfinished: bool) -> None:
    """One version of a set is written at a time."""
    if unfinished:
        raise Refused("A new version of these standards is being written already. Finish or discard it first")


def check_can_fix(text: VersionText) -> None:
    """A version that is fixed asks for something: a provider could not show a standard without evidence."""
    found = list(text.standards())
    if not found:
        raise Refused("Add at least one standard before you make this version final")
    bare = [standard.number for _, standard in found if not standard.evidence]
    if bare:
        raise Refused(f"Say what providers show for {', '.join(bare)} before you make this version final")
    empty = [theme.number for theme in text.themes if not theme.standards]
    if empty:
        raise Refused(f"Part {', '.join(empty)} has no standards. Add one or remove the part")


def check_can_choose(fixed_at: dt.datetime | None, *, in_framework: bool) -> None:
    """A framework takes over a version that does not change any more."""
    if in_framework:
        raise Refused("Choose a version of a set, not the copy of another framework")
    if fixed_at is None:
        raise Refused("This version is still being written. Make it final before a framework takes it over")


def check_can_copy(fixed_at: dt.datetime | None) -> None:
    """Only what does not change any more is copied: the copy says what it was copied from."""
    if fixed_at is None:
        raise Refused("This version is still being written. It can be copied once it is final")


def check_owner(owner_id: int | None, buyer_id: int) -> None:
    """A framework takes over national standards or its buyer's own."""
    if owner_id not in {None, buyer_id}:
        raise Refused("Choose national standards or some of your own")


def in_order(number: str) -> list[tuple[int, str]]:
    """The key that sorts numbers as people read them: 1.2 before 1.10, 2 before A."""
    parts = re.findall(r"[0-9]+|[^0-9.]+", number.casefold())
    return [(int(part), "") if part.isdecimal() else (10**10, part) for part in parts]


def check_free(value: str, others: Iterable[str], *, field: str, what: str) -> None:
    """No two of one version have the same number or name."""
    if value.casefold() in {other.casefold() for other in others}:
        raise Refused(f"There is already {what} “{value}” here", field=field)


def check_evidence(kind: str, months: int | None, on_expiry: str) -> None:
    """Only a certificate has a date, so only a certificate runs out."""
    if kind != EvidenceKind.CERTIFICATE and (months is not None or on_expiry != OnExpiry.NOTHING):
        raise Refused("Only a certificate runs out. Leave the months empty and choose “Nothing”", field="on_expiry")


def differences(before: VersionText, after: VersionText) -> tuple[Change, ...]:
    """What changed from one version to another. A standard is known by its number, or else by its title."""
    changes = _of_names("Daily measures", before.kpi_themes, after.kpi_themes)
    olds, news = dict(_by_number(before)), dict(_by_number(after))
    changes += _of_themes(before, after)
    gone = {old.title: number for number, (_, old) in olds.items() if number not in news}
    for number, (theme, new) in news.items():
        was = olds.get(number) or olds.get(gone.pop(new.title, ""))
        if was is None:
            changes.append(Change(f"{number} {new.title}", "Added", after=_whole(theme, new)))
        else:
            changes += _of_standard(*was, theme, new)
    for number in sorted(gone.values()):
        theme, old = olds[number]
        changes.append(Change(f"{number} {old.title}", "Removed", before=_whole(theme, old)))
    return tuple(changes)


def _by_number(version: VersionText) -> Iterator[tuple[str, tuple[ThemeText, StandardText]]]:
    return ((standard.number, (theme, standard)) for theme, standard in version.standards())


def _of_names(what: str, before: Iterable[str], after: Iterable[str]) -> list[Change]:
    was, now = tuple(before), tuple(after)
    return [] if was == now else [Change(what, "Changed", "\n".join(was), "\n".join(now))]


def _of_themes(before: VersionText, after: VersionText) -> list[Change]:
    return _of_names(
        "Parts",
        (f"{theme.number} {theme.title}" for theme in before.themes),
        (f"{theme.number} {theme.title}" for theme in after.themes),
    )


def _of_standard(old_theme: ThemeText, old: StandardText, theme: ThemeText, new: StandardText) -> list[Change]:
    where = f"{new.number} {new.title}"
    pairs = (
        ("Number", old.number, new.number),
        ("Title", old.title, new.title),
        ("Part", old_theme.number, theme.number),
        ("What good looks like", old.good_looks_like, new.good_looks_like),
        ("About safeguarding", _yes(old.safeguarding), _yes(new.safeguarding)),
        ("Daily measures", "\n".join(old.measures), "\n".join(new.measures)),
        ("What providers show", "\n".join(map(str, old.evidence)), "\n".join(map(str, new.evidence))),
        ("Asked otherwise", "\n".join(map(str, old.applies)), "\n".join(map(str, new.applies))),
    )
    return [Change(where, what, was, now) for what, was, now in pairs if was != now]


def _yes(value: bool) -> str:
    return "Yes" if value else "No"


def _whole(theme: ThemeText, standard: StandardText) -> str:
    return "\n".join([f"Part {theme.number}", standard.good_looks_like, *map(str, standard.evidence)])
