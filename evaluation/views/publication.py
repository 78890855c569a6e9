"""The award notice was published on Find a Tender."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect

from accounts.forms.fields import posted
from core import clock
from core.access import guard
from evaluation.actions import standstill as actions
from evaluation.forms.awards import PublicationForm
from evaluation.models import AwardSet
from evaluation.permissions import awards as permissions
from evaluation.queries.award_pages import summaries_of
from evaluation.states import SetState
from evaluation.views.frame import page
from lots.views.setting_up import tried


@guard(permissions.can_publish, on=AwardSet)
def award_publication(request, award_set):
    """Write down the notice and its day, or put right what was typed wrongly."""
    again = award_set.published_on is not None
    initial = {"notice_number": award_set.notice_number, "published_on": award_set.published_on} if again else None
    submit = "Correct the publication" if again else "Record the publication"
    form = PublicationForm(posted(request), initial=initial, submit=submit)

    def act():
        write = actions.correct_publication if again else actions.record_publication
        write(award_set=award_set, **form.cleaned_data, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, "The publication is recorded")
        return redirect("award_set", award_set.pk)
    told_on, unsent = summaries_of(award_set)
    return page(
        request,
        award_set.evaluation,
        "evaluation/award_publication.html",
        active="awards",
        award=award_set,
        form=form,
        again=again,
        over=again and award_set.standstill and award_set.waits_until <= clock.now(),
        unsent=unsent,
        told_on=told_on,
        approved=award_set.state == SetState.APPROVED,
    )
