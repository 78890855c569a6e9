"""Pages of the price check: what somebody reads there, who is not named to whom, and what stays typed."""

from __future__ import annotations

import re

import pytest
from django.core import management
from django.urls import reverse

from evaluation.models import Bid, Conflict, Correction, LowEnquiry, PriceOpening
from evaluation.queries import gate as queries
from evaluation.queries import price_pages
from evaluation.rules import connected
from evaluation.states import RunState, Stage
from evaluation.views import gate as views
from evaluation.work import pictures
from evaluation.work import prices as work
from jobs.models import Job
from tests.evaluation import pricing
from tests.evaluation.further import frozen
from tests.evaluation.made import AT, bids_of, evaluation
from tests.evaluation.pricing import ask, ask_run, decide, opened, price_of, propose, sign, when


def text_of(response) -> str:
    """What is read, with single spaces."""
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def test_from_the_freeze_to_the_signature_by_pages_alone(world, sign_in):
    made = frozen(evaluation(world, count=4, prices=[4000, 4200, 4500, 6000]), world).evaluation
    maxs, fays = sign_in(world.max), sign_in(world.fay)

    assert "Quality was frozen" in text_of(maxs.get(reverse("open_prices", args=[made.pk])))
    answer = maxs.post(reverse("open_prices", args=[made.pk]), follow=True)
    assert "The prices are open" in text_of(answer)
    assert maxs.get(reverse("open_prices", args=[made.pk])).status_code == 302
    answer = maxs.post(reverse("ask_run", args=[made.pk]), follow=True)

    run = queries.latest_run(made)
    said = text_of(answer)
    assert "4 compared, 1 not within a limit" in said
    assert "£46.7500 exactly 187/4 £56.10 3 1" in said
    assert "Margin: 30% Provider 004 (Lot 1, part B; Lot 1, part C) Nobody" in said
    assert run.state == RunState.DONE
    assert maxs.get(reverse("sign_run", args=[run.pk])).status_code == 200
    answer = fays.post(reverse("sign_run", args=[run.pk]), follow=True)
    assert "You have signed the price check" in text_of(answer)
    again = text_of(fays.post(reverse("check_run_again", args=[run.pk])))
    assert "Worked out again: the same, to the last price" in again
    assert fays.get(reverse("sign_run", args=[run.pk])).status_code == 302


def test_many_prices_are_left_to_a_task_with_its_page(world, sign_in, monkeypatch):
    made, told = opened(world), []
    monkeypatch.setattr(work, "SMALL", 3)
    monkeypatch.setattr(views, "start_soon", lambda: told.append(True))
    maxs = sign_in(world.max)

    answer = maxs.post(reverse("ask_run", args=[made.pk]), follow=True)

    assert (told, "The prices are being checked" in text_of(answer)) == ([True], True)
    assert "The prices are being checked" in text_of(maxs.get(reverse("price_check", args=[made.pk])))
    management.call_command("run_jobs")
    run = queries.latest_run(made)
    assert "4 compared" in text_of(maxs.get(reverse("run", args=[run.pk])))
    assert maxs.get(reverse("job", args=[Job.objects.get().pk])).status_code == 200


def test_each_reason_to_refuse_is_said_on_the_page_and_nothing_typed_is_lost(world, sign_in):
    made = opened(world, prices=pricing.LOW)
    maxs, fays = sign_in(world.max), sign_in(world.fay)
    page = reverse("ask_run", args=[made.pk])
    assert "1 unusually low price has no decision yet" in text_of(maxs.get(page))
    assert "1 unusually low price has no decision yet" in text_of(maxs.post(page))

    enquiry = ask(made, world.max, at=when(made))
    page = reverse("low_price", args=[enquiry.pk])
    answer = text_of(fays.post(page, {"decision": "keep", "reason": "A long thought."}))
    assert "The bidder can still answer" in answer
    assert "A long thought." in answer
    assert maxs.post(page, {"decision": "keep", "reason": "x"}).status_code == 403

    enquiry = decide(LowEnquiry.objects.get(), world.fay)
    run = ask_run(made, world.max)
    answer = text_of(fays.post(reverse("sign_run", args=[run.pk]), {"seen": []}))
    assert "Confirm that you have seen each point" in answer
    sign(run, world.fay)
    assert "Check 1 was signed. It will count no longer" in text_of(maxs.get(reverse("ask_run", args=[made.pk])))
    assert "Say why the prices are checked again" in text_of(maxs.post(reverse("ask_run", args=[made.pk])))
    assert "It is at “Price check signed”" in text_of(maxs.post(reverse("open_prices", args=[made.pk])))


