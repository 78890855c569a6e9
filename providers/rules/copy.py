"""A document in words: what the page that checks the answers shows before submission, and the copy after it. One
reading for both, made from what is frozen and from nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.money import Money
from lots.rules.timetable import in_words
from providers.rules import profile_copy
from providers.rules.organisation import SIZES
from providers.rules.parts import STANDARD, TITLES
from providers.rules.typed import NO, YES
from providers.states import Vat

NOT_ANSWERED = "Not answered"
_YES_OR_NO = {YES: "Yes", NO: "No", True: "Yes", False: "No"}


@dataclass(frozen=True)
class Section:
    """One part: its code, its title, and what was said in it, question by question."""

    code: str
    title: str
    rows: tuple[tuple[str, str], ...]


def sections(document: Mapping) -> tuple[Section, ...]:
    """Every part, in the order in which it is asked. A part in which nothing was said has one row that says so. The
    profile is there once it was frozen."""
    titles = {
        one["version"]: f"{one['title']} ({one['name']}, version {one['number']})" for one in document["evidence"]
    }
    found = [
        _section("organisation", _organisation(document, titles)),
        *(
            [_section("profile", profile_copy.rows(document["profile"]), profile_copy.TITLE)]
            if "profile" in document
            else []
        ),
        _section("exclusion", _exclusion(document["exclusion"])),
        _section("connected", _connected(document["connected"])),
        _section("conflicts", _conflicts(document["conflicts"])),
        _section("lots", _lots(document["lots"])),
        _section("prices", _prices(document)),
    ]
    for values in document["standards"]:
        title = f"Standard {values['number']}: {values['title']}"
        found.append(_section(f"{STANDARD}{values['standard']}", _standard(values, document["lots"], titles), title))
    return (*found, _section("declarations", _declarations(document["declarations"])))


def lot_in_words(lot: Mapping) -> str:
    """Lot 1: Vocational (parts B, C)."""
    letters = ", ".join(part["letter"] for part in lot["parts"])
    words = f"part{'s' if len(lot['parts']) > 1 else ''} {letters}"
    return f"Lot {lot['number']}: {lot['title']}" + (f" ({words})" if letters else "")


def _section(code: str, rows: Iterator[tuple[str, str]], title: str = "") -> Section:
    return Section(code, title or TITLES[code], tuple(rows) or (("Answer", NOT_ANSWERED),))


def _said(value) -> str:
    return _YES_OR_NO.get(value, str(value)) if value not in ("", None) else NOT_ANSWERED


def _day(iso: str | None) -> str:
    return in_words(dt.date.fromisoformat(iso)) if iso else NOT_ANSWERED


def _organisation(document: Mapping, titles: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    provider, values = document["provider"], document["organisation"]
    yield "Name", provider["name"]
    contact, paper = values.get("contact", {}), values.get("cdp")
    yield "Share code", _said(values.get("share_code"))
    yield "Supplier information", titles.get(paper["version"], NOT_ANSWERED) if paper else NOT_ANSWERED
    yield "Made on", _day(values.get("cdp_on"))
    yield "Contact", "\n".join(one for one in map(contact.get, ("name", "email", "phone")) if one) or NOT_ANSWERED
    yield "People who work for you", SIZES.get(values.get("size"), NOT_ANSWERED)
    yield "Voluntary, community or social enterprise", _said(values.get("vcse"))
    yield "Since", _said(values.get("since"))
    yield "What you have done so far", _said(values.get("history"))


def _exclusion(values: Mapping) -> Iterator[tuple[str, str]]:
    """What was answered with no stands in one row: it is what most answer to most."""
    if not values:
        return
    story = ("whom", "what", "when", "since", "likely_name")
    asked = [(one["title"], one | {"whom": "; ".join(one.get("who_names", ()))}, story) for one in values["grounds"]]
    asked.append(("Debarment list", {"answer": values["debarred"], **values}, ("debarred_details",)))
    for title, said, names in asked:
        if said["answer"] != NO:
            yield title, "\n".join([_said(said["answer"]), *(said[name] for name in names if said.get(name))])
    if denied := [title for title, said, _ in asked if said["answer"] == NO]:
        yield "Answered with no", "\n".join(denied)


def _connected(values: Mapping) -> Iterator[tuple[str, str]]:
    if values.get("nobody"):
        yield "Connected persons", "Nobody"
    for person in values.get("persons", ()):
        yield person["name"] or "No name", "\n".join(one for one in (person["kind_name"], person["role"]) if one)


def _conflicts(values: Mapping) -> Iterator[tuple[str, str]]:
    if not any(asked["answer"] for asked in values.get("questions", ())):
        return
    for asked in values["questions"]:
        more = [asked.get(name, "") for name in ("details", "steps")]
        yield asked["question"], "\n".join([_said(asked["answer"]), *(one for one in more if one)])


def _lots(lots: list[Mapping]) -> Iterator[tuple[str, str]]:
    for lot in lots:
        yield f"Lot {lot['number']}", lot_in_words(lot).partition(": ")[2]


def _prices(document: Mapping) -> Iterator[tuple[str, str]]:
    for row in document["prices"]:
        words = f"{Money(row['pence'])} for each {row['unit_name'].lower()}"
        hours = f"\n{row['hours']} hours" if row.get("hours") else ""
        yield f"Lot {row['lot_number']}{row['letter']}: {row['title']}", f"{words}\n{Vat(row['vat']).label}{hours}"


def _standard(values: Mapping, lots: list[Mapping], titles: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    if values.get("not_asked"):
        yield "Answer", "Not asked of you"
        return
    yield from _answered(values, titles)
    numbers = {str(lot["lot"]): lot["number"] for lot in lots}
    for lot, own in values.get("for_lots", {}).items():
        for question, answer in _answered(own, titles):
            yield f"Lot {numbers[lot]}: {question[0].lower()}{question[1:]}", answer


def _answered(values: Mapping, titles: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    if values.get("not_applicable"):
        yield "Does not apply", values["not_applicable"]
    elif values.get("answer"):
        yield "Answer", values["answer"]
    for given in values.get("evidence", ()):
        yield given["title"], titles.get(given["version"], given["document"])
    for name, key in (("links", "url"), ("texts", "text")):
        for given in values.get(name, ()):
            yield given["title"], given[key]
    for given in values.get("declared", ()):
        yield given["title"], "Declared"


def _declarations(values: Mapping) -> Iterator[tuple[str, str]]:
    if values.get("declared"):
        yield "Declared", "\n".join(one["text"] for one in values["declared"])
    if values.get("name") or values.get("position"):
        yield "Declared by", ", ".join(one for one in (values["name"], values["position"]) if one)
