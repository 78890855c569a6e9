"""The report of an evaluation: a page, a PDF, a workbook."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from audit.reads import reads
from core import clock, exports, pdf
from core.access import guard
from evaluation.actions import report as actions
from evaluation.models import Evaluation, ReportCopy
from evaluation.permissions import report as permissions
from evaluation.queries import report as queries
from evaluation.rules import report as rules
from evaluation.views.frame import page
from evaluation.work import report as work
from files.responses import download
from jobs.tasks import start_soon
from lots.rules.refusals import Refused

MOST_SHOWN = 20  # rows of a section on the page; all of them are in the PDF and the workbook


@guard(permissions.can_read_report, on=Evaluation)
@require_safe
def evaluation_report(request, evaluation):
    """Every section with its first rows, and the ways to all of it."""
    reader, sections = work.report_for(evaluation, request.user)
    return page(
        request,
        evaluation,
        "evaluation/evaluation_report.html",
        active="evaluation_report",
        reader=reader,
        sections=[work.shown(section, MOST_SHOWN) for section in sections],
        is_long=queries.length(reader) > rules.SMALL,
        copies=queries.copies_of(evaluation, user=request.user),
        most=MOST_SHOWN,
        kept_for=rules.SECTION_98,
    )


@guard(permissions.can_read_report, on=Evaluation)
@reads("personal")
@require_safe
def evaluation_report_pdf(request, evaluation):
    """The report as a PDF. A long one is made by a task: then the page with its button is shown."""
    reader, sections = work.report_for(evaluation, request.user)
    if queries.length(reader) > rules.SMALL:
        return redirect("make_evaluation_report", evaluation.pk)
    at = clock.now()
    return pdf.response(work.name_of(evaluation, at, "pdf"), work.printed(reader, sections, at=at))


@guard(permissions.can_read_report, on=Evaluation)
def make_evaluation_report(request, evaluation):
    """Ask for a long report as a PDF; the task shows how far it is."""
    if request.method == "POST":
        try:
            job = actions.ask_for_report(evaluation=evaluation, by=request.user, at=clock.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("evaluation_report", evaluation.pk)
        start_soon()
        return redirect("job", job.pk)
    return page(request, evaluation, "evaluation/make_evaluation_report.html", active="evaluation_report")


@guard(permissions.can_have_copy, on=ReportCopy)
@reads("personal")
@require_safe
def evaluation_report_copy(request, copy):
    """A copy that was made, to be saved."""
    if copy.file is None:
        messages.error(request, "This copy of the report was not made. Ask for it again")
        return redirect("evaluation_report", copy.evaluation_id)
    return download(request, copy.file)


@guard(permissions.can_read_report, on=Evaluation)
@reads("personal")
@require_safe
def evaluation_report_xlsx(request, evaluation):
    """The report as a workbook, a sheet for each section."""
    reader, sections = work.report_for(evaluation, request.user)
    about = exports.Sheet("About", ["What", "How it stands"], [*_about(reader)])
    sheets = [about, *(_sheet(section) for section in sections)]
    return exports.book_response(work.name_of(evaluation, clock.now(), "xlsx"), sheets)


def _about(reader):
    yield "Framework", reader.evaluation.framework.title
    yield "Made for", str(reader.user)
    yield "Made", work.for_a_sheet(clock.now())
    yield "Kept", rules.SECTION_98
    if reader.later():
        yield "Draft", reader.later()
    if reader.priceless():
        yield "Prices", reader.priceless()
    for name in reader.left_out.values():
        yield "Left out", name


def _sheet(section) -> exports.Sheet:
    title = section.code.replace("_", " ").capitalize()
    if section.withheld:
        return exports.Sheet(title, [section.title], [[section.withheld]])
    return exports.Sheet(title, section.headings, (map(work.for_a_sheet, row) for row in section.rows()))
