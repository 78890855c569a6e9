"""What is known of a pupil and sealed: numbers, health, risks, needs, views, address, contacts (DESIGN section 4)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Contact:
    """Somebody who answers for the pupil. `relation` in the family's own words; `can_collect` is whether the pupil may
    be handed over to them."""

    name: str
    relation: str = ""
    phone: str = ""
    email: str = ""
    parental_responsibility: bool = False
    can_collect: bool = False


@dataclass(frozen=True)
class Private:
    """`sex` is a code of `states.Sex`, `needs` of `providers.states.Need`; everything else is text."""

    upn: str = ""
    uln: str = ""
    sex: str = ""
    needs: tuple[str, ...] = ()
    need: str = ""
    health: str = ""
    risks: str = ""
    plan: str = ""
    language: str = ""
    street: str = ""
    town: str = ""
    postcode: str = ""
    contacts: tuple[Contact, ...] = ()
