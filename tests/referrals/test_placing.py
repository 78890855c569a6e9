"""A placement is written from an accepted offer, changed while it is being agreed, and cancelled before it starts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.models import Closure
from audit.models import Event
from core.access import Denied
from lots.rules.refusals import Refused
from outbox.models import Message
from providers.models import Seats
from referrals.actions import placing
from referrals.actions import referrals as referring
from referrals.models import Disclosure, FunderShare, Placement, Pupil, Referral, WeeklySession
from referrals.queries import placements as queries
from referrals.queries.placing import Part
from referrals.rules import placing as rules
from referrals.steps import placements as steps
from tests.providers.seats import made_seats
from tests.referrals import made
from tests.referrals.agreed import (
    chosen,
    drafted,
    offer_of,
    sign,
    terms,
    that_day,  # noqa: F401
    waiting,
)
from tests.referrals.made import AT, CANARIES, TODAY
from tests.referrals.placed import made_placement

DAY = dt.date


def write(world, known, *, by=None, **fields) -> Placement:
    offer = offer_of(known)
    return placing.place_pupil(
        referral=known.referral, terms=terms(world, offer, **fields), by=by or world.sana, at=AT, today=TODAY
    )


def test_what_is_written_down_is_the_offer_with_four_parties(world):
    known = chosen(world)
    offer = offer_of(known)

    made = write(
        world,
        known,
        contracting_party=world.larkshire.pk,
        shares=[(world.elm_grove.pk, 4000), (world.larkshire.pk, 6000)],
    )

    made = Placement.objects.get(pk=made.pk)
    assert (made.state, made.route, made.commissioner, made.contracting_party, made.home_school, made.provider) == (
        "draft", "framework", world.elm_grove, world.larkshire, world.elm_grove, world.ash_house,
    )  # fmt: skip
    assert (made.place, made.lot, made.line, made.unit, made.pence, made.units, made.total_pence) == (
        offer.enquiry.place, offer.enquiry.place.lot, offer.line, offer.line.unit, 45_00, 12_000, 45_00 * 120,
    )  # fmt: skip
    assert (made.reason, made.basis, made.starts_on, made.ends_on) == (
        "behaviour",
        "s29a",
        offer.starts_on,
        offer.ends_on,
    )
    assert list(made.sessions.values_list("weekday", "runs", "from_on")) == [
        (0, "school", offer.starts_on),
        (2, "school", offer.starts_on),
    ]
    assert dict(made.shares.values_list("funder", "share")) == {world.elm_grove.pk: 4000, world.larkshire.pk: 6000}
    assert Event.objects.filter(action="referrals.placement.drafted").get().data == {
        "referral": known.referral_id, "provider": world.ash_house.pk,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "told", "field"),
    [
        ({"contracting_party": "mereshire"}, "Select who signs", "contracting_party"),
        ({"home_school": "mereshire"}, "not on the roll", "home_school"),
        ({"shares": []}, "Enter who pays", "funder_1"),
        ({"shares": [("elm_grove", 5000)]}, "come to 50%", "share_1"),
        ({"shares": [("elm_grove", 5000), ("elm_grove", 5000)]}, "named twice", "funder_1"),
        ({"shares": [("ash_house", 10_000)]}, "no longer open", "funder_1"),
        ({"starts_on": TODAY - dt.timedelta(days=1)}, "today or later", "starts_on"),
        ({"starts_on": DAY(2026, 9, 21)}, "offered to start on 28 September 2026", "starts_on"),
        ({"starts_on": DAY(2026, 11, 2), "ends_on": DAY(2026, 11, 1)}, "the first day or later", "ends_on"),
        ({"ends_on": DAY(2026, 12, 19)}, "offered until 18 December 2026", "ends_on"),
        ({"parts": [Part(0, dt.time(9), dt.time(10))]}, "no longer the one that the provider offered", ""),
    ],
)
def test_what_is_not_written_down(world, fields, told, field):
    known = chosen(world)

    def own(value):
        return getattr(world, value).pk if isinstance(value, str) else value

    fields = {name: own(value) for name, value in fields.items()}
    if "shares" in fields:
        fields["shares"] = [(own(funder), share) for funder, share in fields["shares"]]

    with pytest.raises(Refused, match=told) as refused:
        write(world, known, **fields)

    assert refused.value.field == field
    assert not Placement.objects.exists()


def test_only_whoever_commissions_writes_one_and_one_of_each_choice(world):
    known = chosen(world)
    with pytest.raises(Denied):
        write(world, known, by=world.tom)

    write(world, known)

    with pytest.raises(Refused, match="led to a placement already"):
        write(world, known)
    Referral.objects.filter(pk=known.referral_id).update(state="enquiring")
    with pytest.raises(Refused, match="No provider is chosen"):
        write(world, known)


def test_days_on_which_a_session_runs_decide_what_it_costs(world):
    """Its price line is by the half-day, and a session of five hours is two: 24 sessions without the one of the day on
    which the provider is closed. A session on the school's days is not counted less for that."""
    known = chosen(world)
    offer = offer_of(known)
    site = offer.sessions.first().site
    Closure.objects.create(
        organisation=world.ash_house, reason="Stocktaking", starts_on=DAY(2026, 10, 5), ends_on=DAY(2026, 10, 5)
    )
    mixed = [Part(0, dt.time(9, 30), dt.time(14, 30), site, "provider"), Part(2, dt.time(9, 30), dt.time(14, 30), site)]

    made = write(world, known, parts=mixed)

    assert (made.units, made.total_pence) == (4_600, 45_00 * 46)


