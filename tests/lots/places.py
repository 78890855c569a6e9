"""Places for tests: `running(world)` is Larkshire's framework with its lots by number, ready for awards."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from accounts.models import Membership, Organisation
from accounts.states import OrganisationKind, Role
from lots.actions import places
from lots.models import Framework, Lot, Place
from lots.rules.awards import Award
from tests.cast import make_person
from tests.frameworks import make_framework

AT = dt.datetime(2026, 7, 10, 9, 0, tzinfo=dt.UTC)  # the award
LATER = dt.datetime(2026, 9, 7, 9, 0, tzinfo=dt.UTC)  # the framework has started
PRICE = 45_00


@dataclass
class Made:
    """A framework with what tests ask of it."""

    framework: Framework
    lots: dict[str, Lot]

    def award(self, provider, part: str, *, pence: int = PRICE, **fields) -> Award:
        """`1B` is part B of lot 1."""
        lot = self.lots[part[0]]
        sub_lot = lot.sub_lots.get(letter=part[1]).pk if part[1:] else None
        prices = {line.pk: pence for line in lot.price_lines.all()}
        return Award(provider=provider.pk, lot=lot.pk, sub_lot=sub_lot, prices=prices, **fields)

    def give(self, world, *awards: Award, at=AT, **words) -> list[Place]:
        return places.award_places(framework=self.framework, given=awards, by=world.max, at=at, **words)

    def place(self, provider, part: str) -> Place:
        rows = Place.objects.filter(framework=self.framework, provider=provider, lot__number=part[0])
        return rows.filter(sub_lot__letter=part[1] if part[1:] else None).latest("pk")


def made(framework: Framework) -> Made:
    return Made(framework, {lot.number: lot for lot in framework.lots.all()})


def published(world, **fields) -> Made:
    return made(make_framework(world, published=True, **fields))


def running(world, **fields) -> Made:
    return made(make_framework(world, running=True, **fields))


def provider(name: str) -> Organisation:
    return Organisation.objects.create(kind=OrganisationKind.PROVIDER, name=name, name_key=name.casefold())


def give_role(world, name: str, organisation, role: Role):
    """Somebody new in an organisation."""
    world.people[name] = make_person(name)
    Membership.objects.create(user=world.people[name], organisation=organisation, role=role, given_at=AT)
    return world.people[name]


def accept(world, *rows: Place, by=None, at=AT) -> list[Place]:
    return places.accept_places(provider=rows[0].provider, chosen=rows, by=by or world.alice, at=at)


def active(world, framework: Made, *parts: str, pence: int = PRICE) -> list[Place]:
    """Ash House is active on these parts."""
    given = framework.give(world, *[framework.award(world.ash_house, part, pence=pence) for part in parts])
    accept(world, *given)
    begin(at=LATER)
    return [Place.objects.get(pk=place.pk) for place in given]


def begin(at=LATER) -> int:
    from core import access

    return places.commence_places(by=access.System("lots.commence_places"), at=at)


def states(*rows: Place) -> list[str]:
    return [Place.objects.get(pk=row.pk).state for row in rows]
