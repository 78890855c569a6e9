"""The documents that a bidder gave for one standard, with their pages, as they are shown beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from core import clock
from evaluation.models import Bid, Clarification
from evaluation.queries.clarifications import about
from evaluation.queries.documents import document_of, standard_in
from evaluation.states import Stage
from files.models import File, PageImage, PageSet
from files.queries import images_of
from files.rules.pages import DRAWN
from files.states import FileKind, FileState, PagesState, WhyNoPages
from lots.models import Evidence
from providers.models import ItemVersion, SubmittedVersion
from providers.rules.evidence import months_later

SHOWN_AT_ONCE = 4  # pages; a longer document is folded


@dataclass(frozen=True)
class Page:
    """One page of a document as a picture, sizes in pixels; without an address where it could not be drawn."""

    number: int
    of: int
    url: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class Shown:
    """A document that was given for a standard: `asked` is what it was given for, `lots` for which lots alone. Title,
    name and hash are those that were frozen. `counts_until` is its last day; `ended_at_deadline` and `ended` say
    whether that had passed when applications closed, and today. `sent_at` is when it came with an answer to a question.
    `why_no_pages` says why its pages cannot be looked at here; empty where they can."""

    version: int
    title: str
    name: str
    kind: str
    sha256: str
    asked: tuple[str, ...]
    lots: tuple[str, ...]
    issued_on: dt.date | None
    expires_on: dt.date | None
    counts_until: dt.date | None
    ended_at_deadline: bool
    ended: bool
    state: str
    can_download: bool
    why_no_pages: str
    number_of_pages: int
    pages: tuple[Page, ...]
    sent_at: dt.datetime | None
    url: str

    @property
    def is_short(self) -> bool:
        """All its pages can be shown at once."""
        return len(self.pages) <= SHOWN_AT_ONCE

    @property
    def not_drawn(self) -> int:
        """How many pages at its end are not shown here."""
        return self.number_of_pages - len(self.pages)


@dataclass
class _Given:
    """A version of a document, with everything that it was given for."""

    asked: list[str] = field(default_factory=list)
    lots: list[str] = field(default_factory=list)
    months: int | None = None
    sent_at: dt.datetime | None = None


def shown_for(
    bid: Bid,
    standard_id: int,
    *,
    user,
    lot_id: int | None = None,
    document: Mapping | None = None,
    asked: Iterable[Clarification] | None = None,
) -> list[Shown]:
    """Every document that was given for one standard, in the order in which they were asked for, then those that came
    with answers to questions about it. With `lot_id` what counts for that lot alone. `document` and `asked` are what
    `document_of` and `clarifications.about` gave, for whoever has asked them already; without, five queries more.
    Raises `Denied` for a bid that the person does not meet. Three queries."""
    if document is None:
        document = document_of(bid, user=user)
    if asked is None:
        asked = about(bid, standard_id, user=user)
    months = dict(Evidence.objects.filter(standard=standard_id).values_list("pk", "months"))
    given: dict[int, _Given] = {}
    for values, lot in _parts(document, standard_id, lot_id):
        for row in values.get("evidence", ()):
            one = given.setdefault(row["version"], _Given())
            one.asked.append(row["title"])
            one.lots.append(lot)
            one.months = one.months or months.get(row.get("asked"))
    for answer in asked:
        if answer.version_id and answer.lot_id in {None, lot_id or answer.lot_id}:
            sent = _Given(months=months.get(answer.evidence_id), sent_at=answer.answered_at)
            given.setdefault(answer.version_id, sent)
    return _documents(bid, document, given)


def _parts(document: Mapping, standard_id: int, lot_id: int | None) -> Iterator[tuple[Mapping, str]]:
    """What was said to the standard for all lots, and for single ones; for one lot what counts there."""
    said = standard_in(document, standard_id)
    own = said.get("for_lots", {})
    if lot_id is not None:
        yield own.get(str(lot_id), said), ""
        return
    numbers = {str(lot["lot"]): lot["number"] for lot in document["lots"]}
    yield said, ""
    for lot, values in own.items():
        yield values, f"Lot {numbers.get(lot, '')}".strip()


def _documents(bid: Bid, document: Mapping, given: Mapping[int, _Given]) -> list[Shown]:
    frozen = {one["version"]: one for one in document["evidence"]}
    rows = ItemVersion.objects.filter(pk__in=given, item__provider=bid.provider_id)
    versions = {one.pk: one for one in rows.select_related("item", "file__page_set")}
    images = images_of([one.file_id for one in versions.values()])
    closed_on = timezone.localdate(bid.evaluation.framework.closes_at) if bid.evaluation.framework.closes_at else None
    today = clock.today()
    return [
        _document(bid, versions[pk], one, frozen.get(pk, {}), images.get(versions[pk].file_id, []), closed_on, today)
        for pk, one in given.items()
        if pk in versions
    ]


def _document(
    bid: Bid,
    version: ItemVersion,
    given: _Given,
    frozen: Mapping,
    images: list[PageImage],
    closed_on: dt.date | None,
    today: dt.date,
) -> Shown:
    """One document, as it was frozen where it was submitted; as it came where it was sent with an answer."""
    file = version.file
    sha256 = frozen.get("sha256", file.sha256)
    is_changed = sha256 != file.sha256
    until = version.expires_on
    if until is None and given.months and version.issued_on:
        until = months_later(version.issued_on, given.months)
    asked = getattr(file, "page_set", None)
    total = asked.pages if asked else 0
    can_download = file.state == FileState.CLEAN and not is_changed
    return Shown(
        version=version.pk,
        title=frozen.get("title", version.item.title),
        name=frozen.get("name", file.name),
        kind=FileKind(file.kind).label,
        sha256=sha256,
        asked=tuple(dict.fromkeys(given.asked)),
        lots=tuple(dict.fromkeys(given.lots)) if all(given.lots) else (),
        issued_on=version.issued_on,
        expires_on=version.expires_on,
        counts_until=until,
        ended_at_deadline=bool(until and closed_on and until < closed_on),
        ended=bool(until and until < today),
        state=file.state,
        can_download=can_download,
        why_no_pages=_why_no_pages(file, asked, is_changed=is_changed),
        number_of_pages=total,
        pages=tuple(_page(bid, version.pk, one, total) for one in images) if can_download else (),
        sent_at=given.sent_at,
        url=reverse("bid_evidence_file", args=[bid.pk, version.pk]),
    )


def _page(bid: Bid, version: int, image: PageImage, total: int) -> Page:
    if image.stored_as is None:
        return Page(image.number, total)
    url = reverse("bid_evidence_page", args=[bid.pk, version, image.number])
    return Page(image.number, total, url, image.width, image.height)


def _why_no_pages(file: File, asked: PageSet | None, *, is_changed: bool) -> str:
    """Why there is nothing to look at here; empty where there is."""
    if is_changed:
        return "What is kept is not the file that was submitted. Judge nothing by it, and ask for help."
    if file.state == FileState.INFECTED:
        return "A virus was found in this file, so it was removed and nobody can open it."
    if file.state == FileState.PENDING:
        return "This file is being checked for viruses. Look again in a minute."
    if file.kind not in DRAWN:
        return f"{_a(FileKind(file.kind).label)} looks right only in its own program. Download it to read it."
    if asked is None or asked.state == PagesState.WAITING:
        return "The pages are being made ready. Look again in a minute, or download the file."
    if asked.state == PagesState.NOT_POSSIBLE:
        return f"{WhyNoPages(asked.why).label}. Download the file to read it."
    return ""


def _a(kind: str) -> str:
    return f"An {kind}" if kind[0] in "EO" else f"A {kind}"


def given_version(bid: Bid, version_id: int) -> ItemVersion | None:
    """A document that was submitted with the bid, or sent with an answer about it; nothing else. For whoever may see
    the bid."""
    submitted = SubmittedVersion.objects.filter(submission=bid.submission_id, version=OuterRef("pk"))
    answered = Clarification.objects.filter(bid=bid, version=OuterRef("pk"), answered_at__isnull=False)
    theirs = ItemVersion.objects.filter(Exists(submitted) | Exists(answered), item__provider=bid.provider_id)
    return theirs.filter(pk=version_id).select_related("file").first()


def frozen_hash(bid: Bid, version: ItemVersion, *, user) -> str:
    """The SHA-256 that the document had when it was submitted; of one that came with an answer, when it came."""
    for one in document_of(bid, user=user)["evidence"]:
        if one["version"] == version.pk:
            return one["sha256"]
    return version.file.sha256


def all_to_look_at() -> QuerySet[File]:
    """The files of everything that was submitted where quality is judged at this moment."""
    submitted = SubmittedVersion.objects.filter(submission__bid__evaluation__stage=Stage.JUDGING)
    return File.objects.filter(pk__in=ItemVersion.objects.filter(pk__in=submitted.values("version")).values("file"))
