"""The list of an award costs the same for one line and for three, and no more than eight queries."""

from __future__ import annotations

import pytest

from evaluation.models import AwardLine
from tests.evaluation.awarding import checked, propose


@pytest.mark.parametrize("lines", [1, 3])
def test_the_list_of_an_award(world, sign_in, lines, django_assert_num_queries):
    award = propose(checked(world, count=2), world)
    keep = AwardLine.objects.order_by("pk").values_list("pk", flat=True)[:lines]
    AwardLine.objects.exclude(pk__in=list(keep)).delete()
    client = sign_in(world.fay)
    client.get("/")

    with django_assert_num_queries(8):  # session, person, roles, the award, duties, totals, lines, prices
        page = client.get(f"/awards/{award.pk}/")

    assert f"<strong>{lines}</strong>" in page.text or f"{lines} line" in page.text


@pytest.mark.parametrize("sets", [1, 3])
def test_the_list_of_awards(world, sign_in, sets, django_assert_num_queries):
    made = checked(world, count=1)
    award = propose(made, world)
    for number in range(2, sets + 1):
        award.pk, award.number, award.state = None, number, "void"
        award.save()
    client = sign_in(world.fay)
    client.get("/")

    with django_assert_num_queries(7):  # session, person, roles, the evaluation, duties, awards, what is taken back
        page = client.get(f"/evaluations/{made.pk}/awards/")

    assert page.text.count('data-label="Award"') == sets
