"""What a worked example is made of: tables and sentences, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass

from core.money import Money


@dataclass(frozen=True)
class Table:
    """A table of text. The first cell of a row is its heading."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def cells(self) -> list[list[tuple[str, str]]]:
        """Every row as pairs of column and cell: a phone shows the column beside each cell."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Example:
    """`story` says what is assumed, `points` what follows."""

    story: str
    tables: tuple[Table, ...]
    points: tuple[str, ...] = ()


def pounds(pence: int) -> str:
    """`£1,234.50`."""
    return str(Money(pence))


def listed(names) -> str:
    """`Alder, Beech and Cedar`; `Nobody` for none."""
    *first, last = list(names) or ["Nobody"]
    return f"{', '.join(first)} and {last}" if first else last


def verb(names, one: str, many: str) -> str:
    """The verb for so many names; `Nobody` takes the singular."""
    return one if len(list(names)) <= 1 else many
