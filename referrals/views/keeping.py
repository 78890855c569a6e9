"""Keeping a record longer than until the pupil is 25."""

from __future__ import annotations

from accounts.forms.fields import posted
from accounts.forms.people import SureForm
from audit.reads import reads
from core import clock
from core.access import guard
from lots.views.setting_up import done, tried
from referrals.actions import keeping as actions
from referrals.forms.sharing import KeepForm
from referrals.models import Pupil
from referrals.permissions import sharing as permissions
from referrals.views.frame import page


@guard(permissions.can_keep_pupil, on=Pupil)
@reads("personal")
def keep_pupil(request, pupil):
    """Keep the record, or let it go again."""
    kept = pupil.kept_since is not None
    form = SureForm(posted(request), submit="Let it go") if kept else KeepForm(posted(request))

    def act():
        if kept:
            actions.let_go_pupil(pupil=pupil, by=request.user, at=clock.now())
        else:
            actions.keep_pupil(pupil=pupil, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        said = "The record is kept no longer than any other" if kept else "The record is kept until somebody lets it go"
        return done(request, said, "keep_pupil", pupil.pk)
    return page(request, pupil.commissioner, "referrals/keep_pupil.html", active="pupils", form=form, pupil=pupil)
