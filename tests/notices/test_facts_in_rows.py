"""Facts become rows and come back the same; an update writes what was asked for and nothing else."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import Event
from lots import states
from lots.models import Framework, Lot, Place, PriceLine, SubLot
from lots.queries.facts import facts_of
from lots.rules import fits
from lots.rules.differences import differences
from lots.rules.facts import (
    DocumentFacts,
    FrameworkFacts,
    KeyDateFacts,
    LotFacts,
    SubLotFacts,
    TextFacts,
)
from lots.rules.refusals import Refused
from lots.states import KeyDateKind, Phase, PlaceState, TextKind
from lots.steps.facts import update_framework, write_framework

AT = dt.datetime(2026, 3, 18, 9, 0, tzinfo=dt.UTC)
D = dt.date

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
TITLES = WORDS.filter(str.strip)
PENCE = st.none() | st.integers(0, fits.LARGEST_PENCE)
DAYS = st.dates(D(1990, 1, 1), D(2100, 12, 31))
MOMENTS = st.datetimes(
    dt.datetime.fromisoformat("1990-01-01"), dt.datetime.fromisoformat("2100-12-31"), timezones=st.just(dt.UTC)
)
LETTERS = st.lists(st.sampled_from("ABC"), unique=True).map(sorted)
PARTS = LETTERS.map(lambda found: tuple(SubLotFacts(letter, states.LETTERS[letter]) for letter in found))
TEXTS = st.builds(
    TextFacts, kind=st.sampled_from(TextKind.values), name=WORDS, published=WORDS, resolved=WORDS, same_as=st.just("")
)
LOTS = st.builds(
    LotFacts,
    number=st.integers(1, 40).map(str),
    title=TITLES,
    description=WORDS,
    net_pence=PENCE,
    gross_pence=PENCE,
    is_auto=st.booleans(),
    for_small=st.booleans(),
    for_voluntary=st.booleans(),
    starts_on=st.none() | DAYS,
    ends_on=st.none() | DAYS,
    regions=st.lists(st.sampled_from(["UKH21", "UKC11", "UKL"]), unique=True).map(tuple),
    sub_lots=PARTS,
    texts=st.lists(TEXTS, max_size=2).map(tuple),
)


def lent(lots: list[LotFacts]) -> tuple[LotFacts, ...]:
    """The lots, the last one's texts borrowed from the first."""
    if not lots:
        return ()
    last = lots[-1]
    texts = tuple(replace(text, same_as=lots[0].number) for text in last.texts)
    return (*lots[:-1], replace(last, texts=texts))


FACTS = st.builds(
    FrameworkFacts,
    title=TITLES,
    description=WORDS,
    ocid=WORDS,
    reference=WORDS,
    is_open=st.booleans(),
    light_touch=st.booleans(),
    above_threshold=st.booleans(),
    with_competition=st.booleans(),
    net_pence=PENCE,
    gross_pence=PENCE,
    max_participants=st.none() | st.integers(0, fits.LARGEST_COUNT),
    max_lots=st.none() | st.integers(0, fits.LARGEST_COUNT),
    starts_on=st.none() | st.dates(D(1990, 1, 1), D(2030, 1, 1)),
    ends_on=st.none() | st.dates(D(2031, 1, 1), D(2100, 1, 1)),
    scheme_ends_on=st.none() | DAYS,
    enquiries_until=st.none() | MOMENTS,
    closes_at=st.none() | MOMENTS,
    award_by_on=st.none() | DAYS,
    criteria=WORDS,
    lots_explained=WORDS,
    payment_terms=WORDS,
    risks=WORDS,
    how_to_apply=WORDS,
    lots=st.lists(LOTS, max_size=3, unique_by=lambda lot: lot.number).map(lent),
    key_dates=st.lists(
        st.builds(KeyDateFacts, kind=st.sampled_from(KeyDateKind.values), at=MOMENTS, description=WORDS), max_size=2
    ).map(tuple),
    documents=st.lists(
        st.builds(
            DocumentFacts,
            title=WORDS,
            reference=WORDS,
            kind=WORDS,
            notice_type=st.sampled_from(["", "UK4"]),
            url=st.sampled_from(["", "https://notices.example/1"]),
            published_at=st.none() | MOMENTS,
        ),
        max_size=2,
    ).map(tuple),
)
SMALL = FrameworkFacts(
    title="Alternative provision",
    ocid="ocds-h6vhtk-0a1b2c",
    net_pence=100_00,
    starts_on=D(2026, 9, 1),
    ends_on=D(2034, 8, 31),
    lots=(
        LotFacts(
            "1",
            "Vocational",
            regions=("UKH21",),
            sub_lots=(SubLotFacts("B", Phase.SECONDARY), SubLotFacts("C", Phase.POST_16)),
            texts=(TextFacts(TextKind.WEIGHTING, "", "Pass or fail", "Pass or fail"),),
        ),
        LotFacts("2", "Therapeutic", texts=(TextFacts(TextKind.WEIGHTING, "", "As Lot 1", "Pass or fail", "1"),)),
        LotFacts("7", "Miscellaneous", is_auto=True),
    ),
    key_dates=(KeyDateFacts(KeyDateKind.REOPENING, AT),),
    documents=(DocumentFacts("Tender notice", "000001-2026"),),
)


