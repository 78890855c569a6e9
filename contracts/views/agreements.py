"""One agreement, for both sides: reading it, signing it; and the list of an organisation's agreements."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from accounts.models import Organisation
from contracts import permissions, queries, work
from contracts.actions import signing as actions
from contracts.filters import AgreementFilter
from contracts.forms.signing import CountersignForm, SignForm
from contracts.models import Contract
from contracts.rules import agreements as rules
from contracts.states import ContractState
from core import clock, lists, pdf
from core.access import guard
from files.responses import download
from jobs.tasks import start_soon
from lots.rules.refusals import Refused
from lots.states import PlaceState

_COLOURS = {
    ContractState.OFFERED: "yellow",
    ContractState.SIGNED: "blue",
    ContractState.IN_FORCE: "green",
    ContractState.WITHDRAWN: "grey",
    ContractState.ENDED: "grey",
}


@guard(permissions.can_see_agreements_of, on=Organisation)
@require_safe
def agreements(request, organisation):
    """A buyer's agreements, or a provider's, newest first."""
    found = AgreementFilter(request.GET, queryset=queries.agreements_of(organisation, user=request.user))
    page = lists.page(found.qs, request.GET, order=["-offered_at", "-id"])
    for one in page.rows:
        one.colour = _COLOURS[one.state]
    is_buyer = organisation.kind != "provider"
    context = {"organisation": organisation, "filter": found, "page": page, "is_buyer": is_buyer}
    return render(request, "contracts/agreements.html", context)


@guard(permissions.can_read_contract, on=Contract)
@require_safe
def contract(request, contract):
    """What is agreed, who has signed, what is left to do."""
    return render(request, "contracts/contract.html", _context(request, contract))


@guard(permissions.can_read_contract, on=Contract)
@require_safe
def contract_file(request, contract):
    """The agreement as a PDF: the one that was kept, or, until it is, one made of the same record."""
    if contract.file:
        return download(request, contract.file)
    return pdf.response(work.name_of(contract), work.rendered(contract))


@guard(permissions.can_sign, on=Contract)
def sign_contract(request, contract):
    """The provider's lead signs, and so accepts what the provider was awarded."""
    form = SignForm(posted(request), supplier=contract.supplier.name)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        act = partial(actions.sign_contract, name=typed["name"], position=typed["position"], at=clock.now())
        if _tried(form, act, request, contract):
            messages.success(request, "You have signed the agreement and accepted the places")
            return redirect("contract", contract.pk)
    context = _context(request, contract) | {"form": form}
    context["to_accept"] = [one for one in context["places"] if one.state == PlaceState.AWARDED]
    return render(request, "contracts/sign_contract.html", context)


@guard(permissions.can_countersign, on=Contract)
def countersign_contract(request, contract):
    """The buyer signs, which brings it into force."""
    form = CountersignForm(posted(request))
    if request.method == "POST" and form.is_valid() and _tried(form, actions.countersign_contract, request, contract):
        start_soon()
        messages.success(request, "The agreement is signed by both and in force")
        return redirect("contract", contract.pk)
    return render(request, "contracts/countersign_contract.html", _context(request, contract) | {"form": form})


def _tried(form, act, request, contract) -> bool:
    """Do it; what a rule refuses stands at the form."""
    try:
        act(contract=contract, by=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _context(request, contract) -> dict:
    user, state = request.user, ContractState(contract.state)
    places = queries.places_of(contract, user=user)
    until = rules.signs_from([contract.not_before, *(place.waits_until for place in places)])
    waits_for_notice = any(place.waits_for_notice for place in places)
    return {
        "contract": contract,
        "kpis": queries.count_of_kpis(contract, clock.today()),
        "agreed": queries.document_of(contract),
        "colour": _COLOURS[state],
        "places": places,
        "standing": {place.pk for place in places},
        "is_supplier": permissions.can_sign(user, contract),
        "may_sign": state == ContractState.OFFERED and bool(places) and permissions.can_sign(user, contract),
        "may_countersign": state == ContractState.SIGNED and permissions.can_countersign(user, contract),
        "waits_for_notice": waits_for_notice,
        "waits_until": until if until and until > clock.now() else None,
    }
