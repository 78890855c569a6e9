"""What fits together in a profile, and what makes one complete."""

from __future__ import annotations

import datetime as dt

import pytest

from lots.rules.refusals import Refused
from providers.rules import profile as rules
from providers.rules.seen import Changed, check_unchanged, fingerprint
from providers.states import InsuranceKind, Registration, SiteKind

TODAY = dt.date(2026, 5, 12)
TOMORROW = dt.date(2026, 5, 13)
AT = dt.datetime(2026, 5, 12, 9, 0, tzinfo=dt.UTC)


def refused(rule, *given, **words) -> str:
    """The field that the rule complains of, `(page)` for one that has none, or nothing."""
    try:
        rule(*given, **words)
    except Refused as refusal:
        return refusal.field or "(page)"
    return ""


@pytest.mark.parametrize(
    ("group", "values", "field"),
    [
        ("about", {}, ""),
        ("teaching", {"lowest_age": 11, "highest_age": 16}, ""),
        ("teaching", {"lowest_age": 11, "highest_age": 11}, ""),
        ("teaching", {"lowest_age": 16, "highest_age": 11}, "highest_age"),
        ("teaching", {"lowest_age": None, "highest_age": 11}, ""),
        ("teaching", {"lowest_age": 11, "highest_age": None}, ""),
        ("registration", {"registration": Registration.REGISTERED, "school_urn": "900001"}, ""),
        ("registration", {"registration": Registration.APPLIED, "school_urn": "900001"}, "school_urn"),
        ("registration", {"registration": "", "school_urn": ""}, ""),
        ("ofsted", {"ofsted_on": TODAY}, ""),
        ("ofsted", {"ofsted_on": None}, ""),
        ("ofsted", {"ofsted_on": TOMORROW}, "ofsted_on"),
        ("safeguarding", {"lead_trained_on": TOMORROW, "lead_phone": ""}, "lead_trained_on"),
        ("safeguarding", {"lead_trained_on": None, "lead_phone": "+44 (0)1632 960 001"}, ""),
        ("safeguarding", {"lead_trained_on": None, "lead_phone": "123456"}, "lead_phone"),
        ("safeguarding", {"lead_trained_on": None, "lead_phone": "1234567890123456"}, "lead_phone"),
        ("safeguarding", {"lead_trained_on": None, "lead_phone": "ring the bell 123"}, "lead_phone"),
        ("safeguarding", {"lead_trained_on": None, "lead_phone": "٠١٦٣٢٩٦٠٠٠١"}, "lead_phone"),
    ],
)
def test_the_values_of_a_group_fit_together(group, values, field):
    assert refused(rules.check_group, group, values, TODAY) == field


@pytest.mark.parametrize(
    ("kind", "given", "field"),
    [
        (SiteKind.PREMISES, {"town": "Larkford", "postcode": "LA1 1AA"}, ""),
        (SiteKind.PREMISES, {"postcode": "LA1 1AA"}, "town"),
        (SiteKind.PREMISES, {"town": "Larkford"}, "postcode"),
        (SiteKind.ONLINE, {}, ""),
        (SiteKind.HOME, {"town": "Larkford"}, ""),
        (SiteKind.HOME, {"street": "1 Station Road"}, "street"),
        (SiteKind.COMMUNITY, {"postcode": "LA1 1AA"}, "postcode"),
        (SiteKind.ONLINE, {"uprn": "1"}, "uprn"),
    ],
)
def test_only_a_building_or_outdoor_site_has_an_address(kind, given, field):
    address = {"street": "", "town": "", "postcode": "", "uprn": ""} | given

    assert refused(rules.check_site, kind, **address) == field


@pytest.mark.parametrize(
    ("pence", "starts_on", "ends_on", "field"),
    [
        (1, None, TODAY, ""),
        (1, TODAY, TODAY, ""),
        (1, TOMORROW, TODAY, "ends_on"),
        (0, None, TODAY, "cover_pence"),
    ],
)
def test_a_policy_covers_something_and_ends_after_it_starts(pence, starts_on, ends_on, field):
    assert refused(rules.check_cover, pence, starts_on, ends_on) == field


