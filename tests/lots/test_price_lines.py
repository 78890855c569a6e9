"""Price lines: what is usual, what may stand together, where few prices are likely, and their pages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse

from core import access
from lots.actions import price_lines as actions
from lots.models import PriceLine
from lots.rules import price_lines as rules
from lots.rules.price_lines import USUAL, Line, Priced
from lots.rules.refusals import Refused
from lots.states import Gated, Group, Mode, Pool, Unit
from tests.frameworks import AT, make_framework

HALF_DAY = USUAL["half_day"]
QUOTED = replace(HALF_DAY, title="Quoted", gated=Gated.QUOTED)


@pytest.mark.parametrize(
    ("title", "usual"),
    [
        ("Vocational provision", "half_day"),
        ("Online tuition", "hour_online"),
        ("Remote learning", "hour_online"),
        ("One-to-one tuition at home", "hour_one"),
        ("1:1 support", "hour_one"),
        ("Mentoring and coaching", "hour_one"),
        ("Therapeutic provision", "session_one"),
        ("", "half_day"),
    ],
)
def test_a_lot_begins_with_the_line_that_is_usual_for_its_title(title, usual):
    assert rules.usual_line(title) == USUAL[usual]


@pytest.mark.parametrize(
    ("standing", "is_auto", "gated"),
    [
        ([], False, Gated.GATED),
        ([HALF_DAY], False, Gated.QUOTED),
        ([QUOTED], False, Gated.GATED),
        ([], True, Gated.QUOTED),
    ],
)
def test_one_line_of_a_lot_is_compared_by_itself(standing, is_auto, gated):
    assert rules.fitted(USUAL["day"], standing, is_auto=is_auto).gated == gated


@pytest.mark.parametrize(
    ("line", "others", "is_auto", "field"),
    [
        (HALF_DAY, [USUAL["day"]], False, None),
        (QUOTED, [], True, None),
        (replace(HALF_DAY, title=HALF_DAY.title.upper()), [HALF_DAY], False, "title"),
        (HALF_DAY, [], True, "gated"),
        (HALF_DAY, [replace(HALF_DAY, title=str(n)) for n in range(rules.MOST_LINES)], False, "title"),
    ],
)
def test_what_cannot_stand_in_a_lot_is_refused(line, others, is_auto, field):
    if field is None:
        assert rules.check(line, others, is_auto=is_auto, lot="1") is None
        return
    with pytest.raises(Refused) as refusal:
        rules.check(line, others, is_auto=is_auto, lot="1")
    assert refusal.value.field == field


def lot(*lines: Line, parts: int = 3, is_auto: bool = False) -> Priced:
    return Priced(number="2", title="Therapeutic", is_auto=is_auto, parts=parts, lines=lines)


OPTIONAL = replace(HALF_DAY, required=False)
ANY = replace(HALF_DAY, group=Group.ANY)


@pytest.mark.parametrize(
    ("priced", "pool", "codes"),
    [
        (lot(HALF_DAY), Pool.LINE, []),
        (lot(HALF_DAY, QUOTED), Pool.LINE, []),
        (lot(), Pool.LINE, []),
        (lot(QUOTED), Pool.LINE, ["none_compared"]),
        (lot(HALF_DAY, USUAL["hour_one"]), Pool.LINE, ["many_compared"]),
        (lot(OPTIONAL), Pool.LINE, ["optional_compared"]),
        (lot(ANY), Pool.LINE, ["any_group"]),
        (lot(HALF_DAY, USUAL["day"]), Pool.LINE, ["many_compared", "many_units"]),
        (lot(HALF_DAY, replace(USUAL["day"], gated=Gated.QUOTED)), Pool.LINE, []),
        (lot(HALF_DAY), Pool.SUB_LOT, ["split_by_part"]),
        (lot(HALF_DAY, parts=1), Pool.SUB_LOT, []),
        (lot(HALF_DAY, parts=0), Pool.SUB_LOT, []),
        (lot(HALF_DAY, parts=0, is_auto=True), Pool.SUB_LOT, ["auto_compared"]),
        (lot(QUOTED, parts=0, is_auto=True), Pool.LINE, []),
    ],
)
def test_where_fewer_than_three_prices_are_likely_it_is_said(priced, pool, codes):
    found = rules.cautions([priced], pool)

    assert [caution.code for caution in found] == codes
    assert all("2" in caution.text for caution in found)


@pytest.mark.parametrize(
    ("priced", "pool", "number"),
    [
        (lot(HALF_DAY), Pool.LINE, 1),
        (lot(HALF_DAY), Pool.SUB_LOT, 3),
        (lot(HALF_DAY, USUAL["hour_one"]), Pool.SUB_LOT, 6),
        (lot(HALF_DAY, parts=0), Pool.SUB_LOT, 1),
        (lot(QUOTED), Pool.SUB_LOT, 0),
    ],
)
def test_how_many_averages_a_lot_is_split_into(priced, pool, number):
    assert rules.pools(priced, pool) == number


FORM = {
    "title": "Day trip", "unit": "day", "mode": "community", "group": "small", "includes": "Travel",
    "gated": "quoted", "required": "no",
}  # fmt: skip


def test_max_adds_changes_and_removes_a_line(world, sign_in):
    framework, client = make_framework(world), sign_in(world.max)
    one = framework.lots.get(number="1")

    client.post(reverse("add_price_line", args=[one.pk]), FORM)
    line = PriceLine.objects.get(title="Day trip")
    client.post(reverse("change_price_line", args=[line.pk]), FORM | {"required": "yes"})
    line.refresh_from_db()
    assert (line.unit, line.gated, line.required, line.position) == (Unit.DAY, Gated.QUOTED, True, 1)
    assert "Day trip" in client.get(reverse("price_lines", args=[framework.pk])).content.decode()

    client.post(reverse("remove_price_line", args=[line.pk]))
    assert list(one.price_lines.values_list("title", flat=True)) == ["Half-day session"]


def test_two_lines_of_one_name_are_refused_and_nothing_is_lost(world, sign_in):
    one = make_framework(world).lots.get(number="1")

    page = sign_in(world.max).post(
        reverse("add_price_line", args=[one.pk]), FORM | {"title": "half-day SESSION", "includes": "Lunch"}
    )

    assert "Lot 1 already has a price line called" in page.content.decode()
    assert ">\nLunch</textarea>" in page.content.decode()


def test_usual_lines_go_to_many_lots_at_once_and_one_of_each_lot_is_compared(world, sign_in):
    framework = make_framework(world)
    lots = {lot.number: lot for lot in framework.lots.all()}
    lots["2"].price_lines.all().delete()

    client = sign_in(world.max)
    form = {"usual": ["half_day", "hour_one"], "lots": [lot.pk for lot in lots.values()]}
    answer = client.post(reverse("add_price_lines", args=[framework.pk]), form)

    assert "6 price lines were added" in client.get(answer["Location"]).content.decode()
    compared = {n: list(lot.price_lines.values_list("title", "gated")) for n, lot in lots.items()}
    half, hour = USUAL["half_day"].title, USUAL["hour_one"].title
    assert compared == {
        "1": [("Half-day session", "gated"), (half, "quoted"), (hour, "quoted")],
        "2": [(half, "gated"), (hour, "quoted")],
        "7": [(half, "quoted"), (hour, "quoted")],
    }
    again = client.post(reverse("add_price_lines", args=[framework.pk]), form)
    assert "these lots have them already" in client.get(again["Location"]).content.decode()


def test_lots_from_a_notice_are_given_their_first_line_at_once(world, sign_in):
    framework, client = make_framework(world, ocid="ocds-h6vhtk-001"), sign_in(world.max)
    PriceLine.objects.filter(lot__number="2").delete()
    framework.lots.filter(number="2").update(title="Online tuition")

    page = client.get(reverse("price_lines", args=[framework.pk])).content.decode()
    answer = client.post(reverse("add_first_price_lines", args=[framework.pk]))

    assert "1 lot that providers bid for has no price line yet" in page
    assert "1 price line was added" in client.get(answer["Location"]).content.decode()
    assert PriceLine.objects.get(lot__number="2").title == "Hour online, one pupil"
    assert PriceLine.objects.count() == 2
    type(framework).objects.filter(pk=framework.pk).update(state="published", published_at=AT)
    client.post(reverse("add_first_price_lines", args=[framework.pk]))
    assert PriceLine.objects.count() == 2


def test_the_lines_of_one_lot_are_copied_to_others_as_they_are(world, sign_in):
    framework = make_framework(world)
    lots = {lot.number: lot for lot in framework.lots.all()}
    actions.add_price_line(lot=lots["1"], line=USUAL["hour_one"], by=world.max, at=AT)

    sign_in(world.max).post(reverse("copy_price_lines", args=[lots["1"].pk]), {"lots": [lots["2"].pk, lots["7"].pk]})

    assert list(lots["2"].price_lines.values_list("title", "gated")) == [
        ("Half-day session", "gated"), (USUAL["hour_one"].title, "gated"),
    ]  # fmt: skip
    assert list(lots["7"].price_lines.values_list("gated", flat=True)) == ["quoted", "quoted"]


def test_a_usual_line_can_be_begun_with(world, sign_in):
    one = make_framework(world).lots.get(number="1")
    client = sign_in(world.max)

    page = client.get(reverse("add_price_line", args=[one.pk]), {"usual": "hour_home"}).content.decode()
    odd = client.get(reverse("add_price_line", args=[one.pk]), {"usual": "no-such"})

    assert f'value="{USUAL["hour_home"].title}"' in page
    assert '<option value="home" selected>' in page
    assert odd.status_code == 200


def test_lots_of_another_framework_get_nothing(world):
    framework, other = make_framework(world), make_framework(world, buyer=world.mereshire)
    stranger = other.lots.get(number="1")

    added = actions.add_price_lines(framework=framework, lots=[stranger.pk], lines=[USUAL["week"]], by=world.max, at=AT)

    assert added == 0
    assert stranger.price_lines.count() == 1


def test_what_was_removed_meanwhile_is_said(world):
    one = make_framework(world).lots.get(number="1")
    line = one.price_lines.get()
    PriceLine.objects.all().delete()

    with pytest.raises(Refused, match="price line has already been removed"):
        actions.remove_price_line(line=line, by=world.max, at=AT)
    with pytest.raises(Refused, match="price line has already been removed"):
        actions.change_price_line(line=line, changed=HALF_DAY, by=world.max, at=AT)
    type(one).objects.filter(pk=one.pk).delete()
    with pytest.raises(Refused, match="lot has already been removed"):
        actions.add_price_line(lot=one, line=HALF_DAY, by=world.max, at=AT)


@pytest.mark.parametrize("who", ["ada", "olu", "tariq", "alice"])
def test_nobody_else_writes_price_lines(world, who):
    one = make_framework(world).lots.get(number="1")

    with pytest.raises(access.Denied):
        actions.add_price_line(lot=one, line=USUAL["day"], by=getattr(world, who), at=AT)


def test_labels_of_modes_and_units_are_whole():
    assert {line.unit for line in USUAL.values()} == set(Unit)
    assert {line.mode for line in USUAL.values()} < set(Mode)
