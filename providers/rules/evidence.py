"""One piece of evidence that a standard asks for: what was chosen or written for it, and what is wrong with that."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lots.rules.timetable import in_words
from lots.states import EvidenceKind
from providers.rules.draft import Answers
from providers.rules.offer import AskedEvidence
from providers.rules.reading import Context, Held
from providers.rules.typed import keys, lower_first, text, ticked

PAPERS = {EvidenceKind.FILE, EvidenceKind.CERTIFICATE}
MOST_PAPERS = 10  # for one piece of evidence
LONGEST_LINK = 500
_FIELDS = {
    EvidenceKind.FILE: "evidence",
    EvidenceKind.CERTIFICATE: "evidence",
    EvidenceKind.LINK: "link",
    EvidenceKind.DECLARATION: "said",
    EvidenceKind.TEXT: "text",
}


@dataclass(frozen=True)
class Found:
    """What is wrong or good to know, and the field that it is about; a notice leaves nothing undone."""

    text: str
    field: str
    is_notice: bool = False


def field_of(asked: AskedEvidence) -> str:
    """The field in which this evidence is given. One that takes documents begins with `evidence`: by that name
    `providers.rules.parts.named_versions` knows them."""
    return f"{_FIELDS[EvidenceKind(asked.kind)]}_{asked.pk}"


def chosen(answers: Answers, field: str, context: Context) -> list[Held]:
    """The documents chosen there, as far as they are the bidder's own and clean."""
    held = (context.library.get(version) for version in keys(answers, field)[:MOST_PAPERS])
    return [one for one in held if one and one.usable]


def is_given(asked: AskedEvidence, answers: Answers, context: Context) -> bool:
    """Whether there is anything that counts."""
    field = field_of(asked)
    if asked.kind in PAPERS:
        return bool(chosen(answers, field, context))
    if asked.kind == EvidenceKind.LINK:
        return bool(link(text(answers, field)))
    return ticked(answers, field) if asked.kind == EvidenceKind.DECLARATION else bool(text(answers, field))


def find(asked: AskedEvidence, answers: Answers, context: Context, *, required: bool) -> Iterator[Found]:
    """Everything that is wrong with this evidence, or good to know; missing is wrong only where it is required."""
    field = field_of(asked)
    wrong = list(_wrong(asked, answers, context))
    yield from wrong
    if required and not wrong and not is_given(asked, answers, context):
        yield Found(_missing(asked), field)


def _missing(asked: AskedEvidence) -> str:
    """What to do about evidence that is not there."""
    if asked.kind in PAPERS:
        return f"Upload {yours(asked.title)}, or choose it from your library"
    if asked.kind == EvidenceKind.LINK:
        return f"Enter the link: {lower_first(asked.title)}"
    return f"Tick: {asked.title}" if asked.kind == EvidenceKind.DECLARATION else f"Answer: {lower_first(asked.title)}"


def yours(title: str) -> str:
    """A document as somebody's own: "Record of the last fire drill" → "your record of the last fire drill"."""
    words = lower_first(title)
    return words if words.split(" ")[0] in {"your", "the", "a", "an", "one", "how", "what", "who"} else f"your {words}"


def _wrong(asked: AskedEvidence, answers: Answers, context: Context) -> Iterator[Found]:
    field = field_of(asked)
    if asked.kind in PAPERS:
        yield from of_papers(answers, field, context, months=asked.months)
    if asked.kind == EvidenceKind.LINK and text(answers, field) and not link(text(answers, field)):
        yield Found(f"Enter a link that begins with https:// for “{asked.title}”", field)


def of_papers(answers: Answers, field: str, context: Context, *, months: int | None) -> Iterator[Found]:
    """What is wrong with the documents chosen in a field. `months` is how long a certificate counts that bears no end
    date; a document that is not a certificate, None, is asked for no date of its own."""
    picked = keys(answers, field)
    if len(picked) > MOST_PAPERS:
        yield Found(f"Choose {MOST_PAPERS} documents or fewer: only the first {MOST_PAPERS} count", field)
    for version in picked[:MOST_PAPERS]:
        held = context.library.get(version)
        if held is None:
            yield Found("A document that you chose here is no longer in your library: choose another", field)
        elif not held.usable:
            yield Found(f"“{held.title}” did not pass the check for viruses: upload a clean copy", field)
        else:
            yield from _of_paper(held, field, context, months)


def _of_paper(held: Held, field: str, context: Context, months: int | None) -> Iterator[Found]:
    last = last_day(held, months)
    if last is None and months:
        yield Found(
            f"“{held.title}” bears no date: upload it to your library again, and say when it was issued or runs out",
            field,
        )
    if last and last < context.today:
        yield Found(f"“{held.title}” ran out on {in_words(last)}: replace it in your library, or untick it", field)
    starts_on = context.offer.starts_on
    if last and starts_on and context.today <= last < starts_on:
        words = f"“{held.title}” runs out on {in_words(last)}, before the framework starts on {in_words(starts_on)}"
        yield Found(f"{words}: plan to renew it", field, is_notice=True)
    if not held.is_current:
        words = f"You chose version {held.number} of “{held.title}”, and it has been replaced or removed since"
        yield Found(f"{words}. It still counts as you chose it", field, is_notice=True)


def last_day(held: Held, months: int | None) -> dt.date | None:
    """The last day on which a document counts: the one that it bears, else so many months after it was issued."""
    if held.expires_on or not (months and held.issued_on):
        return held.expires_on
    return months_later(held.issued_on, months)


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last day of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def link(typed: str) -> str:
    """The address as it was typed, if it is one that a browser may open safely: https, with a host; else ""."""
    try:
        parts = urlsplit(typed)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return ""
    is_bare = not any(one.isspace() for one in typed) and "@" not in parts.netloc
    return typed if parts.scheme == "https" and "." in host and is_bare and len(typed) <= LONGEST_LINK else ""