def test_the_bidder_reads_and_answers_on_its_page(world, sign_in):
    made = opened(world, prices=pricing.LOW)
    enquiry = ask(made, world.max, at=when(made))
    page, alices = reverse("answer_low_price", args=[enquiry.pk]), sign_in(world.alice)

    assert "£10.00" in text_of(alices.get(page))
    assert "Enter your answer" in text_of(alices.post(page, {"text": ""}))
    assert "Your answer was sent" in text_of(alices.post(page, {"text": "Our hall is free."}, follow=True))
    late = text_of(alices.post(page, {"text": "And one thing more."}))
    assert "answered already" in late
    assert "And one thing more." in late
    assert sign_in(world.charlie).get(page).status_code == 404

    said = text_of(sign_in(world.fay).get(reverse("low_price", args=[enquiry.pk])))
    assert "Our hall is free." in said


def test_asking_correcting_and_approving_by_pages(world, sign_in):
    made = opened(world, prices=pricing.LOW)
    bid, price = price_of(made, 1)
    maxs, fays = sign_in(world.max), sign_in(world.fay)
    asked = reverse("ask_low_price", args=[bid.pk, price.pk])

    assert maxs.get(reverse("ask_low_price", args=[bid.pk, price.pk + 10**6])).status_code == 404
    assert maxs.get(reverse("propose_correction", args=[bid.pk, price.pk + 10**6])).status_code == 404
    assert maxs.post(asked, {"text": "How?"}).status_code == 302
    assert maxs.get(asked).url == reverse("low_price", args=[LowEnquiry.objects.get().pk])
    typed = {"becomes": "47", "reason": "The point slipped.", "consent": "By email."}
    page = reverse("propose_correction", args=[bid.pk, price.pk])
    assert "The point slipped." in text_of(maxs.post(page, typed | {"becomes": "1e3"}))
    assert maxs.post(page, typed).status_code == 302

    correction = reverse("correction", args=[Correction.objects.get().pk])
    assert "£10.00 becomes £47.00" in text_of(maxs.get(reverse("price_check", args=[made.pk])))
    assert maxs.post(correction).status_code == 403
    assert "The price is corrected" in text_of(fays.post(correction, follow=True))
    assert "approved or dropped meanwhile" in text_of(fays.post(correction, follow=True))
    drop = reverse("drop_correction", args=[Correction.objects.get().pk])
    assert "approved or dropped meanwhile" in text_of(maxs.post(drop, follow=True))
    second = propose(made, world.max, 2, becomes=4600)
    assert "The correction was dropped" in text_of(maxs.post(reverse("drop_correction", args=[second.pk]), follow=True))
    assert "was £10.00" in text_of(maxs.get(reverse("bid_prices", args=[bid.pk])))