def test_a_pupil_who_is_elsewhere_or_has_a_full_week_is_told_when_it_is_written(world):
    known = chosen(world)
    there = made_placement(world, place=offer_of(known).enquiry.place, pupil=known.referral.pupil)

    with pytest.raises(Refused, match=r"somewhere else at the same time: Monday 09:30 to 14:30 \(Ash House"):
        write(world, known)

    there.sessions.update(starts=dt.time(7), ends=dt.time(9), weekday=1)
    there.sessions.filter(pk=there.sessions.first().pk).update(starts=dt.time(0), ends=dt.time(23), weekday=3)
    with pytest.raises(Refused, match="35 hours long") as refused:
        write(world, known)
    assert refused.value.field == "hours_reason"
    assert write(world, known, hours_reason="Boards").hours_reason == "Boards"


def test_a_shorter_placement_costs_less_and_none_costs_more_than_may_be_spent():
    with pytest.raises(Refused, match=r"This would cost £50\.01, more than the £50\.00"):
        rules.check_cost(5001, 5000, covered=False)
    rules.check_cost(5001, 5000, covered=True)
    rules.check_cost(5000, 5000, covered=False)


def test_days_without_a_session_are_no_placement(world):
    known = chosen(world)

    with pytest.raises(Refused, match="No session falls"):
        write(world, known, starts_on=DAY(2026, 10, 6), ends_on=DAY(2026, 10, 6))


def change(world, placement, *, seen=None, by=None, **fields):
    offer = offer_of(Disclosure.objects.get(referral=placement.referral))
    seen = placement.revision if seen is None else seen
    return placing.change_placement(
        placement=placement, seen=seen, terms=terms(world, offer, **fields), by=by or world.sana, at=AT, today=TODAY
    )


def test_a_change_replaces_what_was_sent_and_who_comes_second_is_told(world):
    placement = waiting(world)
    stood = placement.papers.get(replaced_at=None)

    changed = change(world, placement, starts_on=DAY(2026, 10, 5), home_school=None, hours_reason="Boards")

    assert (changed.units, changed.starts_on, changed.home_school, changed.hours_reason) == (
        4_400, DAY(2026, 10, 5), None, "Boards",
    )  # fmt: skip
    assert set(WeeklySession.objects.values_list("from_on", flat=True)) == {DAY(2026, 10, 5)}
    assert FunderShare.objects.get().from_on == DAY(2026, 10, 5)
    stood.refresh_from_db()
    assert stood.replaced_at == AT
    with pytest.raises(Refused, match="Somebody has changed"):
        change(world, placement, seen=0)
    with pytest.raises(Denied):
        change(world, placement, by=world.bob)


@pytest.mark.parametrize("state", ["assurance", "live", "cancelled"])
def test_what_is_agreed_or_over_is_not_changed_here(world, state):
    placement = waiting(world)
    Placement.objects.filter(pk=placement.pk).update(state=state, agreed_at=AT)

    with pytest.raises(Refused, match="no longer being agreed"):
        change(world, placement)


