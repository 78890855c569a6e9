"""A shortlist: kept by those who write referrals, read by everybody there, and never forgotten."""

from __future__ import annotations

import pytest
from django.urls import reverse

from audit.models import Event
from core.access import Denied
from lots.models import Place
from lots.rules.refusals import Refused
from referrals.actions import shortlist as actions
from referrals.models import Shortlisted
from tests.referrals.made import AT, made_place
from tests.referrals.searching import market
from tests.referrals.test_directory_pages import text_of


def add(world, place, *, by=None, organisation=None, reason="Near the station"):
    return actions.add_to_shortlist(
        organisation=organisation or world.elm_grove, place=place, reason=reason, by=by or world.sana, at=AT
    )


def test_sana_puts_a_place_on_the_shortlist_reads_it_and_takes_it_off(world, sign_in):
    ash, _ = market(world)
    client = sign_in(world.sana)
    one = [world.elm_grove.pk, ash.pk]

    assert "Enter the reason" in text_of(client.post(reverse("add_to_shortlist", args=one), {"reason": " "}))
    client.post(reverse("add_to_shortlist", args=one), {"reason": "=Near <b>the station"})
    page = client.get(reverse("shortlist", args=one[:1]))
    assert "=Near &lt;b&gt;the station" in page.content.decode()
    assert "Ash House" in text_of(page)
    assert "Sana" in text_of(page)
    assert "On your shortlist" in text_of(client.get(reverse("provision", args=one)))
    again = client.post(reverse("add_to_shortlist", args=one), {"reason": "Twice"})
    assert "on your shortlist already" in text_of(again)
    assert "Twice" in again.content.decode()

    row = Shortlisted.objects.get()
    lines = b"".join(client.get(reverse("shortlist_csv", args=one[:1])).streaming_content).decode()
    assert 'Ash House,Alternative provision,"Lot 1, part B",\'=Near <b>the station,2' in lines
    assert lines.rstrip().endswith("Sana,Yes")
    taking = reverse("take_off_shortlist", args=[row.pk])
    assert "Near" in client.get(taking).content.decode()
    client.post(taking)
    assert "Nothing is on your shortlist" in text_of(client.get(reverse("shortlist", args=one[:1])))
    assert "already" in text_of(client.post(taking, follow=True))
    events = list(Event.objects.filter(action__startswith="referrals.shortlisted").order_by("id"))
    assert [(event.action.rpartition(".")[2], event.data) for event in events] == [
        ("added", {"place": ash.pk}),
        ("removed", {"place": ash.pk}),
    ]


def test_what_takes_nobody_any_more_stays_on_the_list_and_says_so(world, sign_in):
    ash, _ = market(world)
    add(world, ash)
    Place.objects.filter(pk=ash.pk).update(state="suspended")
    client = sign_in(world.sana)

    page = client.get(reverse("shortlist", args=[world.elm_grove.pk]))

    assert "No new pupils at the moment" in text_of(page)
    assert "suspen" not in text_of(page)
    lines = b"".join(client.get(reverse("shortlist_csv", args=[world.elm_grove.pk])).streaming_content).decode()
    assert lines.rstrip().endswith("Sana,No")


def test_the_council_keeps_its_own_and_only_who_writes_referrals_keeps_it(world):
    ash = made_place(world)

    add(world, ash)
    add(world, ash, by=world.eve, organisation=world.larkshire)

    assert {row.organisation for row in Shortlisted.objects.visible_to(world.eve)} == {world.larkshire}
    for name in ("max", "fay", "tom", "sana", "alice"):
        with pytest.raises(Denied):
            add(world, ash, by=world.people[name], organisation=world.larkshire)
    with pytest.raises(Denied):
        add(world, ash, by=world.alice, organisation=world.ash_house)
    row = Shortlisted.objects.get(organisation=world.larkshire)
    with pytest.raises(Denied):
        actions.take_off_shortlist(shortlisted=row, by=world.max, at=AT)


def test_a_place_that_ended_or_that_one_may_not_use_is_not_taken(world):
    ash = made_place(world)
    Place.objects.filter(pk=ash.pk).update(state="ended", ended_at=AT)

    with pytest.raises(Refused, match="You can no longer use this place"):
        add(world, ash)
    Place.objects.filter(pk=ash.pk).update(state="active", ended_at=None)
    ash.framework.policies.__class__.objects.update(call_off="buyer")
    with pytest.raises(Refused, match="You can no longer use this place"):
        add(world, ash)


def test_what_is_taken_off_can_be_put_on_again(world):
    ash = made_place(world)
    actions.take_off_shortlist(shortlisted=add(world, ash), by=world.sana, at=AT)

    assert add(world, ash).removed_at is None
    assert Shortlisted.objects.standing().count() == 1
