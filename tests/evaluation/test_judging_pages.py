"""The queue and the verdict on their pages: one after another, nothing lost, nothing changed once it is locked."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from evaluation.models import Bid, Judgement
from evaluation.states import BidState, Outcome
from lots.states import Evaluators, QualityScope
from providers.models import ItemVersion
from tests.evaluation.judging import WHY, asked, conflicts, decide, give_out, policy
from tests.evaluation.made import DAY, evaluation, given
from tests.frameworks import AT


class TestThePages:
    @pytest.fixture
    def made(self, world):
        made = evaluation(world)
        given(made, world)
        return made

    @pytest.fixture
    def eve(self, world, sign_in):
        return sign_in(world.eve)

    def mine(self, world, number: int = 1, standard: str = "1.2") -> Judgement:
        return Judgement.objects.get(person=world.eve, bid__number=number, standard__number=standard)

    def page(self, judgement) -> str:
        return reverse("judgement", args=[judgement.pk])

    def send(self, client, judgement, button: str = "lock", **fields):
        row = Judgement.objects.get(pk=judgement.pk)
        typed = {"outcome": "pass", "reason": WHY, "pages": "2", "version": "", "revision": str(row.revision)}
        return client.post(self.page(judgement), typed | {button: "x"} | fields)

    def test_next_for_me_goes_from_one_to_the_next_and_past_what_waits(self, world, made, eve):
        first, second, third, fourth = Judgement.objects.filter(person=world.eve).order_by("position")
        asked(second, world.eve, due_at=timezone.now() + DAY)
        start = reverse("next_judgement", args=[made.pk])

        assert eve.get(start).url == self.page(first)
        assert self.send(eve, first).url == self.page(third)
        assert eve.get(f"{start}?after={fourth.position}").url == self.page(third)
        self.send(eve, third)
        assert self.send(eve, fourth).url == reverse("my_judgements", args=[made.pk])
        assert "nothing for you to judge" in str(list(get_messages(eve.get(start).wsgi_request))[-1])

    def test_the_queue_in_its_states(self, world, made, eve):
        first, second, *_ = Judgement.objects.filter(person=world.eve).order_by("position")
        decide(first)
        asked(second, world.eve, due_at=timezone.now() + DAY)
        address = reverse("my_judgements", args=[made.pk])
        theme = first.standard.theme_id

        shown = {
            query: eve.get(f"{address}?{query}").context["page"].count
            for query in ("", "show=waiting", "show=locked", f"theme={theme}", "theme=999999", "show=x")
        }

        assert shown == {
            "": 2,
            "show=waiting": 1,
            "show=locked": 1,
            f"theme={theme}": 2,
            "theme=999999": 2,
            "show=x": 2,
        }

    def test_a_verdict_has_what_it_needs_beside_it(self, world, made, eve):
        page = eve.get(self.page(self.mine(world)))

        text = page.content.decode()
        for words in ("We meet standard 1.2.", "What good looks like", "Ash House", "Safeguarding policy"):
            assert words in text
        [paper] = ItemVersion.objects.filter(item__provider=world.ash_house)
        assert page.context["form"].fields["version"].choices == [
            ("", "None of them"),
            (paper.pk, "Safeguarding policy"),
        ]

    def test_ask_the_bidder_saves_and_leads_to_the_question(self, world, made, eve):
        mine = self.mine(world)

        answer = self.send(eve, mine, outcome="clarify", reason="")

        assert answer.url == reverse("ask_bidder", args=[mine.pk])
        assert Judgement.objects.get(pk=mine.pk).outcome == Outcome.CLARIFY
        asked(mine, world.eve, due_at=timezone.now() + DAY)
        assert self.send(eve, mine, outcome="clarify", reason="").url == self.page(mine)

    def test_what_is_wrong_is_said_and_nothing_is_lost(self, world, made, eve):
        page = self.send(eve, self.mine(world), outcome="", reason="Typed for an hour")

        assert page.context["form"].errors == {
            "outcome": ["Choose pass, fail or does not apply before you lock your judgement"]
        }
        assert "Typed for an hour" in page.content.decode()

    def test_two_windows_show_both_and_the_second_can_be_saved(self, world, made, eve):
        mine = self.mine(world)
        self.send(eve, mine, "save", reason="In one window")

        page = self.send(eve, mine, "save", reason="In the other", revision="0")

        text = page.content.decode()
        assert (page.status_code, "In one window" in text, "In the other" in text) == (409, True, True)
        again = page.context["form"]["revision"].value()
        assert self.send(eve, mine, "save", reason="In the other", revision=again).status_code == 302

    def test_locked_it_is_read_and_what_came_too_late_is_shown(self, world, made, eve):
        mine = self.mine(world)
        self.send(eve, mine)

        page = eve.get(self.page(mine))
        late = self.send(eve, mine, outcome="fail", reason="Changed my mind")

        assert (page.context["form"], "It cannot be changed" in page.content.decode()) == (None, True)
        assert (late.status_code, "Changed my mind" in late.content.decode()) == (409, True)

    def test_a_bid_that_is_out_is_read_alone(self, world, made, eve):
        mine = self.mine(world)
        self.send(eve, mine, "save", reason="A draft")
        Bid.objects.filter(pk=mine.bid_id).update(state=BidState.WITHDRAWN, state_at=AT)

        page = eve.get(self.page(mine)).content.decode()
        late = self.send(eve, mine, reason="More")

        assert "not judged any more: withdrawn" in page
        assert "A draft" in page
        assert (late.status_code, "More" in late.content.decode()) == (409, True)

    def test_a_bid_that_cannot_be_read(self, world, sign_in):
        made = evaluation(world, count=1, read=False)
        given(made, world)

        page = sign_in(world.eve).get(self.page(self.mine(world)))

        assert "This bid cannot be read" in page.content.decode()

    def test_for_one_lot(self, world, sign_in):
        made = evaluation(world, count=1)
        policy(made, quality=QualityScope.LOT, evaluators=Evaluators.TWO)
        give_out(made, world)

        page = sign_in(world.eve).get(self.page(self.mine(world)))

        assert "bid 1, lot 1" in page.content.decode()

    def test_giving_out(self, world, sign_in):
        made = evaluation(world)
        client, address = sign_in(world.max), reverse("give_out_judging", args=[made.pk])

        before = client.get(address).content.decode()
        answer = client.post(address)

        assert "Would get" in before
        assert (answer.url, Judgement.objects.count()) == (reverse("progress", args=[made.pk]), 8)
        conflicts(made, world, "eve", world.ash_house)
        Judgement.objects.all().delete()
        refused = client.post(address).content.decode()
        assert "1.1 (bid 1); 1.2 (bid 1)" in refused
