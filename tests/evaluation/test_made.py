"""What the tests of evaluations begin from."""

from __future__ import annotations

from evaluation.models import AwardLine, Bid, Evaluation, GateResult
from tests.evaluation.further import proposed
from tests.evaluation.made import evaluation


def test_the_whole_way_from_the_opening_to_an_award_set(world):
    made = evaluation(world, count=4)
    award = proposed(made, world)

    lines = AwardLine.objects.filter(award_set=award)
    assert [line.awarded for line in lines.order_by("bid__number", "pk")] == [True] * 6 + [False] * 2
    assert GateResult.objects.filter(run=award.run, passes=False).count() == 1


def test_who_meets_a_bid(world):
    made = evaluation(world)

    met = {name for name, person in world.people.items() if Bid.objects.visible_to(person).exists()}
    seen = {name for name, person in world.people.items() if Evaluation.objects.visible_to(person).exists()}
    assert met == seen == {"max", "ada", "eve", "tom", "fay"}
    assert made.bids.count() == 2
