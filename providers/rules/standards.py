"""A quality standard as a bidder answers it: how it is met, and the evidence that shows it.

Quality is judged once for each provider, unless the framework judges it lot by lot (`Offer.quality_per_lot`). Then an
answer may differ for a lot, and what is missing there is that lot's problem alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lots.states import AppliesHow, AppliesTo, EvidenceKind
from providers.rules import evidence
from providers.rules.draft import Answers
from providers.rules.evidence import Found
from providers.rules.offer import AskedOtherwise, AskedStandard
from providers.rules.reading import Bidder, Context, Problem, Reading
from providers.rules.typed import LONGEST_ANSWER, begun, lower_first, text, texts, ticked

INSTEAD = "evidence_instead"


@dataclass(frozen=True)
class Asked:
    """How a standard is asked of one bidder: not at all (`not_asked` says as what), or shown by something else too."""

    not_asked: str = ""
    instead: tuple[str, ...] = ()


def asked_of(standard: AskedStandard, bidder: Bidder) -> Asked:
    """What the standard's rules for online providers, sole tutors and registered schools say of this bidder. Where two
    of them fit, the one that asks for nothing wins."""
    fits = {
        AppliesTo.ONLINE_ONLY: bidder.online_only,
        AppliesTo.SOLE_TUTOR: bidder.sole_tutor,
        AppliesTo.REGISTERED_SCHOOL: bidder.registered_school,
    }
    rules: list[AskedOtherwise] = [rule for rule in standard.otherwise if fits[AppliesTo(rule.to)]]
    spared = next((rule.to for rule in rules if rule.how == AppliesHow.NOT_ASKED), "")
    if spared:
        return Asked(not_asked=spared)
    return Asked(instead=tuple(rule.instead for rule in rules))


def read_standard(answers: Answers, context: Context, standard: AskedStandard) -> Reading:
    """The answer, its evidence, and everything that is missing; what differs for a lot is read for that lot."""
    asked = asked_of(standard, context.bidder)
    named = {"standard": standard.pk, "number": standard.number, "title": standard.title}
    if asked.not_asked:
        return Reading(values=named | {"not_asked": asked.not_asked}, begun=True)
    general = list(_find(answers, context, standard, asked))
    values = named | _values(answers, context, standard, asked) | {"for_lots": {}}
    lots = list(context.chosen) if context.offer.quality_per_lot else []
    found = {lot: list(_find(for_lot(answers, lot), context, standard, asked)) for lot in lots}
    for lot in lots:
        if differs(answers, lot):
            values["for_lots"][str(lot)] = _values(for_lot(answers, lot), context, standard, asked)
    told = list(_told(answers, found)) if lots else [(one, None, one.field) for one in general]
    problems = tuple(Problem(one.text, field, lot=lot) for one, lot, field in told if not one.is_notice)
    notices = tuple(Problem(one.text, field, lot=lot) for one, lot, field in told if one.is_notice)
    return Reading(values=values, problems=problems, begun=begun(answers), notices=notices)


def at(name: str, lot: int) -> str:
    """The field that holds for one lot what `name` holds for all."""
    return f"{name}_lot{lot}"


def differs(answers: Answers, lot: int) -> bool:
    """Whether the bidder answers otherwise for this lot."""
    return ticked(answers, at("differs", lot))


def for_lot(answers: Answers, lot: int) -> Answers:
    """The answers as they stand for one lot: its own where there are any, else those for all lots."""
    if not differs(answers, lot):
        return answers
    suffix = at("", lot)
    own = {name.removesuffix(suffix): answers[name] for name in answers if name.endswith(suffix)}
    return dict(answers) | {name: value for name, value in own.items() if texts(own, name)}


def wanted(standard: AskedStandard, field: str) -> str:
    """What a field that takes documents asks for, for all lots or for one; "" for a field that there is not."""
    name = re.sub(r"_lot[1-9][0-9]{0,17}$", "", field)
    if name == INSTEAD:
        return next((rule.instead for rule in standard.otherwise if rule.instead), "")
    papers = (one for one in standard.evidence if one.kind in evidence.PAPERS)
    return next((one.title for one in papers if name == evidence.field_of(one)), "")


def lot_in(field: str) -> int | None:
    """The key of the lot for which alone a field holds something; None for all lots."""
    found = re.search(r"_lot([1-9][0-9]{0,17})$", field)
    return int(found[1]) if found else None


def with_paper(answers: Answers, field: str, version: int) -> Answers:
    """The same answers with one more document chosen in a field."""
    return dict(answers) | {field: list(dict.fromkeys([*texts(answers, field), str(version)]))}


def _told(answers: Answers, found: Mapping[int, list[Found]]) -> Iterator[tuple[Found, int | None, str]]:
    """What concerns every chosen lot alike is told once; the rest for its lot, with the field where it is mended."""
    common = [one for one in next(iter(found.values())) if all(one in others for others in found.values())]
    for one in common:
        yield one, None, one.field
    for lot, ones in found.items():
        for one in ones:
            if one not in common:
                yield one, lot, at(one.field, lot) if differs(answers, lot) else one.field


def _values(answers: Answers, context: Context, standard: AskedStandard, asked: Asked) -> dict:
    """What is frozen: texts as they stand, documents by version with the hash of their bytes."""
    given: dict[str, list[dict]] = {"evidence": [], "links": [], "texts": [], "declared": []}
    for one in standard.evidence:
        field, named = evidence.field_of(one), {"asked": one.pk, "title": one.title}
        if one.kind in evidence.PAPERS:
            given["evidence"] += _papers(answers, field, context, named)
        elif evidence.is_given(one, answers, context):
            if one.kind == EvidenceKind.LINK:
                given["links"].append(named | {"url": text(answers, field)})
            elif one.kind == EvidenceKind.TEXT:
                given["texts"].append(named | {"text": text(answers, field)})
            else:
                given["declared"].append(named)
    if asked.instead:
        given["evidence"] += _papers(answers, INSTEAD, context, {"asked": None, "title": "; ".join(asked.instead)})
    reason = text(answers, "na_reason") if ticked(answers, "na") else ""
    return {"answer": text(answers, "answer"), "not_applicable": reason} | given


def _papers(answers: Answers, field: str, context: Context, named: dict) -> list[dict]:
    return [
        named | {"version": held.version, "item": held.item, "sha256": held.sha256, "document": held.title}
        for held in evidence.chosen(answers, field, context)
    ]


def _find(answers: Answers, context: Context, standard: AskedStandard, asked: Asked) -> Iterator[Found]:
    if ticked(answers, "na"):
        if not text(answers, "na_reason"):
            yield Found("Say why this standard does not apply to you", "na_reason")
        return
    answer = text(answers, "answer")
    if not answer:
        yield Found("Say how you meet this standard", "answer")
    if len(answer) > LONGEST_ANSWER:
        words = f"Your answer has {len(answer):,} characters and may have {LONGEST_ANSWER:,}: shorten it"
        yield Found(words, "answer")
    shown_otherwise = bool(asked.instead and evidence.chosen(answers, INSTEAD, context))
    for one in standard.evidence:
        yield from evidence.find(one, answers, context, required=one.required and not shown_otherwise)
    if asked.instead:
        yield from evidence.of_papers(answers, INSTEAD, context, months=None)


def write_standard(values: Mapping, context: Context, standard: AskedStandard) -> Answers:
    """The way back, for an application that begins with an earlier one's words: documents as they are in the library
    now, evidence known by its title. Declarations, what was not applicable and what differed for a lot are asked anew.
    """
    answers: dict[str, str | list[str]] = {}
    if values.get("answer"):
        answers["answer"] = values["answer"]
    by_title = {one.title: one for one in standard.evidence}
    current = {held.item: str(held.version) for held in context.library.values() if held.is_current}
    for given in values.get("evidence", []):
        asked = by_title.get(given["title"])
        is_paper = asked is not None and asked.kind in evidence.PAPERS
        field = INSTEAD if given["asked"] is None else evidence.field_of(asked) if is_paper else ""
        if field and given["item"] in current:
            answers.setdefault(field, []).append(current[given["item"]])
    for name, kind, key in (("links", EvidenceKind.LINK, "url"), ("texts", EvidenceKind.TEXT, "text")):
        for given in values.get(name, []):
            asked = by_title.get(given["title"])
            if asked and asked.kind == kind:
                answers[evidence.field_of(asked)] = given[key]
    return answers


def in_short(asked: Asked) -> str:
    """For a hint: what may be shown in place of what is asked of others."""
    return "; or ".join(lower_first(one) for one in asked.instead)
