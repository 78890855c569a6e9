"""A pupil's record is changed: who they are, what they need, who answers for them, where they are on the roll."""

from __future__ import annotations

from django.http import Http404

from accounts.forms.fields import posted
from audit.reads import reads
from core import clock
from core.access import guard
from lots.views.setting_up import done
from referrals.actions import enrolments as roll_actions
from referrals.actions import pupils as actions
from referrals.forms.moves import CorrectEnrolmentForm, EndEnrolmentForm, EnrolmentForm
from referrals.forms.pupil_parts import ContactsForm, NeedsForm
from referrals.forms.pupils import EditForm
from referrals.models import Pupil
from referrals.permissions import pupils as permissions
from referrals.queries import pupils as queries
from referrals.rules.pupils import IDENTITY, WHO
from referrals.views.pupil_frame import alike, form_page, standing, tried


@guard(permissions.can_change, on=Pupil)
@standing
@reads("personal")
def edit_pupil(request, pupil):
    """Change who a pupil is."""
    who = queries.who_of(pupil)
    shown = {name: getattr(who, name) for name in WHO} | {name: getattr(who.private, name) for name in IDENTITY}
    form = EditForm(posted(request), initial=shown | {"revision": pupil.revision})

    def act():
        told = form.cleaned_data
        ticks = {name: told[name] for name in ("mistake", "different", "revision")}
        actions.edit_pupil(pupil=pupil, values=form.values(), **ticks, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The record was saved", "pupil", pupil.pk)
    return form_page(request, pupil, form, "Change who this is", alike=alike(request, form))


@guard(permissions.can_change, on=Pupil)
@standing
@reads("special category")
def edit_needs(request, pupil):
    """Change what a pupil needs."""
    form = NeedsForm(posted(request), initial=NeedsForm.shown(queries.who_of(pupil)) | {"revision": pupil.revision})

    def act():
        revision = form.cleaned_data["revision"]
        actions.edit_needs(pupil=pupil, values=form.values(), revision=revision, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The record was saved", "pupil", pupil.pk)
    return form_page(request, pupil, form, "What the pupil needs")


@guard(permissions.can_change, on=Pupil)
@standing
@reads("personal")
def edit_contacts(request, pupil):
    """Change who answers for a pupil."""
    contacts = queries.who_of(pupil).private.contacts
    form = ContactsForm(posted(request), contacts=contacts, initial={"revision": pupil.revision})

    def act():
        revision = form.cleaned_data["revision"]
        actions.edit_contacts(pupil=pupil, contacts=form.contacts(), revision=revision, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        added = len(form.contacts()) > len(contacts)
        said = "The contacts were saved. Add another one below" if added else "The contacts were saved"
        return done(request, said, "edit_contacts" if added else "pupil", pupil.pk)
    return form_page(request, pupil, form, "Contacts")


@guard(permissions.can_change, on=Pupil)
@standing
@reads("personal")
def add_enrolment(request, pupil):
    """Write down where a pupil is on the roll."""
    form = EnrolmentForm(posted(request), find=queries.all_schools_like)

    def act():
        roll_actions.add_enrolment(pupil=pupil, roll=form.roll, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "Where the pupil is on the roll was saved", "pupil", pupil.pk)
    about = "A new main school, or none, ends the one before on the day before. Nothing is written over."
    return form_page(request, pupil, form, "Where the pupil is on the roll", about=about)


@guard(permissions.can_change, on=Pupil)
@standing
@reads("personal")
def end_enrolment(request, pupil, enrolment):
    """Write down the last day on a roll."""
    found = _enrolment(request, pupil, enrolment)
    form = EndEnrolmentForm(posted(request))

    def act():
        until_on = form.cleaned_data["until_on"]
        roll_actions.end_enrolment(enrolment=found, until_on=until_on, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The last day was saved", "pupil", pupil.pk)
    return form_page(request, pupil, form, "The last day on the roll", enrolment=found)


@guard(permissions.can_change, on=Pupil)
@standing
@reads("personal")
def correct_enrolment(request, pupil, enrolment):
    """Put a wrong date right."""
    found = _enrolment(request, pupil, enrolment)
    form = CorrectEnrolmentForm(posted(request), initial={"from_on": found.from_on, "until_on": found.until_on})

    def act():
        days = {name: form.cleaned_data[name] for name in ("from_on", "until_on")}
        roll_actions.correct_enrolment(enrolment=found, **days, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The dates were corrected. What stood there is in the record", "pupil", pupil.pk)
    about = "Only where a date was written down wrong. If the pupil changed school, write down the new one instead."
    return form_page(request, pupil, form, "Correct the dates", enrolment=found, about=about)


def _enrolment(request, pupil, pk: int):
    found = queries.enrolment_of(pupil, pk, user=request.user)
    if found is None:
        raise Http404
    return found
