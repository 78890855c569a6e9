"""What every page of one pupil does: stand in the commissioner's pages, lead on from a record that was put together
with another, try an action."""

from __future__ import annotations

import functools

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse

from accounts.models import Organisation
from accounts.queries import has_role
from accounts.states import Role
from lots.rules.refusals import Refused
from referrals.models import Pupil
from referrals.queries import pupils as queries
from referrals.rules.pupils import AlreadyThere, MayBeTheSame, Stale
from referrals.views.frame import page


def house_of(user, pupil: Pupil) -> Organisation:
    """Under whose pages the person sees this pupil: the commissioner's, or for a trust's person the trust's."""
    commissioner = pupil.commissioner
    return commissioner if has_role(user, *Role, organisation=commissioner) else commissioner.parent


def standing(view):
    """Under the guard: a record that was put together with another leads to that one."""

    @functools.wraps(view)
    def led_on(request, pupil, *args, **kwargs):
        if not pupil.merged_into_id:
            return view(request, pupil, *args, **kwargs)
        kept = queries.standing_of(pupil, user=request.user)
        if kept is None:
            raise Http404
        messages.info(request, "This pupil was written down twice. Both records were put together, this is the one")
        return redirect("pupil", kept.pk)

    return led_on


def pupil_page(request, pupil: Pupil, template: str, *, status: int = 200, **context):
    """A page of this pupil. Templates extend `referrals/pupil_frame.html`."""
    house = house_of(request.user, pupil)
    return page(request, house, template, active="pupils", status=status, pupil=pupil, **context)


def form_page(request, pupil: Pupil, form, heading: str, *, template="referrals/pupil_form.html", **context):
    """A page of this pupil with one form. Where somebody wrote the record meanwhile its status is 409."""
    status = 409 if getattr(form, "is_stale", False) else 200
    return pupil_page(request, pupil, template, status=status, form=form, heading=heading, **context)


def tried(form, act) -> bool:
    """Do it; what the rules say no to becomes an error of its field, and the form knows what to ask or show next."""
    try:
        act()
    except Stale as stale:
        form.see(stale.revision)
        form.is_stale = True
        form.add_error(None, str(stale))
    except MayBeTheSame as same:
        form.asks, form.alike = True, same.pupils
        form.add_error("different", str(same))
    except AlreadyThere as there:
        form.alike = (there.pupil,)
        form.add_error(there.field, str(there))
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    else:
        return True
    return False


def alike(request, form) -> list[Pupil]:
    """The records that the form asks about, to look at."""
    found = getattr(form, "alike", ())
    return queries.by_keys(found, user=request.user) if found else []


def way_to(name: str, *args) -> str:
    """The address of a page, empty while there is none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