def write(world, facts=SMALL) -> Framework:
    with transaction.atomic():
        return write_framework(facts=facts, buyer=world.larkshire, by=world.max, at=AT)


def update(world, framework, facts, *keys) -> FrameworkFacts:
    with transaction.atomic():
        row = Framework.objects.locked(framework.pk)
        update_framework(framework=row, facts=facts, keys=keys, by=world.max, at=AT)
    return facts_of(Framework.objects.get(pk=framework.pk))


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=FACTS)
def test_facts_that_were_written_come_back_the_same(world, facts):
    framework = write(world, facts)
    try:
        assert facts_of(Framework.objects.get(pk=framework.pk)) == facts
    finally:
        framework.delete()


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=FACTS, after=FACTS)
def test_an_update_with_every_key_says_what_the_new_facts_say(world, before, after):
    framework = write(world, before)
    try:
        found = update(world, framework, after, *(difference.key for difference in differences(before, after)))
        left = {difference.key for difference in differences(found, after)}
        # Words borrowed from a lot that is gone keep the words and lose the lot.
        assert {key for key in left if not key.endswith(".texts")} == set()
    finally:
        framework.delete()


def test_a_framework_from_facts_is_being_set_up_with_policies_and_a_line_in_the_record(world):
    framework = write(world)

    assert framework.state == states.FrameworkState.DRAFT
    assert (framework.buyer, framework.created_by, framework.created_at) == (world.larkshire, world.max, AT)
    assert framework.policies.locked_at is None
    assert not hasattr(framework, "standards")
    event = Event.objects.get(action="lots.framework.written")
    assert (event.about_id, event.organisation_id, event.data) == (
        framework.pk,
        world.larkshire.pk,
        {"lots": 3, "parts": 2},
    )


def test_facts_are_read_in_six_queries_whatever_the_lots(world, django_assert_num_queries):
    small = write(world, replace(SMALL, lots=SMALL.lots[:1]))
    large = write(world, replace(SMALL, ocid="", lots=tuple(replace(SMALL.lots[1], number=str(n)) for n in range(30))))

    for framework, queries in ((small, 6), (large, 7)):  # one more where words are borrowed
        row = Framework.objects.get(pk=framework.pk)
        with django_assert_num_queries(queries):
            facts_of(row)


def test_an_update_changes_the_named_facts_and_no_others(world):
    framework = write(world)
    kept = Lot.objects.get(framework=framework, number="2")
    new = replace(
        SMALL,
        title="New title",
        net_pence=1,
        documents=(),
        lots=(
            replace(SMALL.lots[0], title="Trades", net_pence=5, sub_lots=SMALL.lots[0].sub_lots[:1]),
            replace(SMALL.lots[2], title="Rest"),
            LotFacts("8", "New lot"),
        ),
    )

    found = update(world, framework, new, "net_pence", "lots.1.title", "lots.1.sub_lots", "lots.8", "nonsense")

    assert found == replace(
        SMALL,
        net_pence=1,
        lots=(
            replace(SMALL.lots[0], title="Trades", sub_lots=SMALL.lots[0].sub_lots[:1]),
            *SMALL.lots[1:],
            LotFacts("8", "New lot"),
        ),
    )
    assert Lot.objects.get(framework=framework, number="2").pk == kept.pk
    assert Event.objects.get(action="lots.framework.brought_up_to_date").data == {
        "keys": ["lots.1.sub_lots", "lots.1.title", "lots.8", "net_pence", "nonsense"]
    }


def test_what_an_update_leaves_alone_keeps_its_rows(world):
    framework = write(world)
    lines = set(PriceLine.objects.filter(lot__framework=framework).values_list("pk", "lot__number", "title"))
    part = SubLot.objects.get(lot__framework=framework, letter="B")

    update(world, framework, replace(SMALL, title="New title"), "title")

    assert set(PriceLine.objects.filter(lot__framework=framework).values_list("pk", "lot__number", "title")) == lines
    assert {line[1:] for line in lines} == {("1", "Half-day session, small group"), ("2", "Session, one pupil")}
    assert SubLot.objects.get(lot__framework=framework, letter="B").pk == part.pk