def cancel(world, placement, *, by=None):
    return placing.cancel_placement(placement=placement, reason="He moved away", by=by or world.sana, at=AT)


def test_a_cancelled_placement_gives_back_its_places_and_its_provider_sees_it_no_more(world):
    placement = waiting(world)
    made_seats(placement.place, placement.sessions.first().site, free=1)
    sign(world, placement)
    assert Seats.objects.filter(free=0).count() == 4

    cancelled = cancel(world, placement)

    assert (cancelled.state, cancelled.cancel_reason, cancelled.hidden_at) == ("cancelled", "He moved away", AT)
    assert not Seats.objects.filter(free=0).exists()
    assert not Placement.objects.visible_to(world.bob).exists()
    letter = Message.objects.get(key__startswith="placement-cancelled")
    assert letter.to == world.bob.email
    assert not [word for word in (*CANARIES, "moved away") if word in letter.subject + letter.body]
    with pytest.raises(Refused, match="cannot be cancelled"):
        cancel(world, placement)


def test_a_draft_that_nobody_was_sent_is_cancelled_without_a_word_to_the_provider(world):
    placement = drafted(world)
    with pytest.raises(Denied):
        cancel(world, placement, by=world.bob)

    cancel(world, placement)

    assert not Message.objects.filter(key__startswith="placement-cancelled").exists()
    assert queries.open_of_referral(placement.referral) is None


def test_a_choice_that_is_taken_back_takes_the_draft_with_it_and_an_agreed_one_keeps_the_choice(world):
    placement = waiting(world)
    referral = placement.referral
    offer = offer_of(Disclosure.objects.get(referral=referral))

    with transaction.atomic():
        steps.drop_drafts(referral=referral, by=world.sana, at=AT)
    referral.choices.update(undone_at=AT)

    placement.refresh_from_db()
    assert (placement.state, placement.hidden_at) == ("cancelled", AT)
    Placement.objects.filter(pk=placement.pk).update(state="draft")
    with pytest.raises(Refused, match="was taken back"):
        placing.change_placement(
            placement=placement, seen=1, terms=terms(world, offer), by=world.sana, at=AT, today=TODAY
        )


def test_a_referral_with_an_agreed_placement_is_neither_undone_nor_closed(world):
    placement = waiting(world)
    sign(world, placement)

    with pytest.raises(Refused, match="Cancel or end the placement first"):
        referring.close_referral(referral=placement.referral, reason="x", by=world.sana, at=AT)
    with pytest.raises(Refused, match="Cancel or end the placement first"):
        queries.check_not_agreed(placement.referral)


def test_who_had_agreed_is_told_that_it_will_not_take_place(world):
    placement = waiting(world, contracting_party=world.larkshire)
    sign(world, placement, by=world.eve)

    cancel(world, placement)

    told = Message.objects.filter(key__startswith="placement-cancelled").values_list("to", flat=True)
    assert sorted(told) == sorted([world.bob.email, world.eve.email])


def test_a_record_that_is_put_into_another_takes_its_placements_along(world):
    placement = made_placement(world)
    private = replace(made.PRIVATE, upn="")
    other = made.made_pupil(world, private=private, born_on=placement.pupil.born_on)

    with transaction.atomic():
        moved = steps.move_over(kept=other, gone=placement.pupil)
        none = steps.move_over(kept=other, gone=placement.pupil)

    assert (moved, none) == ({"placements": 1}, {})
    assert Placement.objects.get().pupil == other


def test_what_is_over_says_no_more_who_a_moved_pupil_is_and_no_letter_has_the_new_address(world, sign_in):
    placement = made_placement(world)
    Pupil.objects.filter(pk=placement.pupil_id).update(commissioner=world.larkshire)
    client = sign_in(world.sana)
    url = reverse("placement", args=[placement.pk])

    running = client.get(url).content.decode()
    Placement.objects.update(state="ended", ended_on=placement.ends_on)
    over = client.get(url).content.decode()

    assert "Quillsworth" in running
    assert "Quillsworth" not in over
    assert "a pupil whose record has moved" in over
    assert client.get(reverse("parent_letter", args=[placement.pk])).status_code == 403


