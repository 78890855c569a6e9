"""The parts of a referral, and its documents."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse

from accounts.forms.fields import posted
from accounts.forms.people import SureForm
from audit.reads import reads
from core import clock
from core.access import guard
from core.middleware import takes_up_to
from files import responses, store
from files.rules import Refused as FileRefused
from lots.rules.refusals import Refused
from lots.views.setting_up import done, tried
from providers.forms.library import AGAIN
from providers.rules.seen import Changed
from referrals.actions import referrals as actions
from referrals.forms import referral as forms
from referrals.forms import referral_rows as rows
from referrals.forms.referral_ends import DocumentForm
from referrals.models import Referral, ReferralFile
from referrals.permissions import referrals as permissions
from referrals.queries import call_off, sealed
from referrals.queries import referrals as queries
from referrals.rules import bases
from referrals.rules import referral as rules
from referrals.states import ReferralState
from referrals.views.frame import page

FORMS = {
    "why": forms.WhyForm,
    "provision": forms.ProvisionForm,
    "needs": forms.NeedsForm,
    "targets": rows.TargetsForm,
    "funding": rows.FundingForm,
    "views": forms.ViewsForm,
    "contact": forms.ContactForm,
}
LARGEST_FORM = settings.FILE_MAX_BYTES + 1024**2  # the file, and room for the form around it
ADDED = "added"


@guard(permissions.can_write, on=Referral)
@reads("personal")
def referral_part(request, referral, part):
    """One part: shown, saved however unfinished, and back to the task list. Where somebody saved the same part
    meanwhile, the page (409) shows what stands beside what was typed; saving it again is meant."""
    content = sealed.content_of(referral)
    form = _form(request, referral, content, part)
    context = {
        "referral": referral,
        "form": form,
        "heading": rules.TITLES[part],
        "part": part,
        "may_change": rules.may_change(referral.state, part),
        "checked": referral.state in rules.CHECKED,
    }
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_part(
                referral=referral, part=part, values=form.values(), seen=form.saw(), by=request.user, at=clock.now()
            )
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        except Changed as changed:
            context["theirs"], status = _theirs(form, changed.now), 409
            form.see(changed.now)
        else:
            return _on(request, saved, part, was_checked=context["checked"])
    if request.method != "POST" and context["may_change"]:
        context["lacks"] = queries.missing_of(referral, content, today=clock.today())[part]
    if part == "why":
        context["fits"] = bases.in_words(str(referral.commissioner.kind))
    return page(
        request, referral.commissioner, "referrals/referral_part.html", active="referrals", status=status, **context
    )


def _form(request, referral: Referral, content, part: str):
    row = queries.values_of(referral, content, part)
    more = {"lots": call_off.lots_for(referral.commissioner)} if part == "provision" else {}
    if part in {"targets", "funding"} and "more" in request.GET:
        more["at_least"] = len(row[FORMS[part].ROWS]) + 1
    return FORMS[part](posted(request), row=row, **more)


def _theirs(form, now) -> list[dict]:
    typed = form.values()
    return [
        {"key": form.fields[name].label if name in form.fields else "Rows", "value": form.in_words(name, value) or None}
        for name, value in now.items()
        if typed.get(name) != value
    ]


def _on(request, saved: Referral, part: str, *, was_checked: bool):
    """After saving: one more row, or back to the referral, with what the person has to know."""
    if "more" in request.POST:
        return redirect(f"{reverse('referral_part', args=[saved.pk, part])}?more")
    again = ". Check the referral again before you ask providers" if was_checked else ""
    messages.success(request, f"{rules.TITLES[part]}: saved{again}")
    return redirect("referral", saved.pk)


@guard(permissions.can_write, on=Referral)
@reads("personal")
@takes_up_to(LARGEST_FORM)
def referral_documents(request, referral):
    """The documents of a referral, and another."""
    form = DocumentForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid() and _kept(form, referral, by=request.user):
        return redirect(f"{reverse('referral_documents', args=[referral.pk])}?{ADDED}")
    if ADDED in request.GET and request.method != "POST":
        messages.success(request, "The document was added")
    context = {
        "referral": referral,
        "form": form,
        "documents": queries.documents_of(referral, user=request.user),
        "closed": referral.state == ReferralState.CLOSED,
    }
    return page(request, referral.commissioner, "referrals/referral_documents.html", active="referrals", **context)


def _kept(form, referral: Referral, *, by) -> ReferralFile | None:
    """Keep the form's file and put it with the referral; forget the file where that is refused."""
    try:
        kept = store.keep(form.cleaned_data["file"])
    except FileRefused as refusal:
        form.add_error("file", str(refusal))
        return None
    try:
        title = form.cleaned_data["title"]
        return actions.add_document(referral=referral, title=title, kept=kept, by=by, at=clock.now())
    except Refused as refusal:
        store.forget(kept)
        form.add_error(None, str(refusal))
        form.add_error("file", AGAIN)
        return None
    except Exception:
        store.forget(kept)
        raise


@guard(permissions.can_remove_file, on=ReferralFile)
@reads("personal")
def remove_referral_file(request, document):
    """Take a document away."""
    form = SureForm(posted(request), submit="Remove the document")
    act = partial(actions.remove_document, document=document, by=request.user)
    if request.method == "POST" and form.is_valid() and tried(form, lambda: act(at=clock.now())):
        return done(request, "The document was removed", "referral_documents", document.referral_id)
    context = {"document": document, "referral": document.referral, "form": form}
    whose = document.referral.commissioner
    return page(request, whose, "referrals/remove_referral_file.html", active="referrals", **context)


@guard(permissions.can_read_file, on=ReferralFile)
@reads("personal")
def referral_file(request, document):
    """A document itself."""
    return responses.download(request, document.file)
