"""A profile's facts as lines of summary lists."""

from __future__ import annotations

from core.templatetags.portal import in_words
from providers.queries.profiles import WholeProfile
from providers.rules import profile as rules

_NUMBERS = (
    ("companies_house", "Companies House number"),
    ("charity_number", "Charity number"),
    ("ukprn", "UKPRN"),
    ("ppon", "Public procurement organisation number"),
    ("share_code", "Supplier information share code"),
    ("no_number_reason", "Why there is no number"),
)


def identity(provider) -> list[dict]:
    """Who the provider is in law, as it registered."""
    address = "\n".join(part for part in (provider.street, provider.town, provider.postcode) if part)
    rows = [("Name", provider.name)]
    rows += [(label, getattr(provider, name)) for name, label in _NUMBERS if getattr(provider, name)]
    return [{"key": key, "value": value or None} for key, value in [*rows, ("Registered address", address)]]


def groups(found: WholeProfile) -> dict[str, list[dict]]:
    """The lines of each group of the profile."""
    profile = found.profile
    lines = {
        "about": [
            ("In a few sentences", profile.description),
            ("Website", profile.website),
            ("Sole tutor", "Yes" if profile.sole_tutor else "No"),
        ],
        "teaching": [
            ("Age phases", ", ".join(rules.phases_in_words(profile.phases))),
            ("Ages", rules.ages_in_words(profile.lowest_age, profile.highest_age)),
            ("Needs", ", ".join(rules.needs_in_words(profile.needs))),
        ],
        "capacity": [("Pupils at one time", profile.places)],
        "registration": _registration(found),
        "ofsted": [
            ("What the last inspection found", profile.ofsted_outcome),
            ("Day of the inspection", _day(profile.ofsted_on)),
            ("Report", profile.ofsted_url),
        ],
        "safeguarding": [
            ("Name", profile.lead_name),
            ("Email address", profile.lead_email),
            ("Telephone number", profile.lead_phone),
            ("Last training", _day(profile.lead_trained_on)),
        ],
    }
    return {
        group: [{"key": key, "value": None if value in ("", None) else value} for key, value in rows]
        for group, rows in lines.items()
    }


def _registration(found: WholeProfile) -> list[tuple]:
    profile = found.profile
    rows = [("Registered school", profile.get_registration_display())]
    if profile.school_urn:
        rows.append(("URN", f"{profile.school_urn}\n{_school(found)}"))
    if profile.why_not_registered:
        rows.append(("Why not", profile.why_not_registered))
    return rows


def _school(found: WholeProfile) -> str:
    """Whether the national register knows the number."""
    if found.school is None:
        return "Not found in the portal’s copy of the national register of schools. Check the number"
    closed = "" if found.school.is_open else ", which has closed"
    return f"In the national register: {found.school.name}{closed}"


def _day(day) -> str:
    return in_words(day, with_time=False) if day else ""