class TestWhoIsNamedToWhom:
    @pytest.fixture
    def run(self, world):
        """Max has an interest in Ash House, which is low, connected with Birch Farm, and asked about."""
        made = opened(world, prices=pricing.LOW)
        decide(ask(made, world.max), world.fay)
        first, second = bids_of(made)[:2]
        pair = connected.written([connected.Pair(first.pk, second.pk, "person")])
        PriceOpening.objects.update(connected=pair)
        run = ask_run(made, world.max)
        Conflict.objects.create(
            evaluation=made, person=world.max, provider=world.ash_house, text="A cousin", noted_at=AT
        )
        return run

    def test_who_is_kept_from_a_bidder_reads_its_name_nowhere(self, world, sign_in, run):
        maxs, fays = sign_in(world.max), sign_in(world.fay)
        pages = [
            reverse("price_check", args=[run.evaluation_id]),
            reverse("priced_bids", args=[run.evaluation_id]),
            reverse("run", args=[run.pk]),
        ]

        for page in pages:
            assert ("Ash House" in text_of(maxs.get(page)), "Ash House" in text_of(fays.get(page))) == (False, True)
        bid = Bid.objects.get(number=1)
        for page in (reverse("bid_prices", args=[bid.pk]), reverse("low_price", args=[LowEnquiry.objects.get().pk])):
            assert (maxs.get(page).status_code, fays.get(page).status_code) == (404, 200)

    def test_nor_its_price_which_would_follow_from_the_others(self, world, sign_in, run):
        maxs, fays = sign_in(world.max), sign_in(world.fay)
        pool = run.pools.get()

        for name, key in (("price_check", run.evaluation_id), ("run", run.pk), ("sign_run", run.pk)):
            page, fayed = (text_of(one.get(reverse(name, args=[key]), follow=True)) for one in (maxs, fays))
            assert ("£37.25" in page, "£37.25" in fayed) == (False, True)  # the average
            assert name == "sign_run" or "What this check found is not shown to you" in page
        assert maxs.get(reverse("pool", args=[pool.pk])).status_code == 403
        assert "£10.00" in text_of(fays.get(reverse("pool", args=[pool.pk])))

    def test_the_picture_is_for_whoever_meets_every_bidder_and_kept_in_no_browser(
        self, world, sign_in, run, monkeypatch
    ):
        drawn = []
        monkeypatch.setattr(pictures.charts, "marks", lambda field: drawn.append(field) or b"<svg/>")
        page = reverse("pool_plot", args=[run.pools.get().pk])

        fays = sign_in(world.fay).get(page)

        assert [(field.marks[0].name, field.marks[0].value) for field in drawn] == [("Ash House", 10.0)]
        assert fays.headers["Cache-Control"] == "private, no-store"
        statuses = [sign_in(one).get(page).status_code for one in (world.max, world.charlie)]
        assert (statuses, len(drawn)) == ([403, 404], 1)


def test_the_picture_is_drawn_and_says_in_words_what_it_shows(world):
    made = opened(world, prices=pricing.LOW)
    decide(ask(made, world.max), world.fay, "disregard")
    pool = ask_run(made, world.max).pools.get()

    svg, alt = pictures.of_pool(pool, price_pages.results_for(pool))

    assert svg.startswith(b"<?xml")
    assert alt == (
        "Lot 1: Half-day session. 3 prices from £45.00 to £48.00. The average is £46.3333, the limit £55.60. "
        "0 prices outside the limit. 1 price disregarded as abnormally low."
    )


def test_an_average_in_which_nothing_counts(world, sign_in):
    made = opened(world, prices=[4000])
    decide(ask(made, world.max), world.fay, "disregard")
    pool = ask_run(made, world.max).pools.get()

    _, alt = pictures.of_pool(pool, price_pages.results_for(pool))

    assert alt == "Lot 1: Half-day session. No price counts."
    assert "None: no price counts" in text_of(sign_in(world.fay).get(reverse("pool", args=[pool.pk])))


def test_whoever_judges_sees_prices_once_the_award_is_approved(world, sign_in):
    made = opened(world)
    page, eves = reverse("price_check", args=[made.pk]), sign_in(world.eve)
    assert eves.get(page).status_code == 403

    type(made).objects.update(stage=Stage.AWARDED)

    assert eves.get(page).status_code == 200
