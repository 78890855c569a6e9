"""A pupil is placed outside a framework: a spot contract is drafted and signed, a legacy one runs with what is missing
due, and what is spent so stands beside the threshold."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.urls import reverse

from accounts.models import Organisation
from audit.models import Event
from core.access import Denied
from lots.models import Suspension
from lots.rules.refusals import Refused
from outbox.models import Message
from referrals.actions import outside as actions
from referrals.actions.placing import cancel_placement
from referrals.actions.signing import send_for_signature, sign_for_party, sign_for_provider
from referrals.actions.starting import start_placement
from referrals.models import Assurance, Cover, Placement
from referrals.permissions import outside as permissions
from referrals.queries import outside as queries
from referrals.queries import sealed
from referrals.queries.outside import Deal
from referrals.queries.placing import Part, Terms
from referrals.states import Item
from tests.lots import places
from tests.referrals.made import (
    AT,
    CANARIES,
    TODAY,
    made_pupil,
    made_referral,
    made_sharing,
    made_site,
)
from tests.referrals.outside import REASON, made_spot
from tests.referrals.placed import ENDS, STARTS, made_assurances, made_placement

pytestmark = pytest.mark.django_db
NINE, TWO = dt.time(9, 30), dt.time(14, 30)


@pytest.fixture
def pupil(world):
    made_sharing(world)
    return made_pupil(world)


@pytest.fixture
def site(world):
    return made_site(world)


def deal(world, **fields) -> Deal:
    fields = {
        "provider": world.ash_house.pk,
        "route": "spot",
        "unit": "hour",
        "pence": 20_00,
        "reason": "behaviour",
        "basis": "early",
        "outside_reason": REASON,
    } | fields
    return Deal(**fields)


def terms(world, site, **fields) -> Terms:
    fields = {
        "contracting_party": world.elm_grove.pk,
        "home_school": world.elm_grove.pk,
        "starts_on": STARTS,
        "ends_on": ENDS,
        "parts": [Part(0, NINE, TWO, site), Part(2, NINE, TWO, None, "school", "1 Canary Wharf Lane")],
        "shares": [(world.elm_grove.pk, 10_000)],
    } | fields
    return Terms(**fields)


def place(world, pupil, deal, terms, by=None):
    return actions.place_outside(pupil=pupil, deal=deal, terms=terms, by=by or world.sana, at=AT, today=TODAY)


class TestSpot:
    def test_it_is_a_draft_that_both_sides_sign(self, world, pupil, site):
        made = place(world, pupil, deal(world), terms(world, site))
        assert (made.state, made.route, made.place, made.total_pence) == ("draft", "spot", None, 120 * 20_00)
        row = made.sessions.get(weekday=2)
        assert sealed.text_of(row, "address") == "1 Canary Wharf Lane"
        paper = send_for_signature(placement=made, seen=0, by=world.sana, at=AT, today=TODAY)
        sign_for_provider(placement=made, sha256=paper.sha256, name="Bob", by=world.bob, at=AT)
        sign_for_party(
            placement=made, sha256=paper.sha256, name="Sana", over_reason="", by=world.sana, at=AT, today=TODAY
        )
        made.refresh_from_db()
        assert made.state == "assurance"
        said = str(list(Event.objects.values_list("action", "data")))
        assert not [one for one in (*CANARIES, REASON) if one in said]

    def test_it_is_changed_while_nobody_has_agreed(self, world, pupil, site):
        made = place(world, pupil, deal(world), terms(world, site))
        send_for_signature(placement=made, seen=0, by=world.sana, at=AT, today=TODAY)
        shorter = terms(world, site, ends_on=dt.date(2026, 10, 23), parts=[Part(0, NINE, TWO, site)])
        change = {"placement": made, "deal": deal(world, pence=10_00), "by": world.sana, "at": AT, "today": TODAY}
        with pytest.raises(Refused, match="Somebody has changed"):
            actions.change_outside(seen=7, terms=shorter, **change)
        changed = actions.change_outside(seen=0, terms=shorter, **change)
        assert (changed.revision, changed.pence, changed.sessions.count()) == (1, 10_00, 1)
        assert changed.papers.get().replaced_at == AT
        cancel_placement(placement=changed, reason="Not wanted", by=world.sana, at=AT)
        with pytest.raises(Refused, match="no longer being agreed"):
            actions.change_outside(seen=2, terms=shorter, **change)
        with pytest.raises(Denied):
            actions.change_outside(seen=1, terms=shorter, **change | {"by": world.bob})

    def test_a_placement_of_a_framework_is_changed_elsewhere(self, world, pupil, site):
        other = made_placement(world, pupil=pupil, state="draft")
        with pytest.raises(Refused, match="of a framework"):
            actions.change_outside(
                placement=other, seen=0, deal=deal(world), terms=terms(world, site), by=world.sana, at=AT, today=TODAY
            )

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"contracting_party": 0}, "Select who signs"),
            ({"home_school": 0}, "not on the roll"),
            ({"shares": ()}, "Enter who pays"),
            ({"shares": [(999_999, 10_000)]}, "no longer open"),
            ({"parts": ()}, "at least one session"),
            ({"parts": [Part(0, NINE, TWO)]}, "needs a site or an address"),
            ({"starts_on": dt.date(2026, 9, 1)}, "today or later"),
        ],
    )
    def test_what_is_refused(self, world, pupil, site, more, words):
        with pytest.raises(Refused, match=words):
            place(world, pupil, deal(world), terms(world, site, **more))
        assert not Placement.objects.exists()

    def test_nobody_is_placed_without_an_agreement_or_where_a_provider_is_suspended(self, world, site):
        pupil = made_pupil(world)
        with pytest.raises(Refused, match="no agreement to share pupil data"):
            place(world, pupil, deal(world), terms(world, site))
        made_sharing(world)
        Suspension.objects.create(
            buyer=world.larkshire, provider=world.ash_house, cause="safeguarding", reason="Looked into", began_at=AT
        )
        with pytest.raises(Refused, match="suspended"):
            place(world, pupil, deal(world), terms(world, site))
        with pytest.raises(Denied):
            place(world, pupil, deal(world), terms(world, site), by=world.alice)
        type(pupil).objects.filter(pk=pupil.pk).update(purged_at=AT)
        with pytest.raises(Refused, match="no longer used"):
            place(world, pupil, deal(world), terms(world, site))

    def test_above_the_limit_a_budget_holder_has_agreed_on_the_referral(self, world, pupil, site):
        dear = deal(world, pence=90_00)
        with pytest.raises(Refused, match="without a budget holder"):
            place(world, pupil, dear, terms(world, site))
        referral = made_referral(world, pupil=pupil, approved_pence=12_000_00)
        assert list(queries.referrals_for(pupil)) == [referral]
        made = place(world, pupil, replace(dear, referral=referral.pk), terms(world, site))
        assert made.referral == referral
        assert not queries.referrals_for(pupil)
        again = replace(dear, pence=80_00, referral=referral.pk)
        changed = actions.change_outside(
            placement=made, seen=0, deal=again, terms=terms(world, site), by=world.sana, at=AT, today=TODAY
        )
        assert changed.pence == 80_00
        with pytest.raises(Refused, match="a placement already"):
            place(world, pupil, replace(dear, referral=referral.pk), terms(world, site))
        with pytest.raises(Refused, match="not ready"):
            place(world, pupil, replace(dear, referral=999_999), terms(world, site))

    def test_at_the_threshold_a_reason_is_kept(self, world, pupil, site):
        made_spot(world, pupil=pupil, total_pence=552_000_00, starts_on=dt.date(2025, 9, 1))
        with pytest.raises(Refused, match="light touch threshold"):
            place(world, pupil, deal(world), terms(world, site))
        made = place(world, pupil, deal(world, over_reason="A tribunal named it"), terms(world, site))
        assert made.over_reason
        assert Event.objects.get(action="referrals.placement.outside").data["over"] is True


def test_a_suspension_stops_what_is_not_signed_or_started_yet(world, pupil, site):
    made = place(world, pupil, deal(world), terms(world, site))
    agreed = replace(terms(world, site), parts=[Part(1, NINE, TWO, site)])
    waits = place(world, pupil, deal(world, route="legacy", agreed_on=TODAY), agreed)
    Suspension.objects.create(
        buyer=world.larkshire, provider=world.ash_house, cause="safeguarding", reason="Looked into", began_at=AT
    )
    with pytest.raises(Refused, match="suspended"):
        send_for_signature(placement=made, seen=0, by=world.sana, at=AT, today=TODAY)
    made_assurances(world, waits, *Item)
    Cover.objects.create(
        commissioner=world.elm_grove, name="Dana", phone="01632 960100", weekdays=[1], starts=dt.time(8),
        ends=dt.time(18), from_on=TODAY, written_at=AT,
    )  # fmt: skip
    with pytest.raises(Refused, match="suspended"):
        start_placement(placement=waits, by=world.sana, at=AT, today=TODAY)


class TestLegacy:
    def test_what_runs_already_is_live_with_everything_due_in_five_school_days(self, world, pupil, site):
        begun = terms(world, site, starts_on=dt.date(2026, 9, 7))
        made = place(world, pupil, deal(world, route="legacy", agreed_on=dt.date(2026, 7, 1)), begun)
        assert (made.state, made.emergency_by, made.live_at) == ("live", world.sana, AT)
        items = Assurance.objects.filter(placement=made, done=False)
        assert {one.item for one in items} == set(Item)
        assert {one.due_on for one in items} == {dt.date(2026, 9, 21)}
        assert made.agreed_at.date() == dt.date(2026, 7, 1)
        letter = Message.objects.get(to=world.bob.email)
        assert not [one for one in CANARIES if one in letter.subject + letter.body]

    def test_what_is_still_to_start_waits_for_everything(self, world, pupil, site):
        agreed = deal(world, route="legacy", agreed_on=dt.date(2026, 7, 1), pence=500_00)
        made = place(world, pupil, agreed, terms(world, site))
        assert (made.state, made.emergency_at) == ("assurance", None)
        with pytest.raises(Refused, match="somewhere else at the same time"):
            place(world, pupil, agreed, terms(world, site))
        with pytest.raises(Refused, match="when it was agreed"):
            place(world, pupil, replace(agreed, agreed_on=None), terms(world, site))


def test_who_may(world, pupil):
    assert permissions.can_place_outside(world.sana, pupil)
    assert not permissions.can_place_outside(world.eve, pupil)
    assert permissions.can_see_outside(world.fay, world.larkshire)
    assert not permissions.can_see_outside(world.alice, world.ash_house)
    assert permissions.can_import_placements(world.sana, world.elm_grove)
    assert not permissions.can_import_placements(world.alice, world.ash_house)


class TestPages:
    def form(self, world, site, **more):
        sent = {
            "route": "spot", "outside_reason": REASON, "reason": "behaviour", "basis": "early", "unit": "hour",
            "pence": "20", "contracting_party": world.elm_grove.pk, "home_school": world.elm_grove.pk,
            "funder_1": world.elm_grove.pk, "share_1": "100", "weekday_1": "0", "from_1": "9:30am", "to_1": "2:30pm",
            "site_1": site.pk, "weekday_2": "2", "from_2": "9:30am", "to_2": "2:30pm",
            "address_2": "1 Canary Wharf Lane", "revision": "0",
        }  # fmt: skip
        for name, day in (("starts_on", STARTS), ("ends_on", ENDS)):
            sent |= {f"{name}_0": day.day, f"{name}_1": day.month, f"{name}_2": day.year}
        return sent | more

    def test_place_and_change(self, client, world, pupil, site, monkeypatch):
        monkeypatch.setattr("core.clock.now", lambda: AT)
        monkeypatch.setattr("core.clock.today", lambda: TODAY)
        client.force_login(world.sana)
        url = reverse("place_outside", args=[pupil.pk])
        page = client.get(url).content.decode()
        assert "Ash House" in page
        assert "Quillsworth" not in page.split("</title>")[0]
        url = f"{url}?provider={world.ash_house.pk}"
        assert "may be spent without" in client.get(url).content.decode().lower()
        wrong = self.form(world, site, address_1="Somewhere", site_2="", address_2="", pence="0")
        page = client.post(url, wrong).content.decode()
        assert "choose a site or enter an address, not both" in page
        assert "Session 2: select where" in page
        assert "must be more than £0" in page
        late = client.post(url, self.form(world, site, starts_on_0=1, starts_on_1=9)).content.decode()
        assert "choose that it began before the portal" in late
        answer = client.post(url, self.form(world, site))
        made = Placement.objects.get()
        assert answer.url == reverse("placement", args=[made.pk])
        change = reverse("edit_outside", args=[made.pk])
        assert client.get(reverse("edit_placement", args=[made.pk])).url == change
        page = client.get(change).content.decode()
        assert REASON in page
        assert "1 Canary Wharf Lane" in page
        assert client.post(change, self.form(world, site, pence="15")).status_code == 302
        made.refresh_from_db()
        assert (made.pence, made.revision) == (15_00, 1)
        stale = client.post(change, self.form(world, site, pence="16")).content.decode()
        assert "Somebody has changed this placement" in stale
        other = made_placement(world, pupil=pupil, state="draft")
        kept = client.get(reverse("edit_outside", args=[other.pk]))
        assert kept.url == reverse("edit_placement", args=[other.pk])

    def test_a_legacy_one_leads_to_what_is_missing(self, client, world, pupil, site, monkeypatch):
        monkeypatch.setattr("core.clock.now", lambda: AT)
        monkeypatch.setattr("core.clock.today", lambda: TODAY)
        client.force_login(world.sana)
        url = f"{reverse('place_outside', args=[pupil.pk])}?provider={world.ash_house.pk}"
        sent = self.form(
            world, site, route="legacy", starts_on_0=7, starts_on_1=9, agreed_on_0=1, agreed_on_1=7, agreed_on_2=2026,
            pence="5,000",
        )  # fmt: skip
        answer = client.post(url, sent, follow=True)
        made = Placement.objects.get()
        assert answer.redirect_chain[0][0] == reverse("before_start", args=[made.pk])
        page = answer.content.decode()
        assert "due within 5 school days" in page
        assert "of the light touch threshold" in page
        assert client.get(reverse("placement", args=[made.pk])).status_code == 200

    def test_an_agreement_with_a_provider_on_no_framework_is_found_by_its_number(self, client, world, monkeypatch):
        monkeypatch.setattr("core.clock.now", lambda: AT)
        Organisation.objects.filter(pk=world.birch_farm.pk).update(ukprn="10012345")
        client.force_login(world.sana)
        url = reverse("add_sharing_agreement", args=[world.elm_grove.pk])
        sent = {
            "processing": "controller", "purposes": "Teaching", "contact_name": "Dana Data",
            "contact_email": "data@elm-grove.example", "signed_on_0": 20, "signed_on_1": 8, "signed_on_2": 2026,
            "starts_on_0": 1, "starts_on_1": 9, "starts_on_2": 2026,
        }  # fmt: skip
        for number, words in (
            ("", "Choose the provider"),
            ("10099999", "No provider in the portal"),
            ("-", "register"),
        ):
            assert words in client.post(url, sent | {"number": number}).content.decode()
        assert client.post(url, sent | {"number": "1001 2345"}).status_code == 302
        assert list(queries.providers_for(world.elm_grove.pk, TODAY)) == [world.birch_farm]
        places.active(world, places.running(world), "1B")
        both = sent | {"number": "10012345", "provider": world.ash_house.pk}
        assert "not both" in client.post(url, both).content.decode()

    def test_what_is_spent(self, client, world, django_assert_max_num_queries, monkeypatch):
        monkeypatch.setattr("core.clock.today", lambda: TODAY)
        client.force_login(world.sana)
        url = reverse("outside_spend", args=[world.elm_grove.pk])
        assert "Nothing is bought outside a framework" in client.get(url).content.decode()
        pupil = made_pupil(world)
        made_spot(world, pupil=pupil, total_pence=560_000_00, starts_on=dt.date(2025, 9, 1))
        made_spot(world, pupil=pupil, total_pence=1_000_00)
        made_spot(world, pupil=pupil, total_pence=9_999_00, state="cancelled")
        with django_assert_max_num_queries(11):
            page = client.get(url).content.decode()
        for words in ("£673,200", "£1,200", "101%", "Ask procurement", "£663,540"):
            assert words in page
        assert "Quill" not in page
        assert b"<svg" in client.get(reverse("outside_spend_chart", args=[world.elm_grove.pk])).content
        assert client.get(reverse("outside_spend_chart", args=[world.larkshire.pk])).status_code == 404