def place(world, framework, part=None) -> Place:
    lot = framework.lots.get(number="1")
    return Place.objects.create(
        framework=framework,
        lot=lot,
        sub_lot=lot.sub_lots.get(letter=part) if part else None,
        provider=world.ash_house,
        state=PlaceState.AWARDED,
        awarded_at=AT,
    )


def with_first(**changes) -> FrameworkFacts:
    return replace(SMALL, lots=(replace(SMALL.lots[0], **changes), *SMALL.lots[1:]))


@pytest.mark.parametrize(
    ("new", "key", "words"),
    [
        (replace(SMALL, lots=SMALL.lots[1:]), "lots.1", "Lot 1 stays as it is"),
        (with_first(sub_lots=SMALL.lots[0].sub_lots[1:]), "lots.1.sub_lots", "Lot 1B stays as it is"),
        (with_first(sub_lots=(SubLotFacts("B", Phase.POST_16),)), "lots.1.sub_lots", "Lot 1B stays as it is"),
    ],
    ids=["the lot", "the part", "the part's phase"],
)
def test_what_providers_have_places_on_cannot_go(world, new, key, words):
    framework = write(world)
    place(world, framework, "B")

    with pytest.raises(Refused, match=words):
        update(world, framework, new, key)

    assert facts_of(Framework.objects.get(pk=framework.pk)) == SMALL


def test_parts_without_places_can_change(world):
    framework = write(world)
    new = with_first(sub_lots=(SubLotFacts("A", Phase.PRIMARY), SubLotFacts("B", Phase.POST_16)))

    assert update(world, framework, new, "lots.1.sub_lots") == new


LONE = "\ud83d"


@pytest.mark.parametrize(
    ("facts", "key", "words"),
    [
        (replace(SMALL, title=" "), "title", "no title"),
        (replace(SMALL, title="x" * 501), "title", "longer than 500"),
        (replace(SMALL, criteria="x" * 100_001), "criteria", "longer than 100,000"),
        (replace(SMALL, description="a\x00b"), "description", "cannot be kept"),
        (replace(SMALL, description=LONE), "description", "half of a character"),
        (replace(SMALL, net_pence=-1), "net_pence", "below nothing"),
        (replace(SMALL, gross_pence=10**13 + 1), "gross_pence", "larger than £100,000,000,000"),
        (replace(SMALL, max_participants=100_001), "max_participants", "larger than 100,000"),
        (replace(SMALL, closes_at=dt.datetime(9999, 12, 31, tzinfo=dt.UTC)), "closes_at", "The year 9999"),
        (replace(SMALL, starts_on=D(1, 1, 1)), "starts_on", "The year 1 "),
        (replace(SMALL, ends_on=D(2026, 8, 31)), "ends_on", "ends before it starts"),
        (replace(SMALL, lots=tuple(LotFacts(str(n), "x") for n in range(1001))), "lots", "more than 1,000 lots"),
        (with_first(number=" "), "lots. ", "no number"),
        (with_first(number="2"), "lots.2", "two lots 2"),
        (with_first(number="2" * 21), f"lots.{'2' * 21}.number", "longer than 20"),
        (with_first(title="x" * 501), "lots.1.title", "longer than 500"),
        (with_first(regions=("x" * 61,)), "lots.1.regions", "longer than 60"),
        (with_first(sub_lots=SMALL.lots[0].sub_lots * 2), "lots.1.sub_lots", "two parts of one letter"),
        (with_first(texts=(TextFacts("award", "x" * 201, "", ""),)), "lots.1.texts.name", "longer than 200"),
        (replace(SMALL, documents=(DocumentFacts("x", url="x" * 2001),)), "documents.0.url", "longer than 2,000"),
        (
            replace(SMALL, key_dates=(KeyDateFacts("other", dt.datetime(2500, 1, 1, tzinfo=dt.UTC)),)),
            "key_dates.0.at",
            "The year 2500",
        ),
    ],
)
def test_what_no_column_holds_is_refused_before_anything_is_written(world, facts, key, words):
    with pytest.raises(fits.NotFit, match=words) as refused:
        write(world, facts)

    assert refused.value.key == key
    assert Framework.objects.count() == 0


@pytest.mark.parametrize("field", [field.name for field in fields(FrameworkFacts)])
def test_every_fact_is_a_column_or_rows_of_its_own(field):
    assert field in {"lots", "key_dates", "documents"} or Framework._meta.get_field(field)
