"""The parts of an application that have one page each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from core import clock
from core.access import guard
from core.middleware import takes_up_to
from providers.forms import declared
from providers.forms.bid import LotsForm, OrganisationForm, PricesForm
from providers.forms.parts import PartForm
from providers.models import Application
from providers.permissions import applications as permissions
from providers.rules import prices
from providers.rules.organisation import CDP
from providers.rules.parts import TITLES
from providers.states import ItemKind
from providers.views import shown
from providers.views.library import LARGEST_FORM, upload_here
from providers.views.papers import choose
from providers.views.parts import Opened, part_page


@dataclass(frozen=True)
class PartPage:
    """How a part is shown. `more` gives the template what it needs besides the form."""

    heading: str
    form: type[PartForm]
    template: str = "providers/part.html"
    more: Callable[[Opened, PartForm], dict] = lambda opened, form: {}


def _identity(opened: Opened, form: PartForm) -> dict:
    names = {
        "companies_house": "Companies House number",
        "charity_number": "Charity number",
        "ukprn": "UKPRN",
        "ppon": "Public procurement organisation number",
        "urn": "School’s URN",
    }
    numbers = opened.context.bidder.numbers
    rows = [{"key": "Name", "value": opened.context.bidder.name}]
    rows += [{"key": label, "value": numbers[name]} for name, label in names.items() if name in numbers]
    provider = opened.application.provider_id
    return {
        "identity": rows,
        "identity_url": shown.way("edit_organisation", provider),
        "profile_url": shown.way("provider_profile", provider),
    }


def _lots(opened: Opened, form: PartForm) -> dict:
    return {"offer": opened.context.offer, "auto": [lot for lot in opened.context.offer.lots if lot.is_auto]}


def _prices(opened: Opened, form: PartForm) -> dict:
    return {
        "offer": opened.context.offer,
        "any_compared": any(pool.line.gated for pool in prices.pools(opened.context)),
    }


PAGES: dict[str, PartPage] = {
    "organisation": PartPage("Your organisation", OrganisationForm, "providers/organisation_part.html", _identity),
    "lots": PartPage("Lots", LotsForm, "providers/lots_part.html", _lots),
    "prices": PartPage("Prices", PricesForm, "providers/prices_part.html", _prices),
} | {code: PartPage(TITLES[code], form, template) for code, (form, template) in declared.FORMS.items()}


@guard(permissions.can_bid, on=Application)
@takes_up_to(LARGEST_FORM)
def upload_supplier_information(request, application):
    """Take the PDF of the supplier information into the library, and choose it."""
    back = f"{reverse('edit_part', args=[application.pk, 'organisation'])}#div_id_{CDP}"
    if shown.why_shut(application.framework, at=clock.now()):
        return redirect(back)
    title = "Supplier information"
    form, version = upload_here(request, application.provider, initial={"title": title, "kind": ItemKind.CDP})
    if version is not None:
        return choose(request, application, "organisation", back, lambda typed: dict(typed) | {CDP: str(version.pk)})
    context = {
        "application": application,
        "form": form,
        "asked": title,
        "heading": PAGES["organisation"].heading,
        "back_url": back,
        "back_name": "Your organisation, with what you typed",
    }
    return render(request, "providers/upload_evidence.html", context)


@guard(permissions.can_bid, on=Application)
def edit_part(request, application, code):
    """Show or save one part."""
    page = PAGES.get(code)
    if page is None:
        raise Http404

    def leads_to(sent):
        return reverse("upload_supplier_information", args=[application.pk]) if "upload" in sent else None

    return part_page(
        request, application, code, page.form,
        heading=page.heading, template=page.template, more=page.more, leads_to=leads_to,
    )  # fmt: skip
