"""A submission keeps the profile of its provider as it was: what changes afterwards changes nothing submitted."""

from __future__ import annotations

import datetime as dt

import pytest

from providers.models import Accreditation, Insurance, Profile, Site
from providers.queries.bids import own_submission
from providers.rules import copy, profile_copy
from tests.frameworks import AT
from tests.providers.bids import submit, submitted

NOTHING = profile_copy.frozen(
    {
        **dict.fromkeys(["description", "website", "registration", "school_urn", "why_not_registered"], ""),
        **dict.fromkeys(["ofsted_outcome", "ofsted_url", "lead_name", "lead_email", "lead_phone"], ""),
        **dict.fromkeys(["lowest_age", "highest_age", "places", "ofsted_on", "lead_trained_on"]),
        "phases": [],
        "needs": [],
        "sole_tutor": False,
    },
    sites=[],
    insurances=[],
    accreditations=[],
)
SITE = {"name": "The barn", "kind": "premises", "street": "1 Lane", "town": "Larkton", "postcode": "LA1 1AA"}
COVER = {"kind": "public", "insurer": "Mutual", "cover_pence": 500_000_000, "activities": "", "ends_on": "2027-03-01"}

SAID = [
    ({}, {}),
    ({"description": "Farming"}, {"What you do": "Farming"}),
    ({"phases": ["secondary"], "lowest_age": 11}, {"Age phases": "Secondary", "Ages": "from 11"}),
    (
        {"registration": "registered", "school_urn": "900001"},
        {"Registration": "A registered school\nURN 900001"},
    ),
    (
        {"registration": "not_required", "why_not_registered": "Three hours a week"},
        {"Registration": "Not a school, and need not be registered\nThree hours a week"},
    ),
    (
        {"ofsted_outcome": "Good", "ofsted_on": "2025-05-01"},
        {"Ofsted": "Good\n1 May 2025"},
    ),
    (
        {"sites": [SITE | {"places": 12}]},
        {"Site: The barn": "A building or outdoor site\n1 Lane, Larkton, LA1 1AA\n12 pupils at one time"},
    ),
    ({"sites": [SITE | {"places": None}]}, {"Site: The barn": "A building or outdoor site\n1 Lane, Larkton, LA1 1AA"}),
    ({"insurances": [COVER]}, {"Public liability insurance": "£5,000,000, Mutual\nUntil 1 March 2027"}),
    ({"accreditations": [{"by": "Larkshire", "what": ""}]}, {"Accredited by Larkshire": "Yes"}),
    ({"accreditations": [{"by": "Larkshire", "what": "Visited"}]}, {"Accredited by Larkshire": "Visited"}),
]


@pytest.mark.parametrize(("values", "said"), SAID)
def test_a_frozen_profile_is_said_in_words(values, said):
    assert dict(profile_copy.rows(NOTHING | values)) == said


def test_days_are_frozen_as_text():
    frozen = profile_copy.frozen(
        {"ofsted_on": dt.date(2025, 5, 1)}, sites=[], insurances=[{"ends_on": dt.date(2027, 3, 1)}], accreditations=[]
    )

    assert frozen["ofsted_on"] == "2025-05-01"
    assert frozen["insurances"] == [{"ends_on": "2027-03-01"}]


def test_the_profile_is_submitted_as_it_is_and_stays_so(world):
    ours = world.ash_house
    Profile.objects.update_or_create(
        provider=ours, defaults={"lead_name": "Dee", "phases": ["secondary"], "updated_at": AT}
    )
    Site.objects.create(provider=ours, name="The barn", kind="premises", postcode="LA1 1AA", added_at=AT)
    Insurance.objects.create(
        provider=ours, kind="public", insurer="Mutual", cover_pence=5_000_000_00, ends_on=dt.date(2027, 3, 1)
    )
    Accreditation.objects.create(provider=ours, by="Larkshire")
    made = submitted(world)

    Profile.objects.filter(provider=ours).update(lead_name="Somebody else")
    Site.objects.filter(provider=ours).delete()

    kept = own_submission(made, user=world.alice)
    assert kept["profile"]["lead_name"] == "Dee"
    assert [site["name"] for site in kept["profile"]["sites"]] == ["The barn"]
    assert [one["cover_pence"] for one in kept["profile"]["insurances"]] == [5_000_000_00]
    [section] = [one for one in copy.sections(kept) if one.code == "profile"]
    assert dict(section.rows)["Safeguarding lead"] == "Dee"


def test_a_changed_profile_is_worth_a_submission_of_its_own(world):
    first = submitted(world)

    same = submit(first.application)
    Profile.objects.update_or_create(
        provider=world.ash_house, defaults={"description": "More animals", "updated_at": AT}
    )
    other = submit(first.application)

    assert same == first
    assert other.number == first.number + 1
