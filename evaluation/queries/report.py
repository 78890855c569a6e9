"""The report of an evaluation: every decision, who, when, why and on what (Procurement Act 2023, s.98).

It is a list of tables that a page, a PDF and a workbook show alike. Each is read when it is shown, in as many queries
for a hundred bids as for one."""

from __future__ import annotations

from django.db.models import QuerySet

from evaluation.models import Appeal, Clarification, Evaluation, GateResult, Judgement, ReportCopy, Settled
from evaluation.queries import report_awards, report_panel, report_prices, report_quality
from evaluation.queries.report_tables import Reader, Section

PARTS = (report_panel, report_quality, report_prices, report_awards)


def sections(evaluation: Evaluation, *, user, prices: bool) -> tuple[Reader, list[Section]]:
    """The whole report for this reader. `prices` is whether they may see prices."""
    reader = Reader(evaluation, user, prices)
    return reader, [section for part in PARTS for section in part.sections(reader)]


def left_out_of(evaluation: Evaluation, *, user) -> set[int]:
    """The bidders, by key, whose bids are not in this person's report."""
    return set(Reader(evaluation, user, prices=False).left_out)


def copy_to_make(pk: int) -> ReportCopy:
    """A copy that somebody asked for, with what its making reads."""
    return ReportCopy.objects.select_related(
        "asked_by", "evaluation__framework__buyer", "evaluation__framework__policies"
    ).get(pk=pk)


def copies_of(evaluation: Evaluation, *, user) -> QuerySet[ReportCopy]:
    """The copies that were made for this person, the last one first."""
    return ReportCopy.objects.visible_to(user).filter(evaluation=evaluation, made_at__isnull=False).order_by("-pk")[:5]


def length(reader: Reader) -> int:
    """About how many lines the report has, by the kinds that grow with the bids: one query for each."""
    of = {"bid__in": reader.bids}
    kinds = [GateResult.objects.filter(**of)] if reader.prices else []
    if reader.full:
        kinds += [model.objects.filter(**of) for model in (Judgement, Settled, Clarification, Appeal)]
    return sum(rows.count() for rows in kinds)


def sees(user, evaluation: Evaluation) -> bool:
    """Whether the evaluation is one of those that this person sees."""
    return Evaluation.objects.visible_to(user).filter(pk=evaluation.pk).exists()
