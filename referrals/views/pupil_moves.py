"""A pupil's record goes to another commissioner; two records of one pupil are put together."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from accounts.models import Organisation
from accounts.queries import has_role
from accounts.states import Role
from audit.reads import reads
from core import clock, lists
from core.access import guard
from lots.views.setting_up import done
from referrals.actions import merging as merge_actions
from referrals.actions import moves as actions
from referrals.forms.moves import AnswerForm, MergeForm, MoveForm, OtherRecordForm, WithdrawForm
from referrals.models import Pupil, PupilMove
from referrals.permissions import pupils as permissions
from referrals.queries import pupils as queries
from referrals.rules.merging import PARTS
from referrals.rules.moves import shown_before
from referrals.states import MoveState
from referrals.views.frame import page
from referrals.views.pupil_frame import form_page, standing, tried


@guard(permissions.can_change, on=Pupil)
@standing
@reads("personal")
def move_pupil(request, pupil):
    """Offer a pupil's record to another commissioner."""
    waiting = queries.open_move_of(pupil, user=request.user)
    if waiting:
        return redirect("answer_move", waiting.pk)
    form = MoveForm(
        posted(request), find=lambda words: queries.all_commissioners_like(words, but=pupil.commissioner_id)
    )

    def act():
        reason = form.cleaned_data["reason"]
        actions.offer_pupil(pupil=pupil, taker=form.taker, reason=reason, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The record was offered. You keep it until they accept", "pupil", pupil.pk)
    return form_page(request, pupil, form, "Move the record", template="referrals/pupil_move.html")


@guard(permissions.can_list, on=Organisation)
@require_safe
def pupil_moves(request, organisation):
    """Records on their way to or from a commissioner: initials and the year of birth."""
    found = lists.page(queries.moves_of(organisation, user=request.user), request.GET, order=["-offered_at", "-id"])
    for one in found.rows:
        one.about = _about(one)
    return page(request, organisation, "referrals/pupil_moves.html", active="pupils", page=found)


@guard(permissions.can_see_move, on=PupilMove)
def answer_move(request, move):
    """Accept or decline a record that is offered, or take one's own offer back."""
    waits = move.state == MoveState.OFFERED
    answers = permissions.can_answer_move(request.user, move)
    takes_back = permissions.can_withdraw_move(request.user, move)
    form = AnswerForm(posted(request)) if answers else WithdrawForm(posted(request))
    found = []

    def act():
        by = {"move": move, "by": request.user, "at": clock.now()}
        if not answers:
            actions.withdraw_move(**by)
        elif form.cleaned_data["answer"] == "accept":
            found.append(actions.accept_move(**by))
        else:
            actions.decline_move(**by)

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return _answered(request, move, found, answers)
    context = {
        "form": form if (waits and (answers or takes_back)) or form.is_bound else None,
        "move": move,
        "about": _about(move),
        "answers": answers,
    }
    return page(request, _side(request.user, move), "referrals/pupil_answer.html", active="pupils", **context)


def _answered(request, move, found: list, answers: bool):
    if found and found[0].same:
        messages.success(
            request,
            "The record is yours. You have another one with the same number: check whether they are one pupil",
        )
        return redirect("merge_pupils", found[0].same, found[0].pupil.pk)
    if found:
        return done(request, "The record is yours", "pupil", found[0].pupil.pk)
    said = "You declined the record" if answers else "The offer was taken back"
    return done(request, said, "answer_move", move.pk)


def _about(move) -> str:
    return shown_before(move.pupil.first_names, move.pupil.last_name, move.pupil.born_on)


def _side(user, move) -> Organisation:
    """Under whose pages the person sees the move: the side that they belong to, or its trust."""
    for side in (move.taker, move.giver):
        if has_role(user, *Role, organisation=side):
            return side
    return move.taker.parent or move.giver.parent


@guard(permissions.can_change, on=Pupil)
@standing
@reads("personal")
def merge_pupil(request, pupil):
    """Choose the other record of the same pupil."""
    sent = posted(request)
    words = OtherRecordForm(sent, others=[]).fields["words"]
    typed = _clean(words, sent)
    form = OtherRecordForm(sent, others=queries.others_like(pupil, typed, user=request.user))
    if sent is not None and form.is_valid():
        if form.cleaned_data["other"]:
            return redirect("merge_pupils", pupil.pk, form.cleaned_data["other"])
        if not typed:
            form.add_error("other" if form.fields["other"].choices else "words", "Choose a record, or look for a name")
        elif not form.fields["other"].choices:
            form.add_error("words", "No other record has this name. Check the spelling")
    return form_page(request, pupil, form, "Put two records together", template="referrals/pupil_merge.html")


def _clean(field, sent) -> str:
    try:
        return field.clean(sent.get("words", "")) if sent is not None else ""
    except ValidationError:
        return ""


@guard(permissions.can_change, on=Pupil)
@standing
@reads("special category")
def merge_pupils(request, pupil, other):
    """Two records side by side, and what stays of each."""
    gone = queries.other_of(pupil, other, user=request.user)
    if gone is None:
        raise Http404
    kept_who, gone_who = queries.who_of(pupil), queries.who_of(gone)
    seen = {"revision": pupil.revision, "other_revision": gone.revision}
    form = MergeForm(posted(request), kept=kept_who, gone=gone_who, initial=seen)

    def act():
        told = form.cleaned_data
        merge_actions.merge_pupils(
            kept=pupil,
            gone=gone,
            choices=form.choices(),
            reason=told["reason"],
            revisions=(told["revision"], told["other_revision"]),
            by=request.user,
            at=clock.now(),
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The two records are one now", "pupil", pupil.pk)
    context = {
        "gone": gone,
        "rows": [(PARTS[name].label, form.said(kept_who, name), form.said(gone_who, name)) for name in PARTS],
        "rolls": [queries.enrolments_of(one, user=request.user) for one in (pupil, gone)],
    }
    return form_page(
        request, pupil, form, "Put two records together", template="referrals/pupil_merge_check.html", **context
    )
