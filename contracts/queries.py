"""Reads about agreements: what stands in one, lists for both sides."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Organisation
from contracts.models import Contract, Kpi, KpiLine
from contracts.rules.kpis import Held, KpiText, LineText
from contracts.states import ContractKind, ContractState
from lots.models import Framework, Place, PlacePrice
from providers.rules.frozen import parsed

AT_ONCE = 100  # how many agreements a form offers to choose from
OPEN = [ContractState.OFFERED, ContractState.SIGNED]
_NUMBERS = {
    "companies_house": "Companies House number",
    "charity_number": "Charity number",
    "ukprn": "UKPRN",
    "urn": "URN",
    "ppon": "Public procurement organisation number",
}
_RULES = [
    "selection",
    "in_flight",
    "price_review",
    "review_cap_percent",
    "review_on",
    "charge_attended",
    "charge_absent_told",
    "charge_absent_not_told",
    "charge_closed",
    "charge_cancelled",
    "notice_hours",
    "payment_days",
    "call_off",
]


def agreements_of(organisation: Organisation, *, user) -> QuerySet[Contract]:
    """A buyer's agreements, or a provider's; whatever the other side's people would see of them is theirs."""
    side = "supplier" if organisation.kind == "provider" else "buyer"
    return Contract.objects.visible_to(user).filter(**{side: organisation}).defer("document")


def standing_agreement(framework: Framework | int, supplier: int, *, user) -> Contract | None:
    """The agreement of a provider on a framework that was not withdrawn and has not ended."""
    rows = Contract.objects.visible_to(user).filter(framework=framework, supplier=supplier)
    return rows.exclude(state__in=[ContractState.WITHDRAWN, ContractState.ENDED]).defer("document").first()


def all_papers(*, pks: Collection[int] | None = None, framework: int | None = None, suppliers=()) -> QuerySet[Contract]:
    """Agreements without a paper, of these keys or of these providers on a framework. For the job that makes them."""
    rows = Contract.objects.filter(file=None).exclude(state__in=[ContractState.WITHDRAWN, ContractState.ENDED])
    rows = rows.select_related("buyer", "supplier")
    return rows.filter(pk__in=pks) if pks is not None else rows.filter(framework=framework, supplier__in=suppliers)


def document_of(contract: Contract) -> dict:
    """What is agreed, as it was offered."""
    return parsed(contract.document.encode())


def places_of(contract: Contract, *, user) -> list[Place]:
    """The provider's places on the framework that have not ended, in the order of the lots, as far as the person sees
    them."""
    rows = (
        Place.objects.visible_to(user).standing().filter(framework=contract.framework_id, provider=contract.supplier_id)
    )
    rows = rows.select_related("lot", "sub_lot", "framework")
    return list(rows.order_by("lot__position", "lot_id", "sub_lot__letter", "id"))


def without_places() -> QuerySet[Contract]:
    """Framework agreements that were not withdrawn and have not ended, of whose provider no place is left."""
    held = Place.objects.standing().filter(framework=OuterRef("framework"), provider=OuterRef("supplier"))
    rows = Contract.objects.exclude(state__in=[ContractState.WITHDRAWN, ContractState.ENDED])
    return rows.filter(~Exists(held), kind=ContractKind.FRAMEWORK)


def kpis_of(contract: Contract) -> list[Kpi]:
    """Every KPI that an agreement has or had, with its lines and the answers to its questions, newest answer first."""
    return list(contract.kpis.select_related("written_by", "ended_by").prefetch_related("lines__answers"))


def count_of_kpis(contract: Contract, day: dt.date) -> int:
    """How many are reported on for a day."""
    return Kpi.objects.on(day).filter(contract=contract).count()


def held_of(contract: Contract) -> list[Held]:
    """The same as the rules need it."""
    return [Held(*row) for row in contract.kpis.values_list("number", "title", "from_on", "until_on")]


def text_of(kpi: Kpi) -> KpiText:
    """What a KPI asks, as the rules need it."""
    lines = [LineText(one.text, one.kind, one.fed, one.asked, one.side) for one in kpi.lines.all()]
    return KpiText(kpi.title, tuple(lines))


def line_with_kpi(pk: int) -> KpiLine | None:
    """A line with its KPI and agreement, if it is still there."""
    return KpiLine.objects.select_related("kpi__contract__supplier", "kpi__contract__buyer").filter(pk=pk).first()


