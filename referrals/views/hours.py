"""The picture of hours that a day and a week share: a row of hours for each, with bars for its sessions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from referrals.rules.today import Bar, Cell, Scale, Stands, lanes, scale_of

LOOKS = {
    Stands.NOW: "now",
    Stands.LATER: "later",
    Stands.PLANNED: "later",
    Stands.OVER: "over",
    Stands.NOT_STARTED: "not-started",
}
COLOURS = {
    Stands.NOW: "green",
    Stands.LATER: "blue",
    Stands.PLANNED: "blue",
    Stands.OVER: "grey",
    Stands.NOT_STARTED: "red",
    Stands.PAUSED: "yellow",
}


@dataclass(frozen=True)
class Shown:
    """What stands in a bar."""

    times: str
    where: str
    stands: Stands
    looks: str


@dataclass(frozen=True)
class Row:
    """A row of the picture. Without a bar it says why in `note`."""

    label: str
    url: str
    lanes: list[list[Cell]]
    note: str = ""


@dataclass(frozen=True)
class Picture:
    scale: Scale
    rows: list[Row]


def bar(row, stands: Stands, where: str) -> Bar:
    """A weekly session as a bar."""
    shown = Shown(times(row), where, stands, LOOKS[stands])
    return row.starts, row.ends, shown


def times(row) -> str:
    """`09:30 to 14:30`."""
    return f"{row.starts:%H:%M} to {row.ends:%H:%M}"


def drawn(rows: Iterable[tuple[str, str, list[Bar], str]]) -> Picture:
    """Rows of (label, address, bars, note) on one scale."""
    rows = list(rows)
    scale = scale_of(one for _, _, bars, _ in rows for one in bars)
    return Picture(scale, [Row(label, url, lanes(bars, scale), note) for label, url, bars, note in rows])


def where(row, provider=None) -> str:
    """Provider, where it is to be said, and site, in words."""
    site = row.site.name if row.site else "At an address that the placement says"
    return f"{provider.name}, {site}" if provider else site
