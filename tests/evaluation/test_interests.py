"""Interests are declared before the names are known and when they are; each keeps the person away from that bid."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from accounts.states import Role
from audit.models import Event
from evaluation.actions import interests as actions
from evaluation.models import Bid, Conflict, Declaration, Judgement
from evaluation.queries import interests as queries
from evaluation.queries.panel import blocked
from evaluation.rules import interests as rules
from evaluation.states import Source, When
from lots.rules.refusals import Refused
from tests.evaluation.made import bids_of, evaluation, given, preparing
from tests.evaluation.panels import conflict
from tests.frameworks import AT


def met(person) -> set[str]:
    return set(Bid.objects.visible_to(person).values_list("provider_name", flat=True))


def after(made, person, **chosen):
    found = {provider.pk: text for provider, text in chosen.pop("chosen", {}).items()}
    return actions.declare_after(
        evaluation=made, has_interest=bool(found), chosen=found, by=person, at=timezone.now(), **chosen
    )


class TestBefore:
    def test_what_is_named_is_known_by_its_name_and_the_rest_is_kept_in_words(self, world, sign_in):
        made = preparing(world)
        sent = {"has_interest": "yes", "text": "My sister leads it.", "names": "ASH HOUSE LTD\nOak Barn"}

        page = sign_in(world.eve).post(reverse("declare_interests", args=[made.pk]), sent, follow=True)

        assert "You are kept away from Ash House" in page.text
        assert "Nobody is registered in the portal as Oak Barn" in page.text
        assert blocked(world.eve, made) == {world.ash_house.pk}
        stands = queries.declaration_of(world.eve, made, When.BEFORE)
        assert (stands.has_interest, stands.text) == (True, "My sister leads it.\nASH HOUSE LTD\nOak Barn")
        assert Declaration.objects.filter(person=world.eve, moment=When.BEFORE).count() == 2  # the first one stays

    def test_a_later_no_takes_nothing_back(self, world):
        made = preparing(world)
        say = {"evaluation": made, "by": world.eve, "at": timezone.now()}
        actions.declare_before(has_interest=True, text="Shares.", names=["Ash House"], **say)
        actions.declare_before(has_interest=False, text="", names=[], **say)

        assert blocked(world.eve, made) == {world.ash_house.pk}

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({}, "Choose yes or no"),
            ({"has_interest": "yes", "text": "", "names": ""}, "Say what your interest is"),
            ({"has_interest": "no", "names": "Ash House"}, "You said that you have no interest"),
            ({"has_interest": "yes", "names": "\n".join(f"Name {n}" for n in range(51))}, "Name 50 organisations"),
            ({"has_interest": "yes", "names": "x" * 201}, "200 characters or fewer"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_lost(self, world, sign_in, sent, said):
        made = preparing(world)

        page = sign_in(world.eve).post(reverse("declare_interests", args=[made.pk]), sent)

        assert said in page.text
        assert not Conflict.objects.exists()

    def test_strangers_declare_nothing(self, world):
        made = preparing(world)

        with pytest.raises(PermissionDenied):
            actions.declare_before(
                evaluation=made, has_interest=False, text="", names=[], by=world.ines, at=timezone.now()
            )


class TestAfter:
    def test_the_page_shows_names_and_nothing_else_and_a_tick_keeps_away(self, world, sign_in):
        made = evaluation(world)
        Declaration.objects.filter(person=world.eve, moment=When.AFTER).delete()
        client, address = sign_in(world.eve), reverse("declare_bidders", args=[made.pk])
        assert met(world.eve) == set()
        assert "declared your interests" in client.get(reverse("bids", args=[made.pk])).text
        page = client.get(address).text
        assert ("Ash House" in page, "Birch Farm" in page, "Vocational" in page, "TEST-" in page) == (
            True, True, False, False
        )  # fmt: skip

        name = f"bidder_{world.ash_house.pk}"
        page = client.post(address, {"has_interest": "yes", name: "on"}).text
        assert "Say what your interest in Ash House is" in page
        assert "Select the bidders" in client.post(address, {"has_interest": "yes"}).text
        client.post(
            address, {"has_interest": "yes", name: "on", f"text_{world.ash_house.pk}": "My sister."}, follow=True
        )

        assert met(world.eve) == {"Birch Farm"}
        assert client.get(reverse("bid", args=[made.bids.get(provider=world.ash_house).pk])).status_code == 404
        listed = client.get(reverse("bids", args=[made.pk])).text
        assert ("Birch Farm" in listed, "Ash House" in listed) == (True, False)
        assert "No bid matches" in client.get(reverse("bids", args=[made.pk]), {"words": "Ash House"}).text
        record = client.get(reverse("opening", args=[made.pk])).text
        assert ("Ash House" in record, "1 submission is not shown to you" in record) == (False, True)

    def test_names_come_after_the_first_declaration_and_after_the_opening(self, world, sign_in):
        made = evaluation(world, count=1, read=False)
        Declaration.objects.filter(person=world.eve).delete()
        client = sign_in(world.eve)

        page = client.get(reverse("declare_bidders", args=[made.pk]), follow=True)

        assert page.redirect_chain[0][0] == reverse("declare_interests", args=[made.pk])
        assert "Ash House" not in page.text
        with pytest.raises(Refused, match="without the names first"):
            after(made, world.eve)
        with pytest.raises(Refused, match="not known yet"):
            after(preparing(world), world.tom)

    def test_whoever_runs_it_declares_too(self, world):
        made = evaluation(world, count=1, read=False)
        Declaration.objects.filter(person=world.max, moment=When.AFTER).delete()

        assert met(world.max) == set()
        after(made, world.max)
        assert met(world.max) == {"Ash House"}

    def test_the_portal_finds_what_was_not_said(self, world):
        """Eve taught at Ash House once, and named Birch Farm before."""
        made = evaluation(world, count=2, read=False)
        Membership.objects.create(
            user=world.eve, organisation=world.ash_house, role=Role.PROVIDER_STAFF, given_at=AT, ended_at=AT
        )
        Declaration.objects.filter(person=world.eve, moment=When.BEFORE).update(text="A cousin at birch farm.")

        assert after(made, world.eve) == {world.ash_house.pk, world.birch_farm.pk}
        assert after(made, world.eve) == set()
        assert set(Conflict.objects.values_list("source", "text")) == {
            (Source.FOUND, rules.HELD_A_ROLE),
            (Source.FOUND, rules.NAMED_IT),
        }
        assert met(world.eve) == set()

    def test_declaring_again_adds_words_and_takes_nothing_back(self, world):
        made = evaluation(world, count=1, read=False)
        after(made, world.eve, chosen={world.ash_house: "Shares."})
        after(made, world.eve, chosen={world.ash_house: "A loan too."})
        after(made, world.eve)

        assert Conflict.objects.get().text == "Shares.\n\nA loan too."
        assert Declaration.objects.filter(person=world.eve, moment=When.AFTER, replaced_at=None).count() == 1

    def test_decisions_that_are_not_settled_go_to_somebody_else(self, world):
        made = evaluation(world, count=2, read=False)
        given(made, world)

        after(made, world.eve, chosen={world.ash_house: "My sister."})

        ended = Judgement.objects.exclude(ended_at=None)
        assert set(ended.values_list("person", "bid__provider")) == {(world.eve.pk, world.ash_house.pk)}
        assert ended.count() == 2


class TestReporting:
    def test_somebody_else_is_kept_away_at_once(self, world, sign_in):
        made = evaluation(world, count=2, read=False)
        sent = {"person": world.tom.pk, "provider": world.ash_house.pk, "text": "He coaches there."}

        sign_in(world.eve).post(reverse("report_interest", args=[made.pk]), sent)

        assert met(world.tom) == {"Birch Farm"}
        row = Conflict.objects.get()
        assert (row.person, row.noted_by, row.source) == (world.tom, world.eve, Source.REPORTED)
        event = Event.objects.get(action="evaluation.conflict.reported")
        assert event.data == {"person": world.tom.pk}

    def test_before_the_opening_by_name(self, world, sign_in):
        made, client = preparing(world), sign_in(world.eve)
        address, sent = (
            reverse("report_interest", args=[made.pk]),
            {"person": world.tom.pk, "text": "He coaches there."},
        )

        assert "Nobody is registered in the portal by this name" in client.post(address, sent | {"named": "Oak"}).text
        client.post(address, sent | {"named": "ash house"})

        assert blocked(world.tom, made) == {world.ash_house.pk}

    def test_names_are_not_shown_to_somebody_who_has_yet_to_declare(self, world, sign_in):
        made = evaluation(world, count=1, read=False)
        Declaration.objects.filter(moment=When.AFTER).delete()
        conflict(made, world.tom, world.ash_house)

        pages = [
            sign_in(world.max).get(reverse(name, args=[pk]), follow=True).text.split("<main")[1]
            for name, pk in (("interests", made.pk), ("opening", made.pk), ("bids", made.pk))
        ]

        assert all("Ash House" not in page for page in pages)
        for name, pk in (("report_interest", made.pk), ("mitigate_interest", Conflict.objects.get().pk)):
            answer = sign_in(world.max).get(reverse(name, args=[pk]))
            assert answer.url == reverse("declare_bidders", args=[made.pk])

    @pytest.mark.parametrize(
        ("person", "provider", "text", "said"),
        [
            ("eve", "ash_house", "Mine.", "declare your own"),
            ("tom", "elm_grove", "His.", "one of the bidders"),
            ("ines", "ash_house", "Hers.", "takes part"),
            ("tom", "ash_house", "", "Say what the interest is"),
        ],
    )
    def test_what_is_refused(self, world, person, provider, text, said):
        made = evaluation(world, count=1, read=False)

        with pytest.raises(Refused, match=said):
            actions.report(
                evaluation=made,
                person=world.people[person],
                provider=world.organisations[provider].pk,
                text=text,
                by=world.eve,
                at=timezone.now(),
            )


class TestDeciding:
    def test_somebody_else_decides_with_a_reason_and_the_bid_is_met_again(self, world, sign_in):
        made = evaluation(world, count=1, read=False)
        row = conflict(made, world.eve, world.ash_house)
        client = sign_in(world.ada)
        assert "My sister works there." in client.get(reverse("interests", args=[made.pk])).text
        address = reverse("mitigate_interest", args=[row.pk])
        assert "Say what was done" in client.post(address, {"reason": ""}).text

        client.post(address, {"reason": "She left in 2019."})

        assert met(world.eve) == {"Ash House"}
        row.refresh_from_db()
        assert (row.mitigated_by, row.mitigation) == (world.ada, "She left in 2019.")
        assert "decided already" in client.post(address, {"reason": "Again."}).text
        assert "She left in 2019." in client.get(reverse("interests", args=[made.pk])).text
        assert "You may see it" in sign_in(world.eve).get(reverse("declare_bidders", args=[made.pk])).text

    def test_nobody_decides_about_their_own(self, world):
        made = evaluation(world, count=1, read=False)
        row = conflict(made, world.max, world.ash_house)

        with pytest.raises(Refused, match="your own interest"):
            actions.mitigate(conflict=row, reason="It is fine.", by=world.max, at=timezone.now())
        with pytest.raises(PermissionDenied):
            actions.mitigate(conflict=row, reason="It is fine.", by=world.fay, at=timezone.now())

    def test_what_was_decided_stays_until_something_new_is_said(self, world):
        made = evaluation(world, count=1, read=False)
        conflict(made, world.eve, world.ash_house, mitigation="Sold.", mitigated_at=AT, mitigated_by=world.ada)

        assert after(made, world.eve, chosen={world.ash_house: "My sister works there."}) == set()
        assert after(made, world.eve, chosen={world.ash_house: "And my brother."}) == {world.ash_house.pk}
        assert Conflict.objects.count() == 2


def test_no_event_names_a_bidder(world):
    made = evaluation(world, count=2, read=False)
    provider = bids_of(made)[0].provider
    after(made, world.eve, chosen={provider: "My sister."})

    for event in Event.objects.filter(action__startswith="evaluation."):
        assert provider.pk not in event.data.values()
        assert provider.name not in str(event.data)