def all_in_force(framework: Framework | int) -> QuerySet[Contract]:
    """The agreements of a framework that both sides have signed."""
    rows = Contract.objects.filter(framework=framework, state=ContractState.IN_FORCE).defer("document")
    return rows.select_related("buyer", "supplier").order_by("pk")


def without_kpis(framework: Framework | int, day: dt.date) -> QuerySet[Contract]:
    """Those of them that last until that day and have no KPI on it or later."""
    lasting = all_in_force(framework).filter(Q(ends_on=None) | Q(ends_on__gte=day))
    return lasting.filter(~Exists(Kpi.objects.from_day(day).filter(contract=OuterRef("pk"))))


def patterns_of(framework: Framework | int, *, user) -> list[Contract]:
    """Agreements of a framework whose KPIs can be put on the others."""
    rows = all_in_force(framework).filter(buyer__in=Organisation.objects.visible_to(user))
    return list(rows.filter(Exists(Kpi.objects.filter(contract=OuterRef("pk"), ended_at=None)))[:AT_ONCE])


def facts_of(framework: Framework, suppliers: Collection[int]) -> dict[int, dict]:
    """What an agreement of each of these providers says, without its words: parties, framework, rules, and the schedule
    of places that have not ended with the prices that they have now, in pence without VAT. A few queries for all."""
    names = Organisation.objects.in_bulk({*suppliers, framework.buyer_id})
    shared = {"buyer": _party(names[framework.buyer_id]), "framework": _framework(framework)}
    shared |= {"rules": _rules(framework), "users": _users(framework)}
    places = _schedule(framework, suppliers)
    return {pk: shared | {"supplier": _party(names[pk]), "places": places[pk]} for pk in suppliers}


def _party(organisation: Organisation) -> dict:
    numbers = {label: value for name, label in _NUMBERS.items() if (value := getattr(organisation, name))}
    address = [part for part in (organisation.street, organisation.town, organisation.postcode) if part]
    return {"id": organisation.pk, "name": organisation.name, "numbers": numbers, "address": ", ".join(address)}


def _framework(framework: Framework) -> dict:
    days = {name: (day := getattr(framework, name)) and day.isoformat() for name in ("starts_on", "ends_on")}
    plain = {name: getattr(framework, name) for name in ("title", "reference", "ocid", "is_open", "payment_terms")}
    return {"id": framework.pk, "opening": framework.generation} | days | plain


def _rules(framework: Framework) -> dict:
    policies = framework.policies
    values = {name: getattr(policies, name) for name in _RULES}
    values["review_on"] = policies.review_on and policies.review_on.isoformat()
    departures = [line.strip() for line in policies.departures.splitlines() if line.strip()]
    return values | {"departures": departures}


def _users(framework: Framework) -> list[str]:
    """Who may make agreements under it beside the buyer, where the policy names others."""
    if framework.policies.call_off != "named":
        return []
    rows = framework.permitted_users.select_related("organisation").order_by("pk")
    return [row.organisation.name if row.organisation else row.description for row in rows]


def _schedule(framework: Framework, suppliers: Collection[int]) -> dict[int, list[dict]]:
    rows = Place.objects.standing().filter(framework=framework, provider__in=suppliers)
    rows = rows.select_related("lot", "sub_lot").order_by("lot__position", "lot_id", "sub_lot__letter", "id")
    prices = _prices(rows)
    found = defaultdict(list)
    for place in rows:
        part = place.sub_lot
        found[place.provider_id].append(
            {
                "place": place.pk,
                "lot": place.lot_id,
                "number": place.lot.number,
                "title": place.lot.title,
                "letter": part.letter if part else "",
                "phase": part.get_phase_display() if part else "",
                "label": place.label,
                "comes_along": place.lot.is_auto,
                "prices": prices[place.pk],
            }
        )
    return found


def _prices(rows: QuerySet[Place]) -> dict[int, list[dict]]:
    """The last price of each line of each place."""
    last: dict[tuple[int, int], PlacePrice] = {}
    found = PlacePrice.objects.filter(place__in=rows.order_by().values("pk")).select_related("line")
    for price in found.order_by("line__position", "line_id", "from_on"):
        last[price.place_id, price.line_id] = price
    shown = defaultdict(list)
    for (place, line), price in last.items():
        shown[place].append(
            {
                "line": line,
                "title": price.line.title,
                "unit": price.line.get_unit_display(),
                "mode": price.line.get_mode_display(),
                "group": price.line.get_group_display(),
                "includes": price.line.includes,
                "pence": price.pence,
            }
        )
    return shown
