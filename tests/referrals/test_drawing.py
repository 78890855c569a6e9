"""What placements draw from the value of a lot and of its framework, and who sees it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from lots.models import Framework, Lot
from lots.rules.refusals import Refused
from outbox.models import Message
from referrals.models import Placement
from referrals.queries import drawing
from referrals.rules.drawing import Drawn, check_room, warnings
from tests.referrals.agreed import sign, that_day, waiting  # noqa: F401
from tests.referrals.made import CANARIES, made_place, made_pupil
from tests.referrals.placed import made_placement

COST = 45_00 * 120


@pytest.mark.parametrize(
    ("worth", "pence", "percent", "near", "over"),
    [
        (None, 100, None, False, False),
        (0, 1, None, True, True),
        (1000, 799, 79, False, False),
        (1000, 800, 80, True, False),
        (1000, 1000, 100, True, False),
        (1000, 1001, 100, True, True),
    ],
)
def test_how_much_of_a_value_is_drawn(worth, pence, percent, near, over):
    drawn = Drawn("Lot 1", worth, pence)

    assert (drawn.percent, drawn.is_near, drawn.is_over) == (percent, near, over)


def test_a_value_is_overdrawn_with_a_reason_alone():
    lot, framework = Drawn("Lot 1", 1000, 990), Drawn("the framework", 10_000, 990)

    assert check_room([lot, framework], 10, "") == []
    with pytest.raises(Refused, match="value of Lot 1") as refused:
        check_room([lot, framework], 11, " ")
    assert refused.value.field == "over_reason"
    assert check_room([lot, framework], 11, "No other place") == [Drawn("Lot 1", 1000, 1001)]
    assert warnings([lot, framework, lot.with_more(11)]) == [
        "99% of the value of Lot 1 is drawn",
        "More is drawn than the value of Lot 1: 100%",
    ]


def test_what_draws_is_what_was_agreed_and_not_cancelled(world):
    place = made_place(world)
    pupil = made_pupil(world)
    for state in ("draft", "cancelled", "assurance", "live", "ended"):
        made_placement(world, place=place, pupil=pupil, state=state)
    Placement.objects.filter(state="ended").update(total_pence=100)

    lot, framework = drawing.of_place(place)

    assert lot.pence == framework.pence == 2 * COST + 100
    [(_, drawn, number)] = [row for row in drawing.by_lot(place.framework) if row[0] == place.lot]
    assert (drawn.pence, number) == (2 * COST + 100, 3)


def worth(placement, **values):
    """Of the lot, or of the framework."""
    for model, pk in ((Lot, placement.lot_id), (Framework, placement.framework_id)):
        if model.__name__.lower() in values:
            model.objects.filter(pk=pk).update(net_pence=values[model.__name__.lower()])


@pytest.mark.parametrize("what", ["lot", "framework"])
def test_a_placement_above_the_value_is_agreed_with_a_reason_and_the_officers_are_told(world, what):
    placement = waiting(world)
    worth(placement, **{what: COST - 1})

    with pytest.raises(Refused, match="Enter why it is agreed all the same"):
        sign(world, placement)
    sign(world, placement, over_reason="Nobody else teaches this")

    placement = Placement.objects.get(pk=placement.pk)
    assert (placement.state, placement.over_reason) == ("assurance", "Nobody else teaches this")
    letters = Message.objects.filter(key__startswith="placement-overdrawn")
    assert set(letters.values_list("to", flat=True)) == {
        person.email for person in (world.max, world.ada, world.eve, world.fay)
    }
    assert not [word for word in (*CANARIES, "Nobody else") for one in letters if word in one.subject + one.body]


def test_the_whole_value_may_be_drawn_and_needs_no_reason(world):
    placement = waiting(world)
    worth(placement, lot=COST, framework=COST)

    sign(world, placement, over_reason="Not needed")

    assert Placement.objects.get(pk=placement.pk).over_reason == ""
    assert not Message.objects.filter(key__startswith="placement-overdrawn").exists()


def test_officers_see_lots_and_figures_and_no_pupil(world, sign_in, django_assert_max_num_queries):
    placement = made_placement(world)
    worth(placement, lot=COST, framework=COST * 2)
    client = sign_in(world.fay)

    with django_assert_max_num_queries(12):
        page = client.get(reverse("framework_spend", args=[placement.framework_id])).content.decode()
    picture = client.get(reverse("framework_spend_chart", args=[placement.framework_id]))

    assert "£5,400" in page
    assert "100%" in page
    assert "50%" in page
    assert "100% of the value of Lot 1 is drawn" in page
    assert picture["Content-Type"] == "image/svg+xml"
    assert not [word for word in CANARIES if word in page or word.encode() in picture.content]
    assert sign_in(world.sana).get(reverse("framework_spend", args=[placement.framework_id])).status_code == 403
