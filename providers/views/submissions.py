"""What was submitted: the receipt, on a page and as a PDF, the copy, and the frozen bytes. Only whoever leads the
provider comes here."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock, pdf
from core.access import guard
from providers.models import Submission
from providers.permissions import applications as permissions
from providers.queries import bids
from providers.rules import copy, frozen
from providers.views import answered, shown


@guard(permissions.can_see_submission, on=Submission)
@require_safe
def receipt(request, submission):
    """Reference, moment, hash, lots."""
    context = _receipt(request, submission)
    framework = context["framework"]
    context |= {
        "countdown": shown.countdown(framework, at=clock.now()),
        "why_shut": shown.why_shut(framework, at=clock.now()),
    }
    return render(request, "providers/receipt.html", context)


@guard(permissions.can_see_submission, on=Submission)
@require_safe
def receipt_pdf(request, submission):
    """The same, to keep."""
    made = pdf.render("pdf/receipt.html", _receipt(request, submission), at=submission.submitted_at)
    return pdf.response(f"receipt-{submission.reference}.pdf", made)


@guard(permissions.can_see_submission, on=Submission)
@require_safe
def submission(request, submission):
    """Everything that was submitted, word for word; and the submissions before and after it."""
    context = _receipt(request, submission)
    numbers = answered.numbers_of(context["document"])
    context |= {
        "groups": answered.groups(
            answered.Shown(one, number=numbers.get(one.code, "")) for one in copy.sections(context["document"])
        ),
        "others": bids.submissions_of(submission.application, user=request.user),
    }
    return render(request, "providers/submission.html", context)


@guard(permissions.can_see_submission, on=Submission)
@require_safe
def submission_file(request, submission):
    """What was frozen, byte for byte: the SHA-256 of this file is the one on the receipt."""
    document = bids.own_submission(submission, user=request.user)
    answer = HttpResponse(frozen.canonical(document), content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="submission-{submission.reference}.json"'
    return answer


def _receipt(request, submission) -> dict:
    document = bids.own_submission(submission, user=request.user)
    read = {one["lot"]: one for one in document["read"]["lots"]}
    application = submission.application
    return {
        "submission": submission,
        "application": application,
        "framework": application.framework,
        "stands": application.standing_id == submission.pk,
        "document": document,
        "provider_name": document["provider"]["name"],
        "lots": [{"name": copy.lot_in_words(lot)} | read[lot["lot"]] for lot in document["lots"]],
        "missing": document["read"]["missing"],
    }
