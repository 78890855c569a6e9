"""What the pages of judging cost in queries: the same with one bid and with three; a list at most eight, a verdict at
most twelve, also with a question, a first decision and a second page of the list."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import lists
from evaluation import urls_judging
from evaluation.models import Judgement
from evaluation.states import Slot
from tests.evaluation.judging import asked, decide, give_out, policy, safeguarding
from tests.evaluation.made import DAY, evaluation

COSTS = {
    "my_judgements": 7,
    "my_judgements?show=waiting": 7,
    "my_judgements?show=locked": 7,
    "next_judgement": 6,
    "progress": 7,
    "judgement": 9,
    "judgement as a reader": 12,
}
BY_MAX = {"progress by max": 10, "give_out_judging": 17}


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_costs_the_same_with_one_bid_and_with_three(world, sign_in, count):
    made = evaluation(world, count=count)
    policy(made, blind_percent=0)
    safeguarding(made, "1.1")
    give_out(made, world)
    for row in list(Judgement.objects.filter(slot=Slot.FIRST)):
        decide(row)
    hers = Judgement.objects.filter(person=world.eve)
    reads = hers.filter(slot=Slot.READER).first() or Judgement.objects.filter(slot=Slot.READER).first()
    blind = Judgement.objects.filter(person=reads.person, slot=Slot.BLIND)
    asked(blind.last(), reads.person, due_at=timezone.now() + DAY)
    client, runner = sign_in(reads.person), sign_in(world.max)
    queue = reverse("my_judgements", args=[made.pk])
    addresses = {
        "my_judgements": (client, queue),
        "my_judgements?show=waiting": (client, f"{queue}?show=waiting"),
        "my_judgements?show=locked": (client, f"{queue}?show=locked"),
        "next_judgement": (client, reverse("next_judgement", args=[made.pk])),
        "progress": (client, reverse("progress", args=[made.pk])),
        "judgement": (client, reverse("judgement", args=[blind.last().pk])),
        "judgement as a reader": (client, reverse("judgement", args=[reads.pk])),
        "progress by max": (runner, reverse("progress", args=[made.pk])),
        "give_out_judging": (runner, reverse("give_out_judging", args=[made.pk])),
    }

    found = {}
    for name, (who, address) in addresses.items():
        with CaptureQueriesContext(connection) as queries:
            answer = who.get(address)
        assert answer.status_code == (302 if name == "next_judgement" else 200), name
        found[name] = len(queries)

    assert found == COSTS | BY_MAX
    assert max(found[name] for name in COSTS if name.startswith(("my", "next"))) <= 8
    assert max(found[name] for name in COSTS if name.startswith("judgement")) <= 12


def test_a_second_page_costs_one_more(world, sign_in, monkeypatch):
    made = evaluation(world, read=False)
    policy(made, blind_percent=0)
    give_out(made, world)
    monkeypatch.setattr(lists.page, "__kwdefaults__", lists.page.__kwdefaults__ | {"per": 1})
    person = Judgement.objects.filter(slot=Slot.FIRST).first().person
    client = sign_in(person)

    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("my_judgements", args=[made.pk])).context["page"]

    assert (len(page.rows), bool(page.after), len(queries)) == (1, True, 8)


def test_every_page_is_counted():
    named = {one.name for one in urls_judging.urlpatterns}

    assert named == {name.split("?")[0].split(" ")[0] for name in COSTS | BY_MAX}
