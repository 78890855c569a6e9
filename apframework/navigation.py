"""The service navigation: where this person can go from here, by what they are in which organisation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.urls import NoReverseMatch

from accounts.queries import roles_of
from accounts.states import MANAGES_PEOPLE, OrganisationKind
from core import addresses
from lots.permissions import BUYS
from monitoring.queries.alerts import waiting_for
from referrals.models.own import SEES_PUPILS, TEACHES, WATCHES

# Pages of one organisation, in the order of the navigation: (URL name, label or nothing for the organisation's name,
# whether only those who manage its people are shown the way).
PAGES_OF_AN_ORGANISATION = [
    ("organisation", "", False),
    ("people", "People", False),
    ("term_dates", "Term dates", False),
    ("audit", "Record", True),
]
# The same for providers alone: they come first, because they are what a provider is here for.
PAGES_OF_A_PROVIDER = [
    ("applications", "Applications", True),
    ("registers", "Registers", False),
    ("daily_report", "Daily report", False),
    ("enquiries", "Enquiries", False),
    ("placements", "Placements", False),
    ("free_places", "Free places", False),
    ("provider_changes", "Changes", False),
    ("provider_profile", "Profile", False),
    ("library", "Evidence library", False),
]
# And for schools, trusts and councils: those about pupils for whoever works with them, the board for whoever watches.
PAGES_OF_A_COMMISSIONER = [
    ("directory", "Find provision", False),
    ("pupils", "Pupils", False),
    ("referrals", "Referrals", False),
    ("placements", "Placements", False),
    ("live_registers", "Registers", False),
    ("board", "Daily reports", False),
]
PAGES_OF_PUPILS = {"pupils", "referrals", "placements", "registers", "live_registers"}
PAGES_OF_WATCHERS = {"board"}
PAGES_OF_AN_OPERATOR = [
    ("organisations", "Organisations"),
    ("import_schools", "List of schools"),
    ("look_alikes", "Look-alikes"),
    ("outbox", "Letters"),
    ("jobs", "Long tasks"),
]

_OF_AN_ORGANISATION = {
    "organisation_frameworks",
    *(name for name, _, _ in [*PAGES_OF_A_PROVIDER, *PAGES_OF_A_COMMISSIONER, *PAGES_OF_AN_ORGANISATION]),
}
_BUYERS = {OrganisationKind.AUTHORITY, OrganisationKind.TRUST}


@dataclass(frozen=True)
class Link:
    """A way to a page. `active` marks the page that is open."""

    label: str
    url: str
    active: bool = False


@dataclass(frozen=True)
class Alarm:
    """How many alerts wait for the person's answer, and where the first of them stand."""

    number: int
    url: str


@dataclass(frozen=True)
class Place:
    """An organisation that the person belongs to, with what they are there. `frameworks_url` is the page of its own
    frameworks, where it is a buyer; `buys` is whether the person sets them up."""

    pk: int
    name: str
    kind: str
    roles: tuple[str, ...]
    url: str | None
    manages_people: bool
    sees_pupils: bool
    watches: bool
    is_provider: bool
    frameworks_url: str | None
    buys: bool


def address(name: str, *args) -> str | None:
    """Where the page of this name is, or None while there is none."""
    try:
        return addresses.address(name, *args)
    except NoReverseMatch:
        return None


class Navigation:
    """Made for every page, worked out only when a template asks; one query a request, shared with the doors."""

    def __init__(self, request):
        self.request = request

    @property
    def _user(self):
        return getattr(self.request, "user", None)

    @property
    def _match(self):
        return getattr(self.request, "resolver_match", None)

    @property
    def signed_in(self) -> bool:
        return bool(self._user and self._user.is_authenticated)

    @cached_property
    def places(self) -> list[Place]:
        """The person's organisations, by name."""
        if not self.signed_in:
            return []
        held: dict[int, list] = {}
        for one in roles_of(self._user):
            held.setdefault(one.organisation_id, []).append(one)
        return [
            Place(
                pk=pk,
                name=roles[0].organisation,
                kind=roles[0].kind.label,
                roles=tuple(one.role.label for one in roles),
                url=address("organisation", pk),
                manages_people=any(one.role in MANAGES_PEOPLE for one in roles),
                sees_pupils=any(one.role in SEES_PUPILS | TEACHES for one in roles),
                watches=any(one.role in WATCHES for one in roles),
                is_provider=roles[0].kind == OrganisationKind.PROVIDER,
                frameworks_url=address("organisation_frameworks", pk) if roles[0].kind in _BUYERS else None,
                buys=any(one.role in BUYS for one in roles),
            )
            for pk, roles in held.items()
        ]

    @cached_property
    def alarm(self) -> Alarm | None:
        """What waits for an answer of this person about pupils who have not arrived, worked out when a template asks
        for it."""
        waiting = waiting_for(self._user) if self.signed_in else []
        if not waiting:
            return None
        return Alarm(sum(number for _, number in waiting), addresses.address("alerts", waiting[0][0]))

    @cached_property
    def here(self) -> Place | None:
        """The organisation that the navigation leads through: the open page's, or the only one."""
        match = self._match
        if match and match.url_name in _OF_AN_ORGANISATION:
            for place in self.places:
                if place.pk == match.kwargs.get("pk"):
                    return place
        return self.places[0] if len(self.places) == 1 else None

    @cached_property
    def links(self) -> list[Link]:
        """The links of the service navigation."""
        open_name = self._match.url_name if self._match else ""
        if not self.signed_in:
            # Whoever has just registered in the demonstration finds the email with the link there.
            letters = [Link("Letters", addresses.address("outbox"), open_name == "outbox")] if settings.DEMO else []
            return [self._frameworks(open_name), *letters]
        found = [Link("Start", addresses.address("home"), open_name == "home"), self._frameworks(open_name)]
        if self.here:
            own = PAGES_OF_A_PROVIDER if self.here.is_provider else PAGES_OF_A_COMMISSIONER
            for name, label, managers in [*own, *PAGES_OF_AN_ORGANISATION]:
                url = address(name, self.here.pk)
                if name in PAGES_OF_PUPILS and not self.here.sees_pupils:
                    continue
                if name in PAGES_OF_WATCHERS and not self.here.watches:
                    continue
                if url and (self.here.manages_people or not managers):
                    found.append(Link(label or self.here.name, url, open_name == name))
        if self._user.is_operator:
            found += [
                Link(label, url, open_name == name)
                for name, label in PAGES_OF_AN_OPERATOR
                if (url := address(name)) is not None
            ]
        elif settings.DEMO and (url := address("outbox")) is not None:
            found.append(Link("Letters", url, open_name == "outbox"))
        return found

    def _frameworks(self, open_name: str) -> Link:
        """A buyer's people are led to its own frameworks, everybody else to those that are published."""
        if self.here and self.here.frameworks_url:
            return Link("Frameworks", self.here.frameworks_url, open_name == "organisation_frameworks")
        return Link("Frameworks", addresses.address("frameworks"), open_name == "frameworks")
