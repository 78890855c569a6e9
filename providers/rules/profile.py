"""What a provider says of itself: what fits together, and what is still missing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from lots.rules.refusals import Refused
from lots.states import Phase
from providers.states import InsuranceKind, Need, Registration, SiteKind

# The groups of a profile, each a page of its own, with the fields that it writes.
GROUPS: dict[str, tuple[str, ...]] = {
    "about": ("description", "website", "sole_tutor"),
    "teaching": ("phases", "lowest_age", "highest_age", "needs", "places"),
    "registration": ("registration", "school_urn", "why_not_registered"),
    "ofsted": ("ofsted_outcome", "ofsted_on", "ofsted_url"),
    "safeguarding": ("lead_name", "lead_email", "lead_phone", "lead_trained_on"),
}
SITE = ("name", "kind", "street", "town", "postcode", "uprn", "phases", "places", "show_address")
INSURANCE = ("kind", "insurer", "policy_number", "cover_pence", "activities", "starts_on", "ends_on", "item_id")
ACCREDITATION = ("by", "what", "given_on", "ends_on")
MOST_ROWS = 100  # sites, insurances or accreditations of one provider


def check_group(group: str, values: dict, today: dt.date) -> None:
    """The values of one group fit together. Raises `Refused`."""
    if group == "teaching":
        check_ages(values["lowest_age"], values["highest_age"])
    elif group == "registration":
        check_registration(values["registration"], values["school_urn"])
    elif group == "ofsted":
        _check_past(values["ofsted_on"], today, "The day of the inspection", "ofsted_on")
    elif group == "safeguarding":
        _check_past(values["lead_trained_on"], today, "The day of the last training", "lead_trained_on")
        check_phone(values["lead_phone"])


def check_ages(lowest: int | None, highest: int | None) -> None:
    """The youngest pupil is not older than the oldest."""
    if lowest is not None and highest is not None and highest < lowest:
        raise Refused("The highest age must be the same as or above the lowest age", field="highest_age")


def check_registration(registration: str, urn: str) -> None:
    """Only a registered school has a URN."""
    if urn and registration != Registration.REGISTERED:
        raise Refused(
            "Only a registered school has a URN. Choose “A registered school”, or remove it", field="school_urn"
        )


def check_phone(phone: str) -> None:
    """A telephone number has 7 to 15 digits (ITU-T E.164), with what people put between them."""
    digits = re.sub(r"[^0-9]", "", phone)
    if phone and not (re.fullmatch(r"\+?[0-9 ().\-]+", phone) and 7 <= len(digits) <= 15):
        raise Refused("Enter a telephone number, like 01632 960 001", field="lead_phone")


def _check_past(day: dt.date | None, today: dt.date, what: str, field: str) -> None:
    if day and day > today:
        raise Refused(f"{what} must be today or in the past", field=field)


def check_site(kind: str, *, street: str, town: str, postcode: str, uprn: str) -> None:
    """A building or outdoor site has a town and a postcode; nothing else has an address of its own: pupils' homes are
    nobody's business here."""
    if kind == SiteKind.PREMISES:
        if not town:
            raise Refused("Enter the town or city of the site", field="town")
        if not postcode:
            raise Refused("Enter the postcode of the site", field="postcode")
        return
    for value, field in ((street, "street"), (postcode, "postcode"), (uprn, "uprn")):
        if value:
            raise Refused("Only a building or outdoor site has an address. Remove it, or choose that", field=field)


def check_cover(cover_pence: int, starts_on: dt.date | None, ends_on: dt.date) -> None:
    """A policy covers something, and ends on the day it starts or after."""
    if cover_pence <= 0:
        raise Refused("Enter what the insurance covers, above £0", field="cover_pence")
    if starts_on and ends_on < starts_on:
        raise Refused("The last day of cover must be the same as or after the first", field="ends_on")


def check_accreditation(
    by: str, what: str, given_on: dt.date | None, ends_on: dt.date | None, others: Collection, today: dt.date
) -> None:
    """Given in the past, ending after it was given, and not there already. `others` are pairs of who and what."""
    _check_past(given_on, today, "The day it was given", "given_on")
    if given_on and ends_on and ends_on < given_on:
        raise Refused("The day it ends must be the same as or after the day it was given", field="ends_on")
    if (by, what) in others:
        raise Refused("This accreditation is in your list already", field="by")


def check_rows(count: int, what: str) -> None:
    """A provider has 100 sites, insurances or accreditations of each at most."""
    if count >= MOST_ROWS:
        raise Refused(f"You can list {MOST_ROWS} {what} at most. Remove one first")


def check_there(ended_at: dt.datetime | None, what: str) -> None:
    """What was removed is not changed any more."""
    if ended_at is not None:
        raise Refused(f"This {what} was removed by somebody else. Add it again if you need it")


@dataclass(frozen=True)
class Facts:
    """What is known of a provider when its profile is judged complete. `covers` are kind and last day."""

    numbers: Collection[str] = ()
    description: str = ""
    phases: Collection[str] = ()
    needs: Collection[str] = ()
    lowest_age: int | None = None
    highest_age: int | None = None
    places: int | None = None
    registration: str = ""
    school_urn: str = ""
    why_not_registered: str = ""
    lead_name: str = ""
    lead_email: str = ""
    sites: int = 0
    covers: Iterable[tuple[str, dt.date]] = ()
    documents: int = 0


@dataclass(frozen=True)
class Asked:
    """A line of what makes a profile complete. `page` is the code of the page that answers it."""

    page: str
    title: str
    done: bool
    hint: str = ""


def asked(facts: Facts, today: dt.date) -> tuple[Asked, ...]:
    """What buyers look for, and whether it is there. Nothing here stops an application by itself: what a framework
    demands stands in its standards."""
    registered = facts.registration == Registration.REGISTERED
    said = facts.school_urn if registered else facts.why_not_registered
    covered = any(kind == InsuranceKind.PUBLIC and ends_on >= today for kind, ends_on in facts.covers)
    taught = facts.phases and facts.needs and None not in (facts.lowest_age, facts.highest_age, facts.places)
    return (
        Asked("identity", "Registered numbers", bool(facts.numbers)),
        Asked("about", "What you offer", bool(facts.description)),
        Asked("teaching", "Who you teach", bool(taught), "Phases, ages, needs, and how many pupils at one time"),
        Asked("site", "Where you teach", facts.sites > 0, "Your buildings, online, in pupils’ homes, in the community"),
        Asked("registration", "Whether you are a registered school", bool(facts.registration and said)),
        Asked("safeguarding", "Your safeguarding lead", bool(facts.lead_name and facts.lead_email)),
        Asked("insurance", "Public liability insurance", covered, "A policy that is in force today"),
        Asked("library", "A first document in the evidence library", facts.documents > 0),
    )


def phases_in_words(codes: Iterable[str]) -> tuple[str, ...]:
    """The labels of these phases, youngest pupils first; a code that there is not any more is left out."""
    return tuple(phase.label for phase in Phase if phase in set(codes))


def needs_in_words(codes: Iterable[str]) -> tuple[str, ...]:
    """The labels of these needs, in our order."""
    return tuple(need.label for need in Need if need in set(codes))


def ages_in_words(lowest: int | None, highest: int | None) -> str:
    """`11 to 16`, `11`, `from 11`, `up to 16`, or nothing."""
    if lowest is None and highest is None:
        return ""
    if highest is None:
        return f"from {lowest}"
    if lowest is None:
        return f"up to {highest}"
    return str(lowest) if lowest == highest else f"{lowest} to {highest}"
