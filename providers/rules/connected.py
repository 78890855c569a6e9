"""Connected persons, and others whom an exclusion ground can reach: who owns, controls and runs the bidder, whose means
it relies on, whom it sub-contracts to. A name, a kind and a role: no more is asked, because no more is needed to look
somebody up on the debarment list or at Companies House."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from providers.rules.draft import Answers
from providers.rules.reading import Context, Problem, Reading
from providers.rules.typed import begun, text, ticked

MOST = 40
KINDS = {
    "director": "A director, or somebody who acts as one",
    "control": "A person or firm with significant control",
    "trustee": "A trustee, partner, governor or head of a body that is not a company",
    "group": "A parent or a subsidiary",
    "predecessor": "A firm that this one carries on from",
    "influence": "Somebody else who decides what is done",
    "associated": "Somebody whose means or skills we rely on",
    "subcontractor": "A sub-contractor that we mean to use",
}
NOBODY = "nobody"
COLUMNS = ("name", "kind", "role")


def read(answers: Answers, context: Context) -> Reading:
    """Each person or firm with name and kind (the role is optional), or the statement that there is nobody."""
    rows = {number: _row(answers, number) for number in filled(answers)}
    nobody = ticked(answers, NOBODY)
    return Reading(
        values={
            "nobody": nobody,
            "persons": [row | {"kind_name": KINDS.get(row["kind"], "")} for row in rows.values()],
        },
        problems=tuple(_problems(rows, nobody)),
        begun=begun(answers),
    )


def write(values: Mapping, context: Context) -> Answers:
    """The way back, for an application that begins with an earlier one's words. That there is nobody is asked anew."""
    return {
        f"{column}_{number}": row[column]
        for number, row in enumerate(values.get("persons", []), 1)
        for column in COLUMNS
        if row[column]
    }


def filled(answers: Answers) -> list[int]:
    """The numbers of the rows in which something was typed, from 1."""
    return [number for number in range(1, MOST + 1) if any(_row(answers, number).values())]


def _row(answers: Answers, number: int) -> dict[str, str]:
    row = {column: text(answers, f"{column}_{number}") for column in COLUMNS}
    return row | {"kind": row["kind"] if row["kind"] in KINDS else ""}


def _problems(rows: dict[int, dict[str, str]], nobody: bool) -> Iterator[Problem]:
    if not rows and not nobody:
        yield Problem("Name everybody who owns, controls or runs your organisation, or say that nobody does", "name_1")
    if rows and nobody:
        yield Problem("You named somebody and also said that there is nobody: keep one of the two", NOBODY)
    for number, row in rows.items():
        if not row["name"]:
            yield Problem(f"Enter the name of person or firm {number}", f"name_{number}")
        if not row["kind"]:
            yield Problem(f"Say how {row['name'] or f'person or firm {number}'} is connected", f"kind_{number}")
