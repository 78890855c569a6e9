"""Sites, insurances and accreditations in a provider's profile: added, changed, taken off."""

from __future__ import annotations

from functools import partial

from accounts.forms.fields import posted
from accounts.forms.people import SureForm
from accounts.models import Organisation
from core.access import guard
from providers.actions import covers
from providers.actions import profiles as actions
from providers.forms.rows import AccreditationForm, InsuranceForm, SiteForm
from providers.models import Accreditation, Insurance, Site
from providers.permissions import profiles as permissions
from providers.queries import library as documents
from providers.queries.profiles import profile_of, values_of
from providers.rules import profile as rules
from providers.views.editing import edited, removed


@guard(permissions.can_edit_profile, on=Organisation)
def add_site(request, provider):
    """Add a site. A sole tutor's address is kept back unless they say otherwise: it may be their home."""
    home = profile_of(provider, user=request.user).sole_tutor
    form = SiteForm(posted(request), initial={"show_address": "no" if home else "yes"})

    def act(**who):
        actions.add_site(provider=provider, values=form.values(), **who)

    return edited(request, provider, form, act, heading="Add a site", said="The site was added")


@guard(permissions.can_edit_row, on=Site)
def change_site(request, site):
    """Change a site."""
    form = SiteForm(posted(request), row=values_of(site, rules.SITE))

    def act(**who):
        actions.change_site(site=site, values=form.values(), seen=form.saw(), **who)

    return edited(request, site.provider, form, act, heading="Change a site", said="The site was saved")


@guard(permissions.can_edit_row, on=Site)
def close_site(request, site):
    """Take a site out of use."""
    return _removed(request, site, partial(actions.close_site, site=site), what="site", name=site.name)


@guard(permissions.can_edit_profile, on=Organisation)
def add_insurance(request, provider):
    """Write down an insurance."""
    form = InsuranceForm(posted(request), documents=_documents(request, provider))

    def act(**who):
        covers.add_insurance(provider=provider, values=form.values(), **who)

    return edited(
        request, provider, form, act, heading="Add an insurance", said="The insurance was added", private=True
    )


@guard(permissions.can_edit_row, on=Insurance)
def change_insurance(request, insurance):
    """Change an insurance, or write down that it was renewed."""
    row = values_of(insurance, rules.INSURANCE)
    form = InsuranceForm(posted(request), row=row, documents=_documents(request, insurance.provider))

    def act(**who):
        covers.change_insurance(insurance=insurance, values=form.values(), seen=form.saw(), **who)

    return edited(
        request,
        insurance.provider,
        form,
        act,
        heading="Change an insurance",
        said="The insurance was saved",
        private=True,
    )


@guard(permissions.can_edit_row, on=Insurance)
def remove_insurance(request, insurance):
    """Take an insurance off the profile."""
    act = partial(covers.remove_insurance, insurance=insurance)
    return _removed(request, insurance, act, what="insurance", name=insurance.get_kind_display())


@guard(permissions.can_edit_profile, on=Organisation)
def add_accreditation(request, provider):
    """Write down who has accredited the provider."""
    form = AccreditationForm(posted(request))

    def act(**who):
        covers.add_accreditation(provider=provider, values=form.values(), **who)

    return edited(request, provider, form, act, heading="Add an accreditation", said="The accreditation was added")


@guard(permissions.can_edit_row, on=Accreditation)
def change_accreditation(request, accreditation):
    """Change it."""
    form = AccreditationForm(posted(request), row=values_of(accreditation, rules.ACCREDITATION))

    def act(**who):
        covers.change_accreditation(accreditation=accreditation, values=form.values(), seen=form.saw(), **who)

    return edited(
        request,
        accreditation.provider,
        form,
        act,
        heading="Change an accreditation",
        said="The accreditation was saved",
    )


@guard(permissions.can_edit_row, on=Accreditation)
def remove_accreditation(request, accreditation):
    """Take it off the profile."""
    act = partial(covers.remove_accreditation, accreditation=accreditation)
    return _removed(request, accreditation, act, what="accreditation", name=accreditation.by)


def _documents(request, provider) -> list[tuple[int, str]]:
    """The documents of the library, to choose a certificate from."""
    return [(one.item, one.title) for one in documents.library_of(provider, user=request.user).values()]


def _removed(request, row, act, *, what: str, name: str):
    return removed(
        request,
        SureForm(posted(request), submit="Remove"),
        act,
        said=f"The {what} was removed",
        back="provider_profile",
        pk=row.provider_id,
        template="providers/remove_row.html",
        provider=row.provider,
        what=what,
        name=name,
    )