# Pages


def posted(world, **fields) -> dict:
    return {
        "contracting_party": world.elm_grove.pk, "home_school": world.elm_grove.pk,
        "starts_on_0": "28", "starts_on_1": "9", "starts_on_2": "2026",
        "ends_on_0": "18", "ends_on_1": "12", "ends_on_2": "2026",
        "runs_1": "school", "runs_2": "provider", "funder_1": world.elm_grove.pk, "share_1": "100%",
    } | fields  # fmt: skip


def test_the_page_comes_filled_from_the_offer_and_leads_to_the_placement(world, sign_in, that_day):  # noqa: F811
    known = chosen(world)
    client = sign_in(world.sana)
    url = reverse("place_pupil", args=[known.referral_id])

    page = client.get(url).content.decode()
    wrong = client.post(url, posted(world, share_1="99.999", urn_2="900009", share_3="5"))
    answer = client.post(url, posted(world, share_1="60", urn_2="900001", funder_2="", share_2="40"))

    assert "£45.00" in page
    assert "Monday 09:30 to 14:30, Workshop" in page
    assert "Oak Trust" in page
    assert 'value="100"' in page
    assert "<title>Place a pupil" in page
    text = wrong.content.decode()
    assert "The share must be more than 0" in text
    assert "no open school with this URN" in text
    assert "Select who pays this share" in text
    assert 'value="99.999"' in text
    assert answer.status_code == 200
    assert "named twice" in answer.content.decode()

    answer = client.post(url, posted(world, share_1="60", funder_2=world.larkshire.pk, share_2="40"))

    placement = Placement.objects.get()
    assert answer.url == reverse("placement", args=[placement.pk])
    assert list(placement.sessions.values_list("runs", flat=True)) == ["school", "provider"]
    page = client.get(answer.url).content.decode()
    for words in (
        "Send the agreement to be signed",
        "Larkshire Council: 40%",
        "That is part-time",
        "£2,160",
        "LK1 1AA",
    ):
        assert words in page
    assert "Quill" not in page.split("<title>")[1].split("</title>")[0]
    assert Event.objects.filter(action="referrals.placement.read", by=world.sana).exists()
    assert "led to a placement already" in client.get(url).content.decode()

    edit = reverse("edit_placement", args=[placement.pk])
    assert 'value="40"' in client.get(edit).content.decode()
    late = client.post(edit, posted(world, revision="7", hours_reason="Keeps what I typed"))
    assert "Somebody has changed this placement" in late.content.decode()
    assert "Keeps what I typed" in late.content.decode()
    assert client.post(edit, posted(world, revision="0")).status_code == 302
    assert placement.shares.get().funder == world.elm_grove
    cancelling = reverse("cancel_placement", args=[placement.pk])
    assert "Write why you cancel it" in client.post(cancelling, {}).content.decode()
    assert client.post(cancelling, {"reason": "He moved away"}).status_code == 302
    assert "He moved away" in client.get(reverse("placement", args=[placement.pk])).content.decode()


@pytest.mark.parametrize(("who", "organisation"), [("sana", "elm_grove"), ("bob", "ash_house")])
def test_lists_cost_the_same_at_one_and_three(world, sign_in, django_assert_max_num_queries, who, organisation):
    first = made_placement(world, state="draft")
    place, pupil = first.place, first.pupil
    client = sign_in(getattr(world, who))
    url = reverse("placements", args=[getattr(world, organisation).pk])
    client.get(url)
    counted = []
    for more in range(2):
        with django_assert_max_num_queries(20) as asked:
            page = client.get(url).content.decode()
        counted.append(len(asked))
        for state in ("assurance", "live") if not more else ():
            made_placement(world, place=place, pupil=pupil, state=state)

    assert counted[0] == counted[1] <= 16
    assert "<strong>3</strong> placements" in page
    assert "Put everything in place before the start" in page
    assert "Quillsworth" in page
    assert "<strong>1</strong> placement" in client.get(url, {"state": "live"}).content.decode()
    assert "<strong>2</strong> placements" in client.get(url, {"state": "running"}).content.decode()
    assert "Nothing matches" in client.get(url, {"state": "ended"}).content.decode()
