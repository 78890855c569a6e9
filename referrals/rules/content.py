"""What a referral says of the pupil, sealed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """What is to be better by a day, and how that is measured. `by_on` is an ISO date."""

    what: str
    measure: str
    by_on: str


@dataclass(frozen=True)
class Share:
    """Who pays how much of it, in whole per cent. `organisation` is an id, 0 where `name` says who."""

    name: str
    percent: int
    organisation: int = 0


@dataclass(frozen=True)
class Content:
    """`needs` are codes of `providers.states.Need`; `weekdays` numbers (0 is Monday). `outline` is what every provider
    that is asked may read, so it names nobody; `need` and `risks` are for the chosen one alone. `pupil_heard` and
    `parent_heard` are codes of `states.View`, `consent` of `states.Consent`; `consent_on` is an ISO date. `phone_who`
    and `phone` are whom the provider may ring about this referral."""

    needs: tuple[str, ...] = ()
    outline: str = ""
    need: str = ""
    risks: str = ""
    weekdays: tuple[int, ...] = ()
    targets: tuple[Target, ...] = ()
    exit_plan: str = ""
    shares: tuple[Share, ...] = ()
    consent: str = ""
    consent_by: str = ""
    consent_on: str = ""
    pupil_heard: str = ""
    pupil_view: str = ""
    parent_heard: str = ""
    parent_view: str = ""
    phone_who: str = ""
    phone: str = ""
    basis_why: str = ""
    consent_why: str = ""
