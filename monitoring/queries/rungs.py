"""Who is told of an alert at a moment, rung by rung: the rota, the safeguarding leads, the council or the trust."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings

from accounts.models import Membership, Organisation
from accounts.states import OrganisationKind, Role
from monitoring.models.own import LEADS_OF_COMMISSIONER, OFFICERS
from monitoring.rules import alarms as rules
from monitoring.rules.alarms import Person, Rung
from monitoring.states import Whom
from referrals.models import Cover
from referrals.models.own import SEES_PUPILS
from referrals.queries.cover import who_answer

_LEADS = frozenset(LEADS_OF_COMMISSIONER | OFFICERS)
_OF_TRUST = frozenset({Role.TRUST_COMMISSIONER, Role.TRUST_DSL})
# To whom it comes last where nobody stands above: a council's own commissioners.
_OF_COUNCIL = frozenset({Role.COMMISSIONER})
Held = dict[int, list[tuple[int, str, str]]]  # account, address and role, by organisation


def texts_go() -> bool:
    """Whether texts can be sent from here; the demo shows what it would send."""
    return bool(settings.DEMO or (settings.NOTIFY_API_KEY and settings.NOTIFY_TEXT_TEMPLATE))


def rungs_of(commissioners: Iterable[Organisation], at: dt.datetime) -> dict[int, list[Rung]]:
    """The rungs of each commissioner at a moment (UTC), by its key: each line of its rota, its safeguarding leads (a
    council's safeguarding officers), then the trust's leads for a trust or its school, else the safeguarding officers
    of the council of its area. Four queries; the commissioners come with their `parent`."""
    commissioners = list(commissioners)
    covers = who_answer(commissioners, at)
    councils = _councils({one.la_code for one in commissioners} - {""})
    held = _held({pk for one in commissioners for pk in (one.pk, one.parent_id, councils.get(one.la_code)) if pk})
    return {
        one.pk: [
            *(Rung(Whom.COVER, (_of_rota(row, held),)) for row in covers[one.pk]),
            Rung(Whom.DSL, _with(held, one.pk, _LEADS)),
            _authority(one, councils, held),
        ]
        for one in commissioners
    }


def _authority(one: Organisation, councils: dict[str, int], held: Held) -> Rung:
    if one.kind == OrganisationKind.AUTHORITY:
        return Rung(Whom.AUTHORITY, _with(held, one.pk, _OF_COUNCIL), one.pk)
    trust = one.pk if one.kind == OrganisationKind.TRUST else one.parent_id
    leads = _with(held, trust, _OF_TRUST)
    if leads or one.kind == OrganisationKind.TRUST:
        return Rung(Whom.AUTHORITY, leads, trust)
    council = councils.get(one.la_code)
    return Rung(Whom.AUTHORITY, _with(held, council, OFFICERS), council)


def _of_rota(row: Cover, held: Held) -> Person:
    """A line of a rota. An account that no longer works with the commissioner's pupils would see nothing: no email."""
    here = {user: address for user, address, role in held[row.commissioner_id] if role in SEES_PUPILS}
    return Person(
        cover=row.pk,
        user=row.user_id if row.user_id in here else None,
        email=here.get(row.user_id, ""),
        mobile=rules.mobile(row.phone) if texts_go() else "",
    )


def _with(held: Held, organisation: int | None, roles: frozenset[Role]) -> tuple[Person, ...]:
    found = {user: address for user, address, role in held.get(organisation, []) if role in roles}
    return tuple(Person(user=user, email=address) for user, address in sorted(found.items()))


def _councils(areas: set[str]) -> dict[str, int]:
    rows = Organisation.objects.filter(kind=OrganisationKind.AUTHORITY, is_open=True, la_code__in=areas)
    return dict(rows.order_by("-pk").values_list("la_code", "pk"))


def _held(organisations: set[int]) -> Held:
    found: Held = defaultdict(list)
    rows = Membership.objects.live().filter(organisation__in=organisations, role__in=SEES_PUPILS)
    for key, *rest in rows.values_list("organisation_id", "user_id", "user__email", "role"):
        found[key].append(tuple(rest))
    return found
