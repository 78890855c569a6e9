"""Questions to one bidder: asked from a judgement or in moderation, read by the panel, answered by the bidder."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from core import addresses, clock
from core.access import guard
from core.middleware import takes_up_to
from evaluation.actions import clarifying as actions
from evaluation.forms.clarifying import DOCUMENT, AnswerForm, AskForm, NewDocumentForm
from evaluation.models import Bid, Clarification, Judgement
from evaluation.permissions import clarifying as permissions
from evaluation.permissions.duties import can_moderate
from evaluation.queries import clarifications as queries
from evaluation.rules import clarifying as rules
from evaluation.states import Cure
from evaluation.views.frame import page
from lots.rules.refusals import Refused
from providers.actions.library import add_item
from providers.queries.library import library_of
from providers.rules.countdown import left_in_words
from providers.views.library import LARGEST_FORM, taken

NEW, UPLOAD = "new", "upload"


@guard(permissions.can_ask, on=Judgement)
def ask_bidder(request, judgement):
    """Ask from one's own judgement."""
    bid = judgement.bid
    act = partial(actions.ask_bidder, judgement=judgement)
    return _ask(request, bid, judgement.standard, judgement.lot, act, reverse("judgement", args=[judgement.pk]))


@guard(permissions.can_ask_in_moderation, on=Bid)
def ask_in_moderation(request, bid, standard):
    """Ask as a moderator; `?lot=` names the lot where quality is judged for each."""
    asked, lot = queries.standard_of(bid, standard), None
    if "lot" in request.GET:
        typed = request.GET["lot"]
        lot = queries.lot_of(bid, int(typed)) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else None
        if lot is None:
            raise Http404
    if asked is None:
        raise Http404
    act = partial(actions.ask_in_moderation, bid=bid, standard_id=standard, lot_id=lot.pk if lot else None)
    return _ask(request, bid, asked, lot, act, reverse("moderate", args=[bid.pk, standard]))


def _ask(request, bid, standard, lot, act: Callable, back: str):
    choices = queries.choices(bid.evaluation, standard.pk)
    form = AskForm(posted(request), choices=choices)
    at = clock.now()
    if request.method == "POST" and form.is_valid():
        try:
            made = act(**form.asked, by=request.user, at=at)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, "Your question was sent to the bidder. You are told when the answer comes")
            return redirect("clarification", made.pk)
    context = {
        "bid": bid,
        "standard": standard,
        "lot": lot,
        "form": form,
        "not_asked": [one for one in choices if one.cure == Cure.NOTHING],
        "due_at": rules.due_at(at, bid.evaluation.clarify_days),
        "back_url": back,
    }
    return page(request, bid.evaluation, "evaluation/ask_bidder.html", **context)


@guard(permissions.can_read, on=Clarification)
@require_safe
def clarification(request, clarification):
    """A question with its answer, for the panel."""
    evaluation = clarification.bid.evaluation
    at = clock.now()
    context = {
        "clarification": clarification,
        "bid": clarification.bid,
        "may_send": rules.MAY_SEND[clarification.cure],
        "lapsed": clarification.answered_at is None and clarification.due_at < at,
        # A colleague who judges blind must not learn who was unsure.
        "shows_asker": clarification.asked_by_id == request.user.pk or can_moderate(request.user, evaluation),
        "own": clarification.judgement if clarification.asked_by_id == request.user.pk else None,
        "document": _document(clarification),
    }
    return page(request, evaluation, "evaluation/clarification.html", **context)


def _document(clarification) -> tuple[str, str] | None:
    """Title and address of what came with the answer."""
    version = clarification.version
    if version is None:
        return None
    return version.item.title, reverse("bid_evidence_file", args=[clarification.bid_id, version.pk])


@guard(permissions.can_answer, on=Clarification)
@takes_up_to(LARGEST_FORM)
def answer_clarification(request, clarification):
    """The bidder's one answer. A document is taken into its library first, and the answer keeps what was typed."""
    takes_papers = clarification.cure == Cure.REPLACE
    form, upload, sends = _forms(request, clarification, takes_papers)
    if sends and form.is_valid():
        try:
            actions.answer_clarification(clarification=clarification, **form.answer, by=request.user)
        except rules.TooLate as late:
            return _too_late(request, clarification, late, form)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, "Your answer was sent")
            return redirect("answer_clarification", clarification.pk)
    context = _told(clarification) | {"form": form, "upload": upload, "is_folded": not upload or not upload.is_bound}
    return render(request, "evaluation/answer_clarification.html", context)


def _forms(request, clarification, takes_papers: bool):
    """The answer's form, the form of a new document (None where none may be sent), and whether the answer is to be sent
    now. A document that was brought in by this request is chosen in the answer."""
    provider = clarification.bid.provider
    make = partial(AnswerForm, cure=clarification.cure)
    new = partial(NewDocumentForm, prefix=NEW, initial={"title": _asked_for(clarification)[:200]})
    shut = _shut(clarification)

    def library():
        return library_of(provider, user=request.user).values() if takes_papers else ()

    if request.method != "POST":
        return make(library=library()), new() if takes_papers else None, False
    only_upload = UPLOAD in request.POST
    if not takes_papers or shut or not (only_upload or request.FILES.get(f"{NEW}-file")):
        return make(request.POST, library=library()), new() if takes_papers else None, True
    upload = new(request.POST, request.FILES)
    version = taken(upload, partial(add_item, provider=provider), by=request.user) if upload.is_valid() else None
    if version is None:
        # What was typed stays, and nothing is sent without the document that was meant to go with it.
        return make(initial=_typed(request), library=library()), upload, False
    chosen = request.POST.copy()
    chosen[DOCUMENT] = str(version.pk)
    if only_upload:
        messages.success(request, "The document is in your library, and chosen here. Your answer was not sent yet")
        return make(initial=_typed(request) | {DOCUMENT: version.pk}, library=library()), new(), False
    return make(chosen, library=library()), new(), True


def _typed(request) -> dict:
    return {"text": request.POST.get("text", ""), DOCUMENT: request.POST.get(DOCUMENT, "")}


def _asked_for(clarification) -> str:
    """What the question is about, in the buyer's words."""
    return clarification.evidence.title if clarification.evidence else clarification.standard.title


def _shut(clarification) -> str:
    return rules.why_shut(
        bid_state=clarification.bid.state,
        answered=clarification.answered_at is not None,
        due_at=clarification.due_at,
        at=clock.now(),
    )


def _told(clarification) -> dict:
    """What the bidder reads of the question, on each of its pages. Nothing of it says who asked."""
    application = clarification.bid.submission.application_id
    return {
        "clarification": clarification,
        "framework": clarification.bid.evaluation.framework,
        "about": _asked_for(clarification),
        "may_send": rules.MAY_SEND[clarification.cure],
        "left": left_in_words(clarification.due_at, clock.now()),
        "shut": _shut(clarification),
        "submission": clarification.bid.submission_id,
        "back_url": addresses.address("bidder_evaluation", application),
    }


def _too_late(request, clarification, late: rules.TooLate, form):
    """Write the attempt down, and show what was typed (409)."""
    actions.note_late_answer(clarification=clarification, by=request.user, at=late.at)
    context = _told(clarification) | {"late": late, "typed": form.cleaned_data["text"]}
    return render(request, "evaluation/answer_too_late.html", context, status=409)
