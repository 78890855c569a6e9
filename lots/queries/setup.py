"""What the pages of setting a framework up read, in few queries whatever the lots."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Count, F, OuterRef, QuerySet, Subquery

from accounts.models import Organisation
from accounts.rules.names import name_key
from accounts.states import OrganisationKind
from lots.models import Decision, Framework, KeyDate, Lot, PermittedUser, Policies, PriceLine, Recovery
from lots.rules import policies, policy_list, readiness
from lots.rules.milestones import Milestone
from lots.rules.price_lines import Line, Priced
from lots.rules.readiness import Before, Setup, Value
from lots.rules.timetable import Timetable
from lots.states import KeyDateKind

LINE_FIELDS = ("title", "unit", "mode", "group", "includes", "gated", "required")


def setup_of(framework: Framework) -> Setup:
    """Everything that decides whether the framework can be published. Four queries, whatever the lots."""
    named = PermittedUser.objects.filter(framework=OuterRef("framework")).order_by()
    stands = Recovery.objects.filter(framework=OuterRef("framework"), replaced_at=None)
    rules = (
        Policies.objects.filter(framework=framework)
        .annotate(
            named=Subquery(named.values("framework").annotate(number=Count("pk")).values("number")),
            recovery=Subquery(stands.values("state")),
            before_state=F("framework__previous__state"),
            before_ends_on=F("framework__previous__scheme_ends_on"),
        )
        .get()
    )
    decided = frozenset(Decision.objects.filter(framework=framework, replaced_at=None).values_list("about", flat=True))
    lots = priced_lots(framework, lines_of(framework))
    return Setup(
        description=framework.description,
        is_open=framework.is_open,
        light_touch=framework.light_touch,
        value=Value(framework.net_pence, framework.gross_pence),
        max_participants=framework.max_participants,
        over_limit_rule=rules.over_limit_rule,
        pool=rules.pool,
        call_off=rules.call_off,
        permitted_users=rules.named or 0,
        has_standards=framework.standards_chosen_id is not None,
        timetable=timetable_of(framework),
        decided=decided,
        undecided=tuple(
            policy.label
            for code, policy in policy_list.POLICY.items()
            if code in policies.undecided(decided, from_notice=bool(framework.ocid))
        ),
        lots=tuple(priced for _, priced in lots),
        values=tuple(Value(lot.net_pence, lot.gross_pence) for lot, _ in lots),
        before=Before(rules.before_state, rules.before_ends_on) if rules.before_state else None,
        recovery=rules.recovery or "",
    )


def timetable_of(framework: Framework) -> Timetable:
    """The framework's own dates."""
    return Timetable(
        enquiries_until=framework.enquiries_until,
        closes_at=framework.closes_at,
        award_by_on=framework.award_by_on,
        starts_on=framework.starts_on,
        ends_on=framework.ends_on,
        scheme_ends_on=framework.scheme_ends_on,
    )


def priced_lots(framework: Framework, lines: dict[int, list[PriceLine]]) -> list[tuple[Lot, Priced]]:
    """The lots in order, each with its price lines as rules see them."""
    return [
        (
            lot,
            Priced(
                number=lot.number,
                title=lot.title,
                is_auto=lot.is_auto,
                parts=lot.parts,
                lines=tuple(line_of(row) for row in lines[lot.pk]),
            ),
        )
        for lot in framework.lots.annotate(parts=Count("sub_lots")).order_by("position", "id")
    ]


def lines_of(framework: Framework) -> dict[int, list[PriceLine]]:
    """The price lines by the key of their lot, in one query."""
    found = defaultdict(list)
    for row in PriceLine.objects.filter(lot__framework=framework).order_by("position", "id"):
        found[row.lot_id].append(row)
    return found


def line_of(row: PriceLine) -> Line:
    """A row as rules see it."""
    return Line(**{name: getattr(row, name) for name in LINE_FIELDS})


def lots_of(framework: Framework) -> list[Lot]:
    """The lots in order, with parts and regions. Three queries."""
    return list(framework.lots.prefetch_related("sub_lots", "regions").order_by("position", "id"))


def key_dates_of(framework: Framework) -> list[KeyDate]:
    """Meetings, planned notices and re-openings, the earliest first. `is_moment`: it has a time of its own."""
    dates = list(framework.key_dates.order_by("at", "id"))
    for date in dates:
        date.is_moment = Milestone(date.kind, date.at).is_moment
    return dates


def permitted_users_of(framework: Framework) -> QuerySet[PermittedUser]:
    """Who may use the framework beside its buyer."""
    return framework.permitted_users.select_related("organisation").order_by("id")


def why_only_the_buyer(framework: Framework) -> Decision | None:
    """What was answered to a notice that names nobody but the buyer; None where nobody was asked."""
    found = framework.decisions.filter(about=readiness.ONLY_BUYER, replaced_at=None)
    return found.select_related("decided_by").first()


def policies_of(framework: Framework) -> Policies:
    """The framework's policies."""
    return Policies.objects.get(framework=framework)


def decision_about(framework: Framework, about: str) -> Decision | None:
    """The decision that stands, or None."""
    return Decision.objects.filter(framework=framework, about=about, replaced_at=None).first()


def reopening_of(framework: Framework) -> KeyDate | None:
    """The re-opening that is planned first."""
    return framework.key_dates.filter(kind=KeyDateKind.REOPENING).order_by("at", "id").first()


def all_callers_named(names: list[str]) -> dict[str, Organisation]:
    """Councils, trusts and schools that go by one of these names, or whose URN it is. A name that two of them bear
    finds neither. Their names are public; nothing else of them is shown."""
    kinds = [OrganisationKind.AUTHORITY, OrganisationKind.TRUST, OrganisationKind.SCHOOL]
    keys = {name: name_key(name) for name in names}
    here = Organisation.objects.filter(kind__in=kinds, is_open=True)
    by_key, by_urn = defaultdict(list), {}
    for row in here.filter(name_key__in=sorted(set(keys.values()))):
        by_key[row.name_key].append(row)
    for row in here.filter(urn__in=sorted(names)):
        by_urn[row.urn] = row
    found = {}
    for name, key in keys.items():
        if name in by_urn:
            found[name] = by_urn[name]
        elif len(by_key[key]) == 1:
            found[name] = by_key[key][0]
    return found
