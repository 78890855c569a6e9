"""A framework set up by hand: begun, described, lots, who may use it. What comes from a notice stays to the letter."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from core import access
from lots.actions import lots as lot_actions
from lots.actions import setup as actions
from lots.forms.setup import AboutForm
from lots.models import Decision, Framework, Lot, PermittedUser, PriceLine, Region
from lots.rules.outline import LotDraft
from lots.rules.refusals import Refused
from tests.frameworks import AT, make_framework, make_ready


def text_of(client, name, *args) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def sent(form) -> dict:
    """A form as a browser sends it back unchanged: lines end in CR LF."""
    found = {}
    for name, field in form.fields.items():
        value = form.initial.get(name, field.initial)
        if value is not None and value is not False:
            found[name] = value if isinstance(value, list) else str(value).replace("\n", "\r\n")
    return found


def test_max_starts_a_framework_and_finds_its_tasks(world, sign_in):
    client = sign_in(world.max)

    answer = client.post(
        reverse("start_framework", args=[world.larkshire.pk]), {"title": "Alternative provision 2027", "is_open": "yes"}
    )

    framework = Framework.objects.get()
    assert answer["Location"] == reverse("setup_framework", args=[framework.pk])
    assert (framework.buyer, framework.created_by, framework.policies.margin_percent) == (
        world.larkshire,
        world.max,
        20,
    )
    page = client.get(answer["Location"]).content.decode()
    assert "0 of 8 tasks done" in page
    assert page.count("Not started") == 7
    assert Event.objects.get(action="lots.framework.started").about_id == framework.pk


def test_a_form_sent_twice_starts_one_framework(world, sign_in):
    client, form = sign_in(world.max), {"title": "Alternative provision", "is_open": "no"}
    client.post(reverse("start_framework", args=[world.larkshire.pk]), form)

    again = client.post(
        reverse("start_framework", args=[world.larkshire.pk]), form | {"title": "ALTERNATIVE provision"}
    )

    assert "You are already setting up a framework with this title" in again.content.decode()
    assert Framework.objects.count() == 1


def test_a_trust_buys_too(world, sign_in):
    answer = sign_in(world.tariq).post(
        reverse("start_framework", args=[world.oak_trust.pk]), {"title": "Ours", "is_open": "no"}
    )

    assert answer.status_code == 302
    assert Framework.objects.get().buyer == world.oak_trust


@pytest.mark.parametrize("who", ["ada", "eve", "olu", "tariq", "alice", "ines"])
def test_nobody_else_starts_or_describes_one(world, who):
    framework, somebody = make_framework(world), getattr(world, who)

    with pytest.raises(access.Denied):
        actions.start_framework(organisation=world.larkshire, title="Mine", is_open=True, by=somebody, at=AT)
    with pytest.raises(access.Denied):
        actions.describe_framework(framework=framework, changes={"title": "Mine"}, by=somebody, at=AT)
    with pytest.raises(access.Denied):
        lot_actions.add_lots(framework=framework, lots=[LotDraft("8", "Mine")], by=somebody, at=AT)


def test_max_describes_the_framework(world, sign_in):
    framework, client = make_framework(world), sign_in(world.max)
    form = sent(AboutForm(framework=framework)) | {"net_pence": "£1,234,567.50", "gross_pence": "", "max_lots": ""}

    answer = client.post(reverse("about_framework", args=[framework.pk]), form)

    assert answer.status_code == 302
    framework.refresh_from_db()
    assert (framework.net_pence, framework.gross_pence, framework.max_lots) == (123456750, None, None)
    assert Event.objects.get(action="lots.framework.described").data == {
        "fields": ["net_pence", "gross_pence", "max_lots"]
    }


def test_what_nobody_changed_stays_to_the_letter(world, sign_in):
    """Double spaces, a composed and a decomposed é, a soft hyphen, line ends: a text from a notice is not tidied."""
    odd = " Two  spaces, cafe\u0301, soft\u00adhyphen\nnext line\u200b "
    framework = make_framework(
        world, ocid="ocds-h6vhtk-001", title="A  title\u00ad", description=odd, risks="x" * 30_000
    )

    answer = sign_in(world.max).post(
        reverse("about_framework", args=[framework.pk]), sent(AboutForm(framework=framework))
    )

    assert answer.status_code == 302
    assert Event.objects.filter(action="lots.framework.described").count() == 0
    framework.refresh_from_db()
    assert (framework.title, framework.description, framework.risks) == ("A  title\u00ad", odd, "x" * 30_000)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": ""}, "Enter the title of the framework"),
        ({"title": "x" * 501}, "The title must be 500 characters or fewer"),
        ({"description": "a\x00b"}, "What the framework is for must not include characters that cannot be seen"),
        ({"net_pence": "1e400"}, "Enter an amount in pounds and pence"),
        ({"net_pence": "500", "gross_pence": "499.99"}, "is less than the value excluding VAT (£500)"),
        ({"max_participants": "0"}, "The limit of providers must be a whole number from 1 to 100,000"),
        ({"max_participants": "١"}, "must be a whole number"),
        ({"max_lots": "9" * 40}, "The limit of lots must be a whole number from 1 to 1,000"),
        ({"is_open": "perhaps"}, "Choose one of the two"),
    ],
)
def test_nonsense_is_refused_in_words_and_nothing_typed_is_lost(world, sign_in, change, words):
    framework = make_framework(world)
    form = sent(AboutForm(framework=framework)) | {"reference": "AP-2027"} | change

    page = sign_in(world.max).post(reverse("about_framework", args=[framework.pk]), form)

    assert page.status_code == 200
    assert words in page.content.decode().replace("&#x27;", "'")
    assert 'value="AP-2027"' in page.content.decode()


def rows(*lots: dict) -> dict:
    return {f"{name}_{number}": value for number, lot in enumerate(lots, 1) for name, value in lot.items()}


def test_several_lots_are_typed_into_a_table_and_each_begins_with_a_price_line(world, sign_in):
    framework = make_ready(world)
    framework.lots.all().delete()
    form = rows(
        {"number": "1", "title": "Vocational", "part_B": "on", "part_C": "on", "net": "1,000", "gross": "1200"},
        {"number": "2"},
        {"number": "3", "title": "Online tuition", "part_A": "on"},
        {"number": "7", "title": "Other", "auto": "on"},
    )

    answer = sign_in(world.max).post(reverse("add_lots", args=[framework.pk]), form)

    assert answer["Location"] == reverse("framework_lots", args=[framework.pk])
    made = [
        (lot.number, "".join(part.letter for part in lot.sub_lots.all()), lot.is_auto, lot.net_pence, lot.position)
        for lot in framework.lots.all()
    ]
    assert made == [("1", "BC", False, 100000, 0), ("3", "A", False, None, 1), ("7", "", True, None, 2)]
    assert list(PriceLine.objects.values_list("lot__number", "title", "gated")) == [
        ("1", "Half-day session, small group", "gated"), ("3", "Hour online, one pupil", "gated"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lots", "words"),
    [
        ([{"number": "8"}], "Enter the title of at least one lot"),
        ([{"number": "8", "net": "5"}], "Enter the title of lot 8"),
        ([{"number": "8", "title": "x" * 600}], "The title must be 500 characters or fewer"),
        ([{"number": "", "title": "New"}], "A lot’s number is digits and letters"),
        ([{"number": "1", "title": "New"}], "There is already a lot 1"),
        ([{"number": "8", "title": "New"}, {"number": "8", "title": "Newer"}], "There is already a lot 8"),
        ([{"number": "8", "title": "New", "auto": "on", "part_A": "on"}], "has no parts, because nobody bids"),
        ([{"number": "8", "title": "New", "net": "5", "gross": "4"}], "is less than the value excluding VAT"),
        ([{"number": "8", "title": "New", "net": "AED 5"}], "Enter an amount in pounds and pence"),
    ],
)
def test_a_wrong_row_of_the_table_adds_nothing_and_loses_nothing(world, sign_in, lots, words):
    framework = make_framework(world)

    page = sign_in(world.max).post(
        reverse("add_lots", args=[framework.pk]), rows(*lots, {"number": "9", "title": "Kept in its place"})
        if len(lots) == 1 and "title" in lots[0] else rows(*lots),
    )  # fmt: skip

    text = page.content.decode()
    assert page.status_code == 200
    assert words in text
    assert ("Kept in its place" in text) == (len(lots) == 1 and "title" in lots[0])
    assert framework.lots.count() == 3


def test_max_changes_orders_and_removes_lots(world, sign_in):
    framework, client = make_framework(world), sign_in(world.max)
    two = framework.lots.get(number="2")
    kept = two.sub_lots.get(letter="B").pk
    form = {
        "number": "2b", "title": "Therapeutic and medical", "bids": "bid", "letters": ["B", "C"], "net_pence": "5",
        "gross_pence": "6", "for_small": "on", "regions": "UKH21\r\n UKH25 \r\nUKH21", "description": "Horses",
    }  # fmt: skip

    client.post(reverse("change_lot", args=[two.pk]), form)

    two.refresh_from_db()
    assert (two.number, two.title, two.net_pence, two.for_small, two.for_voluntary) == (
        "2b", "Therapeutic and medical", 500, True, False,
    )  # fmt: skip
    assert two.sub_lots.get(letter="B").pk == kept
    assert [part.letter for part in two.sub_lots.all()] == ["B", "C"]
    assert list(two.regions.order_by("position").values_list("code", flat=True)) == ["UKH21", "UKH25"]

    client.post(reverse("change_lot", args=[two.pk]), form | {"regions": "UKH25\nUKH21\nUKH3"})
    assert list(two.regions.order_by("position").values_list("code", flat=True)) == ["UKH25", "UKH21", "UKH3"]

    client.post(reverse("move_lot", args=[two.pk]), {"to": "up"})
    assert [lot.number for lot in framework.lots.all()] == ["2b", "1", "7"]
    client.post(reverse("move_lot", args=[two.pk]), {"to": "down"})
    assert [lot.number for lot in framework.lots.all()] == ["1", "2b", "7"]

    client.post(reverse("remove_lot", args=[two.pk]))
    assert [lot.number for lot in framework.lots.all()] == ["1", "7"]


def test_a_lot_that_nobody_bids_for_any_more_only_asks_for_prices(world, sign_in):
    lot = make_framework(world).lots.get(number="1")

    sign_in(world.max).post(
        reverse("change_lot", args=[lot.pk]), {"number": "1", "title": "Vocational", "bids": "auto"}
    )

    lot.refresh_from_db()
    assert (lot.is_auto, lot.sub_lots.count(), lot.price_lines.get().gated) == (True, 0, "quoted")


def test_a_lot_from_a_notice_keeps_its_number_and_its_odd_region(world, sign_in):
    lot = make_framework(world, ocid="ocds-h6vhtk-001").lots.get(number="1")
    Region.objects.create(lot=lot, code="The whole  county")
    client = sign_in(world.max)

    assert 'name="number"' not in text_of(client, "change_lot", lot.pk)
    client.post(
        reverse("change_lot", args=[lot.pk]),
        {"number": "99", "title": "Crafts", "bids": "bid", "letters": ["B"], "regions": "The whole  county"},
    )

    lot.refresh_from_db()
    assert (lot.number, lot.title, lot.regions.get().code) == ("1", "Crafts", "The whole  county")


def test_what_a_notice_says_oddly_of_a_lot_stays_until_somebody_changes_it(world):
    lot = make_framework(world, ocid="ocds-h6vhtk-001").lots.get(number="1")
    Lot.objects.filter(pk=lot.pk).update(number="LOT/0001", net_pence=500, gross_pence=499)
    change = {"by": world.max, "at": AT}

    lot_actions.change_lot(lot=lot, changed=LotDraft("", "Crafts", net_pence=500, gross_pence=499), **change)

    lot.refresh_from_db()
    assert (lot.number, lot.title) == ("LOT/0001", "Crafts")
    with pytest.raises(Refused, match="is less than the value excluding VAT"):
        lot_actions.change_lot(lot=lot, changed=LotDraft("", "Crafts", net_pence=500, gross_pence=498), **change)


def test_a_lot_removed_meanwhile_is_said(world):
    lot = make_framework(world).lots.get(number="1")
    Lot.objects.filter(pk=lot.pk).delete()

    for act in (
        lambda: lot_actions.remove_lot(lot=lot, by=world.max, at=AT),
        lambda: lot_actions.move_lot(lot=lot, up=True, by=world.max, at=AT),
        lambda: lot_actions.change_lot(lot=lot, changed=LotDraft("1", "New"), by=world.max, at=AT),
    ):
        with pytest.raises(Refused, match="This lot has already been removed"):
            act()


def test_who_may_use_it_is_named_and_linked_where_the_portal_knows_them(world, sign_in):
    framework, client = make_framework(world), sign_in(world.max)
    address = reverse("framework_users", args=[framework.pk])
    form = {
        "call_off": "named",
        "schools_of_area": "on",
        "area": "Schools in  Larkshire",
        "named": "OAK TRUST\r\n900001\r\nHill Academy\r\n\r\nAsh House\r\nOak Trust",
    }

    assert "Schools in the area of Larkshire Council" in client.get(address).content.decode()
    client.post(address, form)

    rows = PermittedUser.objects.order_by("pk")
    assert [(row.organisation, row.description, row.schools_of_area) for row in rows] == [
        (world.oak_trust, "", False),
        (world.elm_grove, "", False),
        (None, "Hill Academy", False),
        (None, "Ash House", False),  # a provider uses no framework
        (None, "Schools in Larkshire", True),
    ]
    assert framework.policies.call_off == "buyer"
    framework.policies.refresh_from_db()
    assert framework.policies.call_off == "named"
    page = client.get(address).content.decode()
    assert "<bdi>Hill Academy</bdi>: in words only" in page
    client.post(address, {"call_off": "buyer", "named": "Oak Trust"})
    assert PermittedUser.objects.count() == 0
    assert list(Decision.objects.order_by("pk").values_list("option", flat=True)) == ["named", "buyer"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"call_off": "named"}, "Name at least one, or tick the schools of your area"),
        ({"call_off": "named", "schools_of_area": "on", "area": " "}, "Enter how the notice calls these schools"),
        ({"call_off": "named", "named": "x" * 301}, "Each name must be 300 characters or fewer"),
        ({"call_off": "named", "named": "\n".join(map(str, range(501)))}, "Name 500 at most"),
        ({"call_off": "everybody"}, "Choose one of the two"),
        ({}, "Choose who may use the framework"),
    ],
)
def test_nobody_named_is_refused_in_words(world, sign_in, form, words):
    framework = make_framework(world)

    page = sign_in(world.max).post(reverse("framework_users", args=[framework.pk]), form)

    assert words in page.content.decode()
    assert PermittedUser.objects.count() == 0


def more_lots(framework, number: int):
    for count in range(number - 1):
        lot = Lot.objects.create(framework=framework, number=str(20 + count), title="More", position=10 + count)
        PriceLine.objects.create(lot=lot, title="Day", unit="day", mode="on_site", group="one")


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("setup_framework", 8),
        ("framework_lots", 7),
        ("price_lines", 7),
        ("check_framework", 8),
        ("publish_framework", 8),
        ("add_price_lines", 7),
    ],
)
def test_pages_cost_the_same_whatever_the_lots(world, sign_in, name, queries, number):
    framework, client = make_ready(world), sign_in(world.max)
    more_lots(framework, number)
    address = reverse(name, args=[framework.pk])
    client.get(address)

    with CaptureQueriesContext(connection) as made:
        page = client.get(address)

    assert page.status_code == 200
    assert len(made) == queries <= 8, [query["sql"][:150] for query in made]
