"""Letters about an award: how far they are, for officers; each one as a file, for its bidder and for officers who meet
the bid."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from core import clock, lists
from core.access import guard
from evaluation.actions import letters as actions
from evaluation.filters import LetterFilter
from evaluation.models import Evaluation, Letter
from evaluation.permissions import letters as permissions
from evaluation.queries import letters as queries
from evaluation.views.frame import page
from files.responses import download
from jobs.tasks import start_soon
from lots.rules.refusals import Refused


@guard(permissions.can_see_letters, on=Evaluation)
def letters(request, evaluation):
    """Made, sent, read: each letter to a bidder whom the person meets; the work on them; and making again what could
    not be made."""
    may_make = permissions.can_make_letters(request.user, evaluation)
    if request.method == "POST":
        try:
            actions.make_again(evaluation=evaluation, by=request.user, at=clock.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            start_soon()
            messages.success(request, "The letters that are left are being made")
        return redirect("letters", evaluation.pk)
    user = request.user
    found = LetterFilter(request.GET, queryset=queries.letters_of(evaluation, user=user))
    rows = lists.page(found.qs, request.GET, order=["bid__provider_name", "kind", "id"])
    tallies = queries.tallies(evaluation, user=user)
    is_made = all(tally.made == tally.letters for tally in tallies)
    context = {
        "filter": found,
        "page": rows,
        "tallies": tallies,
        "jobs": [] if is_made else queries.jobs_of(evaluation),
        "is_left": may_make and any(tally.sent < tally.letters for tally in tallies),
    }
    return page(request, evaluation, "evaluation/letters.html", active="letters", **context)


@guard(permissions.can_read_letter, on=Letter)
@require_safe
def letter_file(request, letter):
    """One letter, to be saved. The bidder's opening it for the first time is noted."""
    if permissions.is_to(request.user, letter):
        letter = actions.read_letter(letter=letter, by=request.user, at=clock.now())
    if letter.file is None:
        messages.error(request, "This letter is not made yet")
        return redirect("letters", letter.bid.evaluation_id)
    return download(request, letter.file)


@guard(permissions.can_read_letter, on=Letter)
@require_safe
def letters_beside(request, letter):
    """From one letter to all of its evaluation: where the page of a task leads that made some of them."""
    if permissions.can_see_letters(request.user, letter.bid):
        return redirect("letters", letter.bid.evaluation_id)
    return redirect("bidder_evaluation", letter.bid.submission.application_id)
