"""Printing the report of an evaluation, at once or as a task. A messenger: it reads what the reader may know, makes a
PDF of it, and calls one action."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from core import clock, pdf
from core.access import System
from core.templatetags.portal import in_words
from evaluation.actions import report as actions
from evaluation.models import Evaluation
from evaluation.permissions import report as permissions
from evaluation.permissions.duties import can_see_prices
from evaluation.queries import report as queries
from evaluation.queries.price_pages import names_for
from evaluation.queries.report_prices import pools_to_draw
from evaluation.queries.report_tables import Cell, Reader, Section
from evaluation.rules import report as rules
from evaluation.work.pictures import of_pool
from files import store
from jobs.rules import Failed

MAKER = System(permissions.MAKER)
MOVED_ON = "You may no longer read the report of this evaluation, so none was made."


@dataclass(frozen=True)
class Line:
    """A row in words: as cells for a table, and told as what it is about with the rest behind it."""

    cells: list[str]
    name: str
    rest: list[tuple[str, str]]


@dataclass(frozen=True)
class Shown:
    """A section with its rows in words. `more` says that there are others which are not shown here."""

    section: Section
    lines: list[Line]
    more: bool = False

    @property
    def cells(self) -> list[list[tuple[str, str]]]:
        """Every row's cells with their headings, for a table that folds."""
        return [list(zip(self.section.headings, line.cells, strict=True)) for line in self.lines]

    @property
    def is_wide(self) -> bool:
        return rules.is_wide(self.section.headings)


def said(cell: Cell) -> str:
    """A value in words: moments to the second, UK time, which the report says once."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, dt.datetime):
        return f"{in_words(cell, with_time=False)} at {timezone.localtime(cell):%H:%M:%S}"
    return in_words(cell, with_time=False) if isinstance(cell, dt.date) else str(cell)


def for_a_sheet(cell: Cell):
    """A value as a spreadsheet holds it: moments without a zone, in UK time, so that they sort."""
    if isinstance(cell, bool):
        return said(cell)
    if isinstance(cell, dt.datetime):
        return timezone.make_naive(cell)
    return cell if cell is None or isinstance(cell, int | str | dt.date) else str(cell)


def shown(section: Section, most: int | None = None) -> Shown:
    """A section in words, up to `most` of its rows."""
    lines = [_line(section, row) for row in section.rows(None if most is None else most + 1)]
    return Shown(section, lines[:most], most is not None and len(lines) > most)


def _line(section: Section, row: tuple[Cell, ...]) -> Line:
    cells = [said(cell) for cell in row]
    headings, lead = section.headings, section.lead
    return Line(cells, rules.name_of(headings, cells, lead), rules.rest_of(headings, cells, lead))


def report_for(evaluation: Evaluation, user) -> tuple[Reader, list[Section]]:
    """The report as this person may read it."""
    return queries.sections(evaluation, user=user, prices=can_see_prices(user, evaluation))


def printed(reader: Reader, sections: list[Section], *, at: dt.datetime) -> bytes:
    """The report as a PDF, whole."""
    context = {
        "evaluation": reader.evaluation,
        "framework": reader.evaluation.framework,
        "reader": reader,
        "sections": _each(sections),
        "kept_for": rules.SECTION_98,
    }
    names = names_for(reader.evaluation, user=reader.user)
    drawn = [of_pool(pool, results, names) for pool, results in pools_to_draw(reader)]
    context["pictures"] = [(f"pool-{at}", alt) for at, (_, alt) in enumerate(drawn)]
    pictures = {f"pool-{at}": svg for at, (svg, _) in enumerate(drawn)}
    return pdf.render("pdf/evaluation_report.html", context, at=at, pictures=pictures)


def _each(sections: list[Section]) -> Iterator[Shown]:
    return (shown(section) for section in sections)


def name_of(evaluation: Evaluation, at: dt.datetime, ending: str) -> str:
    """What a copy is called."""
    return f"evaluation-{evaluation.pk}-{timezone.localtime(at):%Y-%m-%d}.{ending}"


def make(job, progress) -> str:
    """Make the copy that the task is about. Raises `Failed` where its reader may no longer read it. Twice is
    harmless."""
    copy, at = queries.copy_to_make(job.about_id), clock.now()
    evaluation, user = copy.evaluation, copy.asked_by
    if not (user.is_active and queries.sees(user, evaluation) and permissions.can_read_report(user, evaluation)):
        raise Failed(MOVED_ON)
    reader, sections = report_for(evaluation, user)
    progress(0, 0, "Printing the report")
    kept = store.keep_made(name_of(evaluation, at, "pdf"), printed(reader, sections, at=at))
    is_kept = False
    try:
        is_kept = actions.keep_report(
            copy=copy, kept=kept, full=reader.full, prices=reader.prices, left_out=set(reader.left_out), by=MAKER, at=at
        )
    finally:
        if not is_kept:
            store.forget(kept)
    return "The report is ready."
