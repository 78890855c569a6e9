"""Places: given, accepted, begun, ended, and priced anew."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.models import Event
from core import access
from lots import tasks
from lots.actions import places as actions
from lots.models import Place, PlacePrice, Policies
from lots.rules import places as rules
from lots.rules.refusals import Refused
from lots.states import PLACE_MOVES, EndReason, PlaceState, PriceReview
from outbox.models import Message
from tests.accounts.mail import letters
from tests.cast import make_world
from tests.lots.places import AT, LATER, PRICE, accept, active, begin, give_role, published, running, states

D = dt.date


def utc(*moment) -> dt.datetime:
    return dt.datetime(*moment, tzinfo=dt.UTC)


@pytest.mark.parametrize("now", PlaceState)
@pytest.mark.parametrize("then", PlaceState)
def test_a_place_moves_as_the_table_says_and_no_other_way(now, then):
    if then in PLACE_MOVES[now]:
        rules.check_move(now, then)
    else:
        with pytest.raises(Refused, match="cannot become"):
            rules.check_move(now, then)


def test_a_place_is_awarded_accepted_and_active_from_the_start_of_the_framework(world):
    made = running(world)

    [place] = made.give(world, made.award(world.ash_house, "1B"))
    assert states(place) == ["awarded"]
    accept(world, place)
    assert states(place) == ["accepted"]
    assert begin(at=utc(2026, 8, 31, 22, 59)) == 0  # 11:59pm in England, the day before
    assert begin(at=utc(2026, 8, 31, 23, 0)) == 2  # and its place on lot 7
    assert begin(at=LATER) == 0

    place.refresh_from_db()
    assert (place.state, place.active_from) == ("active", utc(2026, 8, 31, 23, 0))
    assert list(Event.objects.filter(action__startswith="lots.").order_by("pk").values_list("action", flat=True)) == [
        "lots.place.awarded",
        "lots.place.granted",
        "lots.award_set.given",
        "lots.place.accepted",
        "lots.place.accepted",
        "lots.places.began",
    ]
    began = Event.objects.get(action="lots.places.began")
    assert (began.by_label, began.data, began.about_id) == (
        "system:lots.commence_places",
        {"places": 2},
        made.framework.pk,
    )


@pytest.mark.parametrize(
    ("accepted_at", "waits_until", "starts_on", "expected"),
    [
        (AT, None, D(2026, 9, 1), utc(2026, 8, 31, 23)),
        (utc(2026, 9, 3, 8), None, D(2026, 9, 1), utc(2026, 9, 3, 8)),
        (AT, utc(2026, 9, 4, 23), D(2026, 9, 1), utc(2026, 9, 4, 23)),
        (AT, utc(2026, 7, 22, 23), D(2026, 9, 1), utc(2026, 8, 31, 23)),
        (AT, None, None, AT),
    ],
)
def test_a_place_is_active_from_the_latest_of_the_moments(world, accepted_at, waits_until, starts_on, expected):
    made = running(world, starts_on=starts_on)
    [place] = made.give(world, made.award(world.ash_house, "1B"), waits_until=waits_until)
    accept(world, place, at=accepted_at)

    assert begin(at=expected - dt.timedelta(microseconds=1)) == 0
    begin(at=expected)

    place.refresh_from_db()
    assert (place.state, place.active_from) == ("active", expected)


def test_the_latest_of_the_moments():
    assert rules.begins_at(AT, None, LATER) == LATER
    assert rules.begins_at(LATER, AT) == LATER


def test_nothing_begins_on_a_framework_that_does_not_run(world):
    made = published(world)
    [place] = made.give(world, made.award(world.ash_house, "1B"))
    accept(world, place)

    assert begin() == 0
    assert states(place) == ["accepted"]


def test_the_calendar_begins_places_and_may_come_twice(world, monkeypatch):
    made = running(world)
    [place] = made.give(world, made.award(world.ash_house, "1B"))
    accept(world, place)
    monkeypatch.setattr("core.clock.now", lambda: LATER)

    tasks.commence_places()
    tasks.commence_places()

    assert states(place) == ["active"]
    assert Event.objects.filter(action="lots.places.began").count() == 1


def test_beginning_costs_the_same_for_one_place_and_for_many(world):
    counts = []
    for parts in (["1B"], ["1B", "1C", "2A", "2B", "2C"]):
        made = running(world)
        given = made.give(world, *[made.award(world.ash_house, part) for part in parts])
        accept(world, *given)
        with CaptureQueriesContext(connection) as asked:
            assert begin() == len(parts) + 1
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_only_the_calendar_begins_places(world):
    with pytest.raises(access.Denied):
        actions.commence_places(by=world.max, at=AT)


def test_alice_is_told_in_a_letter_that_says_nothing_but_where_to_read(world):
    made = running(world)

    made.give(world, made.award(world.ash_house, "1B"), made.award(world.ash_house, "1C"))

    [letter] = letters(world.alice.email)
    assert letter.subject == "You are offered places on a framework"
    assert f"/organisations/{world.ash_house.pk}/places/" in letter.body
    assert "Larkshire Council" in letter.body
    assert letters(world.bob.email) == []


@pytest.mark.parametrize("who", ["bob", "charlie", "max", "ada", "olu"])
def test_only_the_providers_lead_accepts(world, who):
    made = running(world)
    [place] = made.give(world, made.award(world.ash_house, "1B"))

    with pytest.raises(access.Denied):
        accept(world, place, by=getattr(world, who))


@pytest.mark.parametrize("who", ["alice", "ada", "eve", "olu", "ines", "tariq"])
def test_only_a_procurement_officer_awards(world, who):
    made = running(world)

    with pytest.raises(access.Denied):
        actions.award_places(
            framework=made.framework, given=[made.award(world.ash_house, "1B")], by=getattr(world, who), at=AT
        )


def test_charlie_cannot_accept_a_place_of_ash_house_as_his_own(world):
    made = running(world)
    [place] = made.give(world, made.award(world.ash_house, "1B"))

    with pytest.raises(Refused, match="at least one place of yours"):
        actions.accept_places(provider=world.birch_farm, chosen=[place], by=world.charlie, at=AT)


def test_a_place_is_accepted_once(world):
    made = running(world)
    [place] = made.give(world, made.award(world.ash_house, "1B"))
    accept(world, place)

    with pytest.raises(Refused, match="cannot become accepted"):
        accept(world, place)


def test_no_place_is_accepted_on_a_framework_that_ended(world):
    made = running(world)
    [place] = made.give(world, made.award(world.ash_house, "1B"))
    type(made.framework).objects.filter(pk=made.framework.pk).update(state="ended", ended_at=AT)

    with pytest.raises(Refused, match="can no longer be accepted"):
        accept(world, place)


def test_no_place_is_given_before_the_time_to_apply_has_ended(world):
    made = published(world)

    with pytest.raises(Refused, match="has not ended"):
        made.give(world, made.award(world.ash_house, "1B"), at=made.framework.closes_at)


def test_alice_withdraws_from_one_part_and_keeps_the_other(world):
    made = running(world)
    first, second = active(world, made, "1B", "2A")
    Message.objects.all().delete()

    actions.end_place(place=first, reason=EndReason.WITHDREW, by=world.alice, at=LATER)

    assert states(first, second, made.place(world.ash_house, "7")) == ["ended", "active", "active"]
    first.refresh_from_db()
    assert (first.ended_at, first.end_reason) == (LATER, "withdrew")
    assert [letter.subject for letter in letters(world.alice.email)] == ["A place on a framework has ended"]


def test_with_the_last_place_goes_the_place_that_came_with_it(world):
    made = running(world)
    [place] = active(world, made, "1B")

    actions.end_place(place=place, reason=EndReason.TERMINATED, note="Closed", by=world.max, at=LATER)

    other = made.place(world.ash_house, "7")
    assert (other.state, other.end_reason, other.ended_at) == ("ended", "last_place_ended", LATER)
    place.refresh_from_db()
    assert place.end_note == "Closed"


def test_all_places_end_at_once_when_that_is_asked(world):
    made = running(world)
    rows = active(world, made, "1B", "1C", "2A")

    ended = actions.end_place(place=rows[0], reason=EndReason.EXCLUDED, also_others=True, by=world.max, at=LATER)

    assert len(ended) == 3
    assert states(*rows, made.place(world.ash_house, "7")) == ["ended"] * 4
    with pytest.raises(Refused, match="already ended"):
        actions.end_place(place=rows[0], reason=EndReason.EXCLUDED, also_others=True, by=world.max, at=LATER)
    with pytest.raises(Refused, match="cannot become ended"):
        actions.end_place(place=rows[0], reason=EndReason.EXCLUDED, by=world.max, at=LATER)


def test_alice_gives_everything_up_what_she_accepted_and_what_she_had_not(world):
    made = running(world)
    [first] = active(world, made, "1B")
    [second] = made.give(world, made.award(world.ash_house, "2A"), at=LATER)

    actions.end_place(place=first, also_others=True, by=world.alice, at=LATER)

    assert [Place.objects.get(pk=row.pk).end_reason for row in (first, second)] == ["withdrew", "declined"]


def test_a_place_that_came_with_others_does_not_end_alone(world):
    made = running(world)
    active(world, made, "1B")

    with pytest.raises(Refused, match="comes with the provider’s others"):
        actions.end_place(place=made.place(world.ash_house, "7"), reason=EndReason.WITHDREW, by=world.alice, at=LATER)


@pytest.mark.parametrize("reason", [*EndReason, None, "other"])
def test_for_which_reasons_a_buyer_ends_a_place(reason):
    if reason in {"terminated", "excluded", "withdrew"}:
        assert rules.end_reason(reason, by_provider=False, accepted=True) == reason
    else:
        with pytest.raises(Refused, match="Select why"):
            rules.end_reason(reason, by_provider=False, accepted=True)


@pytest.mark.parametrize("wanted", [None, "excluded"])
def test_a_provider_says_no_or_withdraws(wanted):
    assert rules.end_reason(wanted, by_provider=True, accepted=False) == "declined"
    assert rules.end_reason(wanted, by_provider=True, accepted=True) == "withdrew"


@pytest.mark.parametrize("who", ["bob", "charlie", "ada", "tom", "olu", "ines"])
def test_who_may_not_end_a_place(world, who):
    made = running(world)
    [place] = active(world, made, "1B")

    with pytest.raises(access.Denied):
        actions.end_place(place=place, reason=EndReason.WITHDREW, by=getattr(world, who), at=LATER)


def test_a_contract_manager_ends_a_place(world):
    made = running(world)
    [place] = active(world, made, "1B")
    cara = give_role(world, "cara", world.larkshire, "authority_contracts")

    actions.end_place(place=place, reason=EndReason.TERMINATED, by=cara, at=LATER)

    assert states(place) == ["ended"]


# --- prices

NONE = rules.Review(PriceReview.NONE)
ASKED = rules.Review(PriceReview.ON_REQUEST)
CPI = rules.Review(PriceReview.CPI, 5, D(2027, 9, 1))


@pytest.mark.parametrize(
    ("review", "new", "from_on", "refusal"),
    [
        (NONE, 40_00, D(2027, 9, 1), "stay as they are until"),
        (ASKED, 60_00, D(2026, 9, 8), None),
        (ASKED, 40_00, D(2026, 9, 7), None),
        (ASKED, 40_00, D(2026, 9, 6), "days that have passed"),
        (ASKED, 0, D(2026, 9, 8), "at least a penny"),
        (CPI, 47_25, D(2027, 9, 1), None),
        (CPI, 47_26, D(2027, 9, 1), "by 5% at most"),
        (CPI, 40_00, D(2027, 9, 1), None),
        (CPI, 46_00, D(2027, 9, 2), "on 1 September of each year only"),
        (CPI, 46_00, D(2029, 9, 1), None),
        (CPI, 46_00, D(2026, 9, 10), "on 1 September of each year only"),
        (rules.Review(PriceReview.CPI, None, D(2027, 9, 1)), 46_00, D(2027, 9, 1), "never set"),
        (rules.Review(PriceReview.CPI, 5, None), 46_00, D(2027, 9, 1), "never set"),
        (rules.Review(PriceReview.CPI, 5, D(2028, 2, 29)), 46_00, D(2029, 3, 1), None),
        (rules.Review(PriceReview.CPI, 5, D(2028, 2, 29)), 46_00, D(2032, 2, 29), None),
        (rules.Review(PriceReview.CPI, 5, D(2028, 2, 29)), 46_00, D(2029, 2, 28), "29 February"),
    ],
)
def test_a_price_changes_as_the_policy_says(review, new, from_on, refusal):
    def check():
        rules.check_new_price(
            review,
            now_pence=45_00,
            new_pence=new,
            from_on=from_on,
            last_from_on=D(2026, 7, 10),
            today=D(2026, 9, 7),
        )

    if refusal is None:
        check()
    else:
        with pytest.raises(Refused, match=refusal):
            check()


def test_no_price_is_set_before_one_that_was_set_already():
    with pytest.raises(Refused, match="from 1 January 2027 is already set"):
        rules.check_new_price(
            ASKED, now_pence=1, new_pence=2, from_on=D(2027, 1, 1), last_from_on=D(2027, 1, 1), today=D(2026, 9, 7)
        )


@pytest.mark.parametrize(("offered", "may"), [(1, True), (44_99, True), (45_00, True), (45_01, False), (0, False)])
def test_a_lower_price_may_be_offered_for_one_pupil(offered, may):
    assert rules.may_offer(45_00, offered) is may


def reprice(world, place, line, *, pence=50_00, by=None):
    return actions.set_price(
        place=place, line=line, pence=pence, from_on=D(2026, 10, 1), reason="Rent", by=by or world.max, at=LATER,
        today=D(2026, 9, 7),
    )  # fmt: skip


def test_max_sets_a_price_on_request_and_the_old_one_stays(world):
    made = running(world)
    [place] = active(world, made, "1B")
    Policies.objects.update(price_review=PriceReview.ON_REQUEST)

    reprice(world, place, made.lots["1"].price_lines.get())

    rows = list(PlacePrice.objects.filter(place=place).values_list("from_on", "pence", "reason"))
    assert rows == [(D(2026, 7, 10), PRICE, ""), (D(2026, 10, 1), 50_00, "Rent")]
    event = Event.objects.get(action="lots.place.repriced")
    assert "5000" not in str(event.data)
    assert letters(world.alice.email)[-1].subject == "A price on a framework changes"


def test_no_price_is_set_on_a_line_that_was_not_bid_for_or_a_place_that_ended(world):
    made = running(world)
    [place] = active(world, made, "1B")
    Policies.objects.update(price_review=PriceReview.ON_REQUEST)

    with pytest.raises(Refused, match="no price on that line"):
        reprice(world, place, made.lots["2"].price_lines.get())
    actions.end_place(place=place, reason=EndReason.TERMINATED, by=world.max, at=LATER)
    with pytest.raises(Refused, match="no price on that line"):
        reprice(world, place, made.lots["1"].price_lines.get())


@pytest.mark.parametrize("who", ["alice", "ada", "tom", "olu"])
def test_who_may_not_set_a_price(world, who):
    made = running(world)
    [place] = active(world, made, "1B")

    with pytest.raises(access.Denied):
        reprice(world, place, made.lots["1"].price_lines.get(), by=getattr(world, who))


# --- what the database refuses whatever the code does


@pytest.mark.parametrize(
    "change",
    [
        {"state": "ended"},
        {"ended_at": AT},
        {"state": "accepted", "accepted_at": None},
        {"state": "active", "accepted_at": AT, "active_from": None},
    ],
)
def test_the_database_refuses_a_place_without_its_moments(world, change):
    made = running(world)
    [place] = made.give(world, made.award(world.ash_house, "1B"))

    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.filter(pk=place.pk).update(**change)


def test_the_database_refuses_two_standing_places_on_one_part(world):
    made = running(world)
    [place] = made.give(world, made.award(world.ash_house, "1B"))
    for like in (place, made.place(world.ash_house, "7")):
        like.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            like.save()


def test_if_the_record_cannot_be_written_nothing_is_given(transactional_db, monkeypatch):
    world = make_world()
    made = running(world)

    def fails(*args, **words):
        raise RuntimeError("no record")

    monkeypatch.setattr("audit.steps._event", fails)
    with pytest.raises(RuntimeError):
        made.give(world, made.award(world.ash_house, "1B"))

    assert Place.objects.count() == Message.objects.count() == 0
