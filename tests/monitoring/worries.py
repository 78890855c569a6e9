"""People and sayings for tests of concerns. Gideon Marl, of Ash House, is whom an adult's colleague worries about."""

from __future__ import annotations

import datetime as dt
import re
import uuid

from accounts.models import Membership
from accounts.states import Role
from monitoring.actions import concerns as actions
from monitoring.actions.concerns import Said
from monitoring.models import Concern
from tests.monitoring.made import DAY, NINE, made_member

GIDEON = "Gideon Marl"
HEARD = "Gideon Marl pushed a pupil against the wall of the workshop"


def everybody(world) -> dict:
    """The cast, and one person for each role that concerns go to or must not: by name."""
    for name, organisation, role in (
        ("dina", world.ash_house, Role.PROVIDER_DSL),
        ("lena", world.elm_grove, Role.SCHOOL_DSL),
        ("hugo", world.elm_grove, Role.SCHOOL_LEAD),
        ("senta", world.elm_grove, Role.SCHOOL_SENCO),
        ("tess", world.oak_trust, Role.TRUST_DSL),
        ("otto", world.larkshire, Role.SAFEGUARDING),
        ("moira", world.mereshire, Role.SAFEGUARDING),
    ):
        made_member(world, name, organisation, role)
    Membership.objects.create(
        user=world.otto, organisation=world.ash_house, role=Role.PROVIDER_STAFF, person_name="Otto", given_at=NINE
    )
    return world.people


def fresh(user):
    """As the next request reads the person."""
    return user.__class__.objects.get(pk=user.pk)


def said(world, placement=None, *, kind: str = "child", **fields) -> Said:
    fields = {
        "key": uuid.uuid4(),
        "kind": kind,
        "provider": world.ash_house,
        "placement": placement,
        "authority": world.larkshire,
        "detail": HEARD if kind == "adult" else "Quillon said something about saxophone phobia",
        "about": GIDEON if kind == "adult" else "",
    } | fields
    return Said(**fields)


def raised(world, placement=None, *, by=None, organisation=None, at: dt.datetime = NINE, **fields) -> Concern:
    """By Bob of Ash House, through the action."""
    return actions.raise_concern(
        organisation=organisation or world.ash_house,
        said=said(world, placement, **fields),
        by=fresh(by or world.bob),
        at=at,
        today=DAY,
    )


def still(text: str) -> str:
    """A page without what changes at every request."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)
    text = re.sub(r'portal-reference">[^<]*<', "", text)
    return re.sub(r'(nonce|name="key" value)="[^"]*"', "", text)
