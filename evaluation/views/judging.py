"""The queue of whoever judges, one verdict with everything it needs, and how far judging is."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from core import clock, lists
from core.access import guard
from core.crypto import SealBroken
from evaluation.actions import judging as actions
from evaluation.forms.judging import LOCK, LOCKED, WAITING, GiveOutForm, QueueForm, VerdictForm
from evaluation.models import Evaluation, Judgement
from evaluation.permissions import duties
from evaluation.permissions import judging as permissions
from evaluation.queries import allotment, clarifications, evidence
from evaluation.queries import judging as queries
from evaluation.queries import progress as done
from evaluation.queries.answers import answer_to
from evaluation.queries.documents import document_of
from evaluation.rules import judging as rules
from evaluation.rules.allotment import in_words
from evaluation.rules.judging import Stale
from evaluation.states import Outcome, Slot, Stage
from evaluation.views.frame import page
from lots.rules.refusals import Refused
from lots.views.setting_up import tried

COLOURS = {Outcome.PASS: "green", Outcome.FAIL: "red", Outcome.CLARIFY: "yellow", Outcome.NOT_APPLICABLE: "grey"}


@guard(duties.can_judge, on=Evaluation)
@require_safe
def my_judgements(request, evaluation):
    """What the person was given, in the order in which it is best judged; what waits for a bidder and what is locked
    stand by themselves."""
    filter = QueueForm(request.GET, themes=queries.themes_of(evaluation))
    show, theme = filter.wanted
    rows = queries.queue(evaluation, user=request.user)
    if theme is not None:
        rows = rows.filter(standard__theme=theme)
    narrow = {WAITING: queries.waiting, LOCKED: queries.locked}.get(show, queries.to_do)
    context = {
        "filter": {"form": filter},
        "page": lists.page(narrow(rows, clock.now()), request.GET, order=["position", "id"]),
        "show": show,
        "colours": COLOURS,
    }
    return page(request, evaluation, "evaluation/my_judgements.html", active="my_judgements", **context)


@guard(duties.can_judge, on=Evaluation)
@require_safe
def next_judgement(request, evaluation):
    """Lead to the next one to judge, after the position in the address; past what waits for a bidder."""
    after = request.GET.get("after", "")
    return _go_on(request, evaluation, int(after) if after.isascii() and after.isdigit() and len(after) < 10 else -1)


@guard(duties.can_judge, on=Judgement)
def judgement(request, judgement):
    """One verdict: what good looks like, what the bidder said, the evidence beside it, and the form. Locked it can
    only be read."""
    opened = _Opened(request, judgement)
    if judgement.locked_at or opened.shut:
        if request.method == "POST":
            return opened.unsaved(opened.form(request.POST), why=opened.shut or _LOCKED)
        return opened.shown(None)
    form = opened.form(posted(request))
    if request.method != "POST" or not form.is_valid():
        return opened.shown(form)
    act = actions.lock_judgement if _locks(request, form) else actions.save_judgement
    try:
        row = act(judgement=judgement, verdict=form.verdict, revision=form.seen, by=request.user, at=clock.now())
    except Stale as stale:
        return opened.unsaved(form, why=_LOCKED) if stale.locked else opened.stale(form, stale)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return opened.shown(form)
    if row.locked_at:
        messages.success(request, "Your judgement was locked")
        return _go_on(request, judgement.bid.evaluation, judgement.position)
    if row.outcome == Outcome.CLARIFY and opened.question is None:
        return redirect("ask_bidder", judgement.pk)
    messages.success(request, "Saved. It is not locked yet")
    return redirect("judgement", judgement.pk)


_LOCKED = "You have locked this judgement in another window or on another device"


def _locks(request, form) -> bool:
    """The button that locks; whoever would ask the bidder goes on to the question."""
    return LOCK in request.POST and form.verdict.outcome != Outcome.CLARIFY


def _go_on(request, evaluation, after: int):
    following = queries.next_of(evaluation, user=request.user, at=clock.now(), after=after)
    if following is not None:
        return redirect("judgement", following.pk)
    messages.info(request, "There is nothing for you to judge at the moment")
    return redirect("my_judgements", evaluation.pk)


class _Opened:
    """A judgement as somebody looks at it."""

    def __init__(self, request, judgement: Judgement):
        self.request, self.judgement = request, judgement
        self.bid = judgement.bid
        self.evaluation = self.bid.evaluation
        self.asked = clarifications.about(self.bid, judgement.standard_id, user=request.user)
        self.question = next(
            (one for one in self.asked if one.judgement_id == judgement.pk and one.answered_at is None), None
        )
        try:
            self.document = document_of(self.bid, user=request.user)
        except SealBroken:
            self.document = None
        self.evidence = []
        if self.document:
            self.evidence = evidence.shown_for(
                self.bid,
                judgement.standard_id,
                user=request.user,
                lot_id=judgement.lot_id,
                document=self.document,
                asked=self.asked,
            )
        self.papers = [(one.version, one.title) for one in self.evidence]

    @property
    def shut(self) -> str:
        """Why nothing can be judged; empty while it can."""
        try:
            rules.check_open(stage=self.evaluation.stage, bid_state=self.bid.state)
        except Refused as refusal:
            return str(refusal)
        return ""

    def form(self, data) -> VerdictForm:
        """The form, with what is saved."""
        return VerdictForm(
            data,
            documents=self.papers,
            reader=self.judgement.slot == Slot.READER,
            initial=VerdictForm.initial_of(queries.verdict_of(self.judgement), self.judgement.revision),
        )

    def shown(self, form, *, status: int = 200, **context):
        """The page."""
        judgement = self.judgement
        basis = {
            "judgement": judgement,
            "bid": self.bid,
            "standard": judgement.standard,
            "form": form,
            "answer": self.document and answer_to(self.document, judgement.standard_id, judgement.lot_id),
            "shown": self.evidence,
            "clarifications": self.asked,
            "question": self.question,
            "first": queries.first_decision(judgement),
            "how": rules.how(judgement.slot, number=judgement.number, sampled=judgement.sampled),
            "outcome": Outcome(judgement.outcome).label if judgement.outcome else "",
            "colour": COLOURS.get(judgement.outcome, "grey"),
            "seen_in": dict(self.papers).get(judgement.version_id, ""),
            "shut": self.shut,
            "at": clock.now(),
        }
        return page(
            self.request,
            self.evaluation,
            "evaluation/judgement.html",
            active="my_judgements",
            status=status,
            **basis | context,
        )

    def stale(self, form, stale: Stale):
        """Both, one above the other: what was saved elsewhere, and what was typed here, which can be saved now."""
        data = self.request.POST.copy()
        data["revision"] = str(stale.revision)
        again = self.form(data)
        again.is_valid()
        again.add_error(None, f"{stale}. What was saved there is shown above the form. Save again to keep what is here")
        standing = stale.standing
        return self.shown(again, status=409, standing=standing, standing_outcome=_label(standing.outcome))

    def unsaved(self, form, *, why: str):
        """Nothing can be saved any more: what was typed is shown, so that it can be copied."""
        form.is_valid()
        typed = {"outcome": _label(form.data.get("outcome", "")), "reason": form.data.get("reason", "")}
        typed["pages"] = form.data.get("pages", "")
        return self.shown(None, status=409, unsaved=typed, why=why)


def _label(outcome: str) -> str:
    return Outcome(outcome).label if outcome in Outcome.values else "Nothing chosen"


@guard(permissions.can_follow, on=Evaluation)
@require_safe
def progress(request, evaluation):
    """How far judging is: for whoever runs the evaluation by person and theme, for an evaluator their own alone."""
    user, own = request.user, duties.can_judge(request.user, evaluation)
    found = done.own_progress(evaluation, user=user) if own else done.progress(evaluation, at=clock.now())
    context = {"progress": found, "own": own, "can_give_out": _gives_out(user, evaluation)}
    return page(request, evaluation, "evaluation/progress.html", active="progress", **context)


def _gives_out(user, evaluation) -> bool:
    return evaluation.stage == Stage.JUDGING and duties.can_run(user, evaluation)


@guard(duties.can_run, on=Evaluation)
def give_out_judging(request, evaluation):
    """Give out what is missing: first who would get how much, and for what there are too few people."""
    form = GiveOutForm(posted(request))
    if request.method == "POST" and form.is_valid():

        def act():
            count = actions.give_out_judging(evaluation=evaluation, by=request.user, at=clock.now())
            words = f"{count:,} judgements were given out" if count != 1 else "One judgement was given out"
            messages.success(request, words if count else "Everything was given out already")

        if tried(form, act):
            return redirect("progress", evaluation.pk)
    found = allotment.preview(evaluation)
    context = {"form": form, "found": found, "gaps": in_words(found.gaps, found.bids)}
    return page(request, evaluation, "evaluation/give_out_judging.html", active="progress", **context)
