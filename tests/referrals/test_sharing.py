"""Agreements to share data: how they stand, who writes and reads them, what ends with them, who is told."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from core import access, clock
from core.access import Denied
from files.models import File
from lots.rules.refusals import Refused
from outbox.models import Message
from referrals import tasks
from referrals.actions import sharing as actions
from referrals.models import Disclosure, SharingAgreement
from referrals.permissions import sharing as permissions
from referrals.queries import sharing as queries
from referrals.queries.known import under_agreement
from referrals.rules import sharing as rules
from referrals.rules.sharing import Standing
from referrals.states import Processing
from tests.files.made import docm, pdf, upload
from tests.referrals.made import AT, CANARIES, TODAY, made_place, made_sharing, whole_story

DAY = dt.timedelta(days=1)


def day(name: str, value: dt.date | None) -> dict:
    parts = (value.day, value.month, value.year) if value else ("", "", "")
    return {f"{name}_{number}": str(part) for number, part in enumerate(parts)}


def sent(world, **fields) -> dict:
    today = clock.today()
    return {
        "provider": str(world.ash_house.pk),
        "processing": "controller",
        "reference": "DSA 14",
        "purposes": "Teaching the pupils that are placed",
        "contact_name": "Dana Data",
        "contact_email": "data@elm-grove.example",
        **day("signed_on", fields.pop("signed_on", today - DAY)),
        **day("starts_on", fields.pop("starts_on", today)),
        **day("ends_on", fields.pop("ends_on", None)),
    } | fields


def facts(**fields) -> dict:
    return {
        "processing": Processing.CONTROLLER,
        "reference": "",
        "purposes": "Teaching",
        "contact_name": "Dana",
        "contact_email": "data@elm-grove.example",
        "signed_on": TODAY,
        "starts_on": TODAY,
        "ends_on": None,
    } | fields


def letters(start: str) -> list[tuple[str, str]]:
    """(to, body) of letters whose key begins so."""
    return sorted(Message.objects.filter(key__startswith=start).values_list("to", "body"))


@pytest.mark.parametrize(
    ("starts", "ends", "ended", "stands"),
    [
        (0, None, False, Standing.IN_FORCE),
        (-1, 0, False, Standing.SOON),
        (-1, 90, False, Standing.SOON),
        (-1, 91, False, Standing.IN_FORCE),
        (1, None, False, Standing.NOT_YET),
        (-9, -1, False, Standing.RUN_OUT),
        (-9, None, True, Standing.ENDED),
    ],
)
def test_how_an_agreement_stands(starts, ends, ended, stands):
    ends_on = None if ends is None else TODAY + ends * DAY

    found = rules.standing(starts_on=TODAY + starts * DAY, ends_on=ends_on, ended=ended, today=TODAY)

    assert found == stands
    assert found.lets_share == (stands in {Standing.IN_FORCE, Standing.SOON})


@pytest.mark.parametrize(
    ("signed", "starts", "ends", "field"),
    [(1, 1, None, "signed_on"), (0, -1, None, "starts_on"), (-9, 0, -1, "ends_on"), (-9, -9, -1, "ends_on")],
)
def test_days_that_no_agreement_has(signed, starts, ends, field):
    ends_on = None if ends is None else TODAY + ends * DAY

    with pytest.raises(Refused) as refusal:
        rules.check_days(signed_on=TODAY + signed * DAY, starts_on=TODAY + starts * DAY, ends_on=ends_on, today=TODAY)

    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("left", "told"), [(91, None), (90, 90), (61, 90), (60, 60), (8, 30), (7, 7), (1, 7), (0, 0), (-14, 0), (-15, None)]
)
def test_when_somebody_is_told_that_it_ends(left, told):
    assert rules.days_told(TODAY + left * DAY, TODAY) == told


def test_which_agreement_lets_identity_be_given(world):
    ours = {"commissioner": world.elm_grove, "provider": world.ash_house}

    def in_force(on=TODAY, **asked):
        return queries.in_force(*(ours | asked).values(), on)

    assert in_force() is None
    first = made_sharing(world, starts_on=TODAY, ends_on=TODAY)
    last = made_sharing(world, starts_on=TODAY, ends_on=TODAY + 9 * DAY)
    assert [in_force(TODAY - DAY), in_force(), in_force(TODAY + 9 * DAY), in_force(TODAY + 10 * DAY)] == [
        None, last, last, None,
    ]  # fmt: skip
    SharingAgreement.objects.filter(pk=last.pk).update(ended_at=AT)
    assert in_force() == first
    assert in_force(provider=world.birch_farm) is in_force(commissioner=world.oak_trust) is None
    with transaction.atomic():
        assert queries.in_force(world.elm_grove.pk, world.ash_house.pk, TODAY, locked=True) == first


class TestWriting:
    def test_sana_writes_one_down_and_both_sides_read_it(self, world, sign_in):
        made_place(world)
        client, address = sign_in(world.sana), reverse("add_sharing_agreement", args=[world.elm_grove.pk])

        answer = client.post(address, sent(world, file=upload(pdf("Agreement"), "agreement.pdf")))

        made = SharingAgreement.objects.get()
        assert answer.status_code == 302
        assert [made.provider, made.file.organisation] == [world.ash_house, world.elm_grove]
        for reader in (world.sana, world.alice, world.bob):
            there = sign_in(reader)
            page = there.get(reverse("sharing_agreement", args=[made.pk])).text
            assert "Teaching the pupils that are placed" in page
            assert ("End this agreement" in page) == (reader == world.sana)
            file = there.get(reverse("sharing_agreement_file", args=[made.pk]))
            assert "agreement.pdf" in file["Content-Disposition"]
            assert b"".join(file.streaming_content).startswith(b"%PDF")
        assert [to for to, _ in letters("sharing-added")] == [world.alice.email]
        event = Event.objects.get(action="referrals.sharing.added")
        assert event.data == {"provider": world.ash_house.pk, "processing": "controller"}

    def test_what_is_wrong_is_said_and_nothing_is_lost(self, world, sign_in):
        made_place(world)
        client, address = sign_in(world.sana), reverse("add_sharing_agreement", args=[world.elm_grove.pk])

        empty = client.post(address, {}).text
        early = client.post(address, sent(world, signed_on=clock.today() + DAY, file=upload(pdf(), "a.pdf"))).text
        word = client.post(address, sent(world, file=upload(docm(), "a.docm"))).text
        bad = client.post(address, sent(world, contact_email="nobody", file=upload(pdf(), "a.pdf"))).text
        stranger = client.post(address, sent(world, provider=str(world.birch_farm.pk))).text

        assert "Choose the provider" in empty
        assert "Enter what the provider may use the data for" in empty
        assert "once both have signed it" in early
        assert "DSA 14" in early
        assert "Choose the file again" in early
        assert "There is a problem" in word
        assert "like name@example.com" in bad
        assert "Choose the file again" in bad
        assert "Choose a provider from the list" in stranger
        again = client.post(address, sent(world, ends_on=clock.today() - DAY)).text
        assert "The last day must be the first day or one after it" in again
        assert SharingAgreement.objects.count() == File.objects.count() == 0

    def test_twice_is_harmless_and_a_picture_is_no_agreement(self, world, sign_in):
        made_place(world)

        def add(kept=None, provider=world.ash_house, **fields):
            return actions.add_agreement(
                organisation=world.elm_grove, provider_id=provider.pk, values=facts(**fields), kept=kept, by=world.sana,
                at=AT,
            )  # fmt: skip

        made = add()
        with pytest.raises(Refused, match="written down already"):
            add()
        address = reverse("sharing_agreement_file", args=[made.pk])
        assert sign_in(world.sana).get(address).status_code == 404
        with pytest.raises(Refused, match="Choose a provider"):
            add(provider=world.birch_farm)

        class Picture:
            kind = "png"

        with pytest.raises(Refused, match="as a PDF"):
            add(kept=Picture(), reference="Another")
        assert SharingAgreement.objects.count() == 1

    def test_who_writes(self, world):
        def writers(organisation):
            return {name for name, who in world.people.items() if permissions.can_write_sharing(who, organisation)}

        assert writers(world.elm_grove) == {"sana"}
        assert writers(world.larkshire) == {"ada", "eve"}
        assert writers(world.oak_trust) == {"tariq"}
        assert writers(world.ash_house) == set()

    def test_a_fault_keeps_no_file(self, world, sign_in, monkeypatch):
        made_place(world)
        forgotten = []
        monkeypatch.setattr("referrals.views.sharing.store.forget", forgotten.append)
        monkeypatch.setattr("referrals.actions.sharing.sharing.tell_added", lambda **given: 1 / 0)

        with pytest.raises(ZeroDivisionError):
            sign_in(world.sana).post(
                reverse("add_sharing_agreement", args=[world.elm_grove.pk]),
                sent(world, file=upload(pdf("Agreement"), "agreement.pdf")),
            )

        assert len(forgotten) == 1
        assert SharingAgreement.objects.count() == File.objects.count() == 0


class TestEnding:
    def test_whoever_knows_a_pupil_under_it_stops_at_once(self, world, sign_in):
        story = whole_story(world)
        client, address = sign_in(world.sana), reverse("end_sharing_agreement", args=[story.agreement_id])
        assert "knows the pupil of 1 of your referrals" in client.get(address).text
        assert Disclosure.objects.visible_to(world.bob).exists()
        assert "Say why it ends" in client.post(address, {"reason": ""}).text

        page = client.post(address, {"reason": "The provider was sold"}, follow=True).text

        assert "no longer knows the pupil: 1" in page
        assert "The provider was sold" in page
        assert not Disclosure.objects.visible_to(world.bob).exists()
        assert queries.in_force(world.elm_grove, world.ash_house, clock.today()) is None
        told = letters("sharing-ended")
        assert [to for to, _ in told] == [world.alice.email, world.sana.email]
        assert ["1 referral" in body for _, body in told] == [False, True]
        assert [canary for _, body in told for canary in (*CANARIES, "sold") if canary in body] == []
        assert "was ended already" in client.post(address, {"reason": "Again"}).text
        event = Event.objects.get(action="referrals.sharing.ended")
        assert event.data == {"provider": world.ash_house.pk, "referrals": 1}

    def test_while_another_is_in_force_the_pupils_stay_known(self, world, sign_in):
        story = whole_story(world)
        later = made_sharing(world, starts_on=AT.date())
        address = reverse("end_sharing_agreement", args=[story.agreement_id])
        assert "goes on knowing the pupils" in sign_in(world.sana).get(address).text

        first = actions.end_agreement(agreement=story.agreement, reason="Signed anew", by=world.sana, at=AT)

        assert first == 0
        assert list(under_agreement(Disclosure.objects.all(), TODAY)) == [story]
        assert actions.end_agreement(agreement=later, reason="Over", by=world.sana, at=AT) == 1
        assert not Disclosure.objects.in_force().exists()

    def test_one_that_follows_takes_over_when_the_first_runs_out(self, world):
        story = whole_story(world)
        SharingAgreement.objects.update(ends_on=TODAY)
        rows = Disclosure.objects.all()
        assert [under_agreement(rows, day).exists() for day in (TODAY, TODAY + DAY)] == [True, False]

        made_sharing(world, starts_on=TODAY + DAY)

        assert list(under_agreement(rows, TODAY + DAY)) == [story]

    def test_the_provider_does_not_end_it(self, world):
        with pytest.raises(Denied):
            actions.end_agreement(agreement=made_sharing(world), reason="No", by=world.alice, at=AT)

    def test_the_database_keeps_the_days_in_order(self, world):
        with pytest.raises(IntegrityError), transaction.atomic():
            made_sharing(world, starts_on=TODAY, ends_on=TODAY - DAY)


class TestList:
    def test_both_sides_see_their_own_and_how_each_stands(self, world, sign_in):
        today = clock.today()
        made_sharing(world, starts_on=today - 9 * DAY, ends_on=today - DAY)
        made_sharing(world, commissioner=world.larkshire, starts_on=today, ends_on=today + 5 * DAY)
        made_sharing(world, commissioner=world.larkshire, provider=world.birch_farm, starts_on=today + DAY)
        address = "sharing_agreements"

        school = sign_in(world.sana).get(reverse(address, args=[world.elm_grove.pk])).text
        council = sign_in(world.fay).get(reverse(address, args=[world.larkshire.pk])).text
        provider = sign_in(world.bob).get(reverse(address, args=[world.ash_house.pk])).text

        assert "Has run out" in school
        assert "Write an agreement down" in school
        assert "Birch Farm" not in school
        assert "Ends soon" in council
        assert "Not yet in force" in council
        assert "Write an agreement down" not in council
        assert "Elm Grove School" in provider
        assert "Larkshire Council" in provider
        assert "Birch Farm" not in provider

    def test_it_costs_the_same_for_one_and_for_three(self, world, sign_in):
        client, address = sign_in(world.eve), reverse("sharing_agreements", args=[world.larkshire.pk])
        client.get(address)
        costs = []
        for count in (1, 2):
            for number in range(count):
                made_sharing(world, commissioner=world.larkshire, reference=f"{count}-{number}")
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            costs.append(len(asked))

        assert costs[0] == costs[1] <= 8


class TestWatch:
    def tell(self, on):
        return actions.tell_of_sharing(by=access.System(permissions.WATCH), at=AT, today=on)

    def test_both_sides_are_told_once_for_each_threshold(self, world):
        made_sharing(world, ends_on=TODAY + 90 * DAY)

        told = [self.tell(TODAY + days * DAY) for days in (-1, 0, 0, 1, 30, 60, 83, 90, 91, 104, 105)]

        assert told == [0, 2, 0, 0, 2, 2, 2, 2, 0, 0, 0]
        assert {to for to, _ in letters("sharing-ends")} == {world.sana.email, world.alice.email}
        assert "ends on 13 December 2026" in letters("sharing-ends")[0][1]
        assert Event.objects.filter(action="referrals.sharing.told").count() == 5

    def test_what_was_missed_is_told_after_the_last_day_as_run_out(self, world):
        made_sharing(world, ends_on=TODAY - DAY)

        assert self.tell(TODAY) == 2
        assert "ran out on" in letters("sharing-ends")[0][1]

    @pytest.mark.parametrize(("starts", "told"), [(10, 0), (11, 0), (12, 2)])
    def test_one_that_another_follows_without_a_gap_is_not_told(self, world, starts, told):
        made_sharing(world, ends_on=TODAY + 10 * DAY)
        made_sharing(world, starts_on=TODAY + starts * DAY)
        made_sharing(world, provider=world.birch_farm, starts_on=TODAY)

        assert self.tell(TODAY) == told

    def test_the_task_comes_every_hour_and_nobody_else_may(self, world):
        made_sharing(world, ends_on=clock.today())
        tasks.tell_of_sharing()
        tasks.tell_of_sharing()

        assert len(letters("sharing-ends")) == 2
        with pytest.raises(Denied):
            actions.tell_of_sharing(by=world.olu, at=AT, today=TODAY)
