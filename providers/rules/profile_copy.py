"""The provider's profile as it was frozen with a submission: what goes in, and how a copy says it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from core.money import Money
from lots.rules.timetable import in_words
from providers.rules.profile import ages_in_words, needs_in_words, phases_in_words
from providers.states import InsuranceKind, Registration, SiteKind

TITLE = "Your profile"


def frozen(
    profile: Mapping, *, sites: Iterable[Mapping], insurances: Iterable[Mapping], accreditations: Iterable[Mapping]
) -> dict:
    """What a submission keeps of the profile: JSON-able, days in ISO 8601, cover in pence."""
    return {
        **_plain(profile),
        "sites": [_plain(one) for one in sites],
        "insurances": [_plain(one) for one in insurances],
        "accreditations": [_plain(one) for one in accreditations],
    }


def rows(values: Mapping) -> Iterator[tuple[str, str]]:
    """What was frozen, in words. What was never filled in has no row."""
    found = (
        ("What you do", values["description"]),
        ("Age phases", ", ".join(phases_in_words(values["phases"]))),
        ("Ages", ages_in_words(values["lowest_age"], values["highest_age"])),
        ("Needs", ", ".join(needs_in_words(values["needs"]))),
        ("Pupils at one time", str(values["places"] or "")),
        ("Registration", _registration(values)),
        ("Ofsted", _lines(values["ofsted_outcome"], _day(values["ofsted_on"]), values["ofsted_url"])),
        ("Safeguarding lead", _lines(*(values[name] for name in ("lead_name", "lead_email", "lead_phone")))),
        ("Safeguarding lead trained on", _day(values["lead_trained_on"])),
    )
    yield from (row for row in found if row[1])
    for site in values["sites"]:
        address = ", ".join(site[name] for name in ("street", "town", "postcode") if site[name])
        places = f"{site['places']} pupils at one time" if site["places"] else ""
        yield f"Site: {site['name']}", _lines(SiteKind(site["kind"]).label, address, places)
    for one in values["insurances"]:
        cover = f"{Money(one['cover_pence']).in_short}, {one['insurer']}"
        yield (
            InsuranceKind(one["kind"]).label + " insurance",
            _lines(cover, one["activities"], f"Until {_day(one['ends_on'])}"),
        )
    for one in values["accreditations"]:
        yield f"Accredited by {one['by']}", _lines(one["what"]) or "Yes"


def _registration(values: Mapping) -> str:
    if not values["registration"]:
        return ""
    urn = f"URN {values['school_urn']}" if values["school_urn"] else ""
    return _lines(Registration(values["registration"]).label, urn, values["why_not_registered"])


def _lines(*texts: str) -> str:
    return "\n".join(text for text in texts if text)


def _day(iso: str | None) -> str:
    return in_words(dt.date.fromisoformat(iso)) if iso else ""


def _plain(values: Mapping) -> dict:
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items()}