@pytest.mark.parametrize(
    ("given_on", "ends_on", "others", "field"),
    [
        (None, None, set(), ""),
        (TODAY, TODAY, set(), ""),
        (TOMORROW, None, set(), "given_on"),
        (TODAY, dt.date(2026, 5, 11), set(), "ends_on"),
        (None, None, {("Mereshire", "Forest school")}, "by"),
        (None, None, {("Mereshire", "Another thing")}, ""),
    ],
)
def test_an_accreditation_is_listed_once(given_on, ends_on, others, field):
    assert refused(rules.check_accreditation, "Mereshire", "Forest school", given_on, ends_on, others, TODAY) == field


def test_a_list_has_an_end_and_what_was_removed_is_not_changed():
    assert refused(rules.check_rows, rules.MOST_ROWS - 1, "sites") == ""
    assert refused(rules.check_rows, rules.MOST_ROWS, "sites") == "(page)"
    assert refused(rules.check_there, None, "site") == ""
    assert refused(rules.check_there, AT, "site") == "(page)"


WHOLE = rules.Facts(
    numbers=["01234567"],
    description="Bicycles",
    phases=["secondary"],
    needs=["semh"],
    lowest_age=11,
    highest_age=16,
    places=12,
    registration=Registration.NOT_REQUIRED,
    why_not_registered="Part time only",
    lead_name="Alice",
    lead_email="alice@alice.example",
    sites=1,
    covers=[(InsuranceKind.PUBLIC, TODAY)],
    documents=1,
)


def left(**changes) -> list[str]:
    from dataclasses import replace

    return [one.page for one in rules.asked(replace(WHOLE, **changes), TODAY) if not one.done]


@pytest.mark.parametrize(
    ("changes", "pages"),
    [
        ({}, []),
        ({"numbers": []}, ["identity"]),
        ({"description": ""}, ["about"]),
        ({"phases": []}, ["teaching"]),
        ({"needs": []}, ["teaching"]),
        ({"lowest_age": None}, ["teaching"]),
        ({"places": None}, ["teaching"]),
        ({"sites": 0}, ["site"]),
        ({"registration": ""}, ["registration"]),
        ({"why_not_registered": ""}, ["registration"]),
        ({"registration": Registration.REGISTERED}, ["registration"]),
        ({"registration": Registration.REGISTERED, "school_urn": "900001"}, []),
        ({"lead_email": ""}, ["safeguarding"]),
        ({"covers": [(InsuranceKind.PUBLIC, dt.date(2026, 5, 11))]}, ["insurance"]),
        ({"covers": [(InsuranceKind.MOTOR, TOMORROW)]}, ["insurance"]),
        ({"documents": 0}, ["library"]),
    ],
)
def test_what_makes_a_profile_complete(changes, pages):
    assert left(**changes) == pages


@pytest.mark.parametrize(
    ("lowest", "highest", "words"),
    [(None, None, ""), (11, None, "from 11"), (None, 16, "up to 16"), (11, 11, "11"), (11, 16, "11 to 16")],
)
def test_ages_in_words(lowest, highest, words):
    assert rules.ages_in_words(lowest, highest) == words


def test_phases_and_needs_are_named_in_our_order_and_an_unknown_code_is_left_out():
    assert rules.phases_in_words(["post_16", "primary", "gone"]) == ("Primary", "16+")
    assert rules.needs_in_words(["autism", "semh"]) == ("Social, emotional and mental health", "Autism")


def test_what_a_page_saw_is_known_whatever_the_order():
    saw = fingerprint({"a": 1, "b": ["x"]})

    check_unchanged(saw, {"b": ["x"], "a": 1})
    with pytest.raises(Changed) as told:
        check_unchanged(saw, {"a": 2, "b": ["x"]})
    assert told.value.now == {"a": 2, "b": ["x"]}
