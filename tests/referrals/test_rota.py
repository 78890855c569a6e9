"""Who answers for a commissioner: the rota, its week, what nobody answers, and who writes it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from core.access import Denied
from lots.rules.refusals import Refused
from referrals.actions import cover as actions
from referrals.models import Cover
from referrals.queries import cover as queries
from referrals.rules.private import Private
from referrals.states import PlacementState
from tests.referrals.agreed import that_day  # noqa: F401
from tests.referrals.answering import made_cover
from tests.referrals.made import AT, CANARIES, made_place, made_pupil
from tests.referrals.placed import STARTS, made_placement, made_terms_of_year
from tests.referrals.test_sharing import day

pytestmark = pytest.mark.usefixtures("that_day")
DAY = dt.timedelta(days=1)
FACTS = {
    "name": "Gwen Office",
    "phone": "01632 960 111",
    "user_id": None,
    "position": 1,
    "weekdays": [4, 0],
    "starts": dt.time(8),
    "ends": dt.time(16),
    "holidays": False,
    "from_on": STARTS,
    "until_on": None,
}
SENT = {
    "name": "Gwen Office",
    "phone": "01632 960 111",
    "user": "",
    "position": "1",
    "weekdays": ["0", "2"],
    "starts": "8am",
    "ends": "4pm",
    "holidays": "no",
    **day("from_on", STARTS),
    **day("until_on", None),
}


def moment(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """In UTC, an hour behind England in September."""
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=dt.UTC)


def test_who_answers_at_a_moment_of_englands_clocks(world):
    made_terms_of_year(world.elm_grove)
    second = made_cover(world.elm_grove, position=2, holidays=True)
    first = made_cover(world.elm_grove)
    made_cover(world.elm_grove, removed_at=AT)
    made_cover(world.larkshire)

    def answer(day, hour, minute=0) -> list[Cover]:
        return queries.who_answers(world.elm_grove, moment(day, hour, minute))

    assert answer(STARTS, 7) == [first, second]
    assert answer(STARTS, 6, 59) == answer(STARTS, 15) == []
    assert answer(dt.date(2026, 10, 28), 9) == [second]  # half-term
    assert answer(dt.date(2026, 11, 2), 15, 59) == [first, second]  # the clocks have gone back
    assert answer(STARTS - 2 * DAY, 9) == []  # a Saturday


def test_sana_writes_changes_and_ends(world):
    made = actions.add_cover(
        organisation=world.elm_grove, values=FACTS | {"user_id": world.sana.pk}, by=world.sana, at=AT
    )
    assert (made.weekdays, made.user, made.written_by) == ([0, 4], world.sana, world.sana)
    with pytest.raises(Refused, match="What you typed is kept"):
        actions.change_cover(cover=made, values=FACTS, seen="old", by=world.sana, at=AT)
    with pytest.raises(Refused, match="does not belong"):
        actions.change_cover(
            cover=made, values=FACTS | {"user_id": world.eve.pk}, seen=queries.mark_of(made), by=world.sana, at=AT
        )
    changed = actions.change_cover(
        cover=made, values=FACTS | {"phone": "01632 960 222"}, seen=queries.mark_of(made), by=world.sana, at=AT
    )
    assert (changed.phone, changed.user) == ("01632 960 222", None)

    actions.end_cover(cover=made, last_on=STARTS + 9 * DAY, by=world.sana, at=AT)
    with pytest.raises(Refused, match="already"):
        actions.end_cover(cover=made, last_on=STARTS + 10 * DAY, by=world.sana, at=AT)
    taken_off = actions.end_cover(cover=made, last_on=STARTS - DAY, by=world.sana, at=AT)

    assert (taken_off.removed_at, taken_off.until_on) == (AT, STARTS + 9 * DAY)
    for act in (
        lambda: actions.end_cover(cover=made, last_on=STARTS, by=world.sana, at=AT),
        lambda: actions.change_cover(cover=made, values=FACTS, seen="", by=world.sana, at=AT),
    ):
        with pytest.raises(Refused, match="taken off"):
            act()
    said = Event.objects.filter(about_type="referrals.cover").order_by("pk").values_list("action", flat=True)
    assert list(said) == [f"referrals.cover.{verb}" for verb in ("added", "changed", "ended", "ended")]


def test_who_may_not_write_it(world):
    line = made_cover(world.elm_grove)
    for by in (world.bob, world.tariq, world.eve, world.nora):
        with pytest.raises(Denied):
            actions.add_cover(organisation=world.elm_grove, values=FACTS, by=by, at=AT)
        with pytest.raises(Denied):
            actions.change_cover(cover=line, values=FACTS, seen="", by=by, at=AT)
        with pytest.raises(Denied):
            actions.end_cover(cover=line, last_on=STARTS, by=by, at=AT)
    with pytest.raises(Denied):
        actions.add_cover(organisation=world.ash_house, values=FACTS, by=world.alice, at=AT)


class TestPages:
    def test_what_nobody_answers_is_red(self, world, sign_in):
        placement = made_placement(world, state=PlacementState.ASSURANCE)
        made_cover(world.elm_grove, weekdays=[0], name="First Person")
        made_cover(world.elm_grove, weekdays=[0], position=2, name="Second Person", starts=dt.time(9))
        address = f"{reverse('rota', args=[world.elm_grove.pk])}?week={STARTS.isoformat()}"
        page = sign_in(world.sana).get(address).text

        assert "In 1 session of this week nobody answers" in page
        assert page.count("govuk-tag--red") == 1
        assert reverse("before_start", args=[placement.pk]) in page
        assert page.index("First Person") < page.index("Second Person")
        assert "Saturday" not in page
        assert not [canary for canary in CANARIES if canary in page]
        earlier = sign_in(world.sana).get(f"{address[:-10]}2026-09-21").text
        assert "govuk-tag--red" not in earlier

    def test_a_saturday_stands_there_where_somebody_answers(self, world, sign_in):
        made_cover(world.larkshire, weekdays=[5], holidays=True, starts=dt.time(7), ends=dt.time(18))
        ended = made_cover(world.larkshire, name="Long Gone", until_on=dt.date(2026, 9, 2))

        page = sign_in(world.fay).get(reverse("rota", args=[world.larkshire.pk])).text

        assert "Saturday" in page
        assert "07:00 to 18:00: <bdi>Gwen Office" in page
        assert "08:00 to 16:00: nobody" in page
        assert "Sessions that nobody answers" not in page
        assert "Not a school day" in page
        assert ended.name not in page
        assert "Add somebody" not in page
        assert sign_in(world.alice).get(reverse("rota", args=[world.ash_house.pk])).status_code == 403

    def test_the_forms_say_what_to_type_and_keep_it(self, world, sign_in):
        sana = sign_in(world.sana)
        add = reverse("add_cover", args=[world.elm_grove.pk])
        wrong = sana.post(add, SENT | {"ends": "7am", "phone": "x"}).text
        assert "like 01632 960 001" in wrong
        assert "Gwen Office" in wrong
        assert "must be later" in sana.post(add, SENT | {"ends": "7am"}).text
        assert sana.post(add, SENT | {"user": str(world.sana.pk)})["Location"] == reverse(
            "rota", args=[world.elm_grove.pk]
        )
        line = Cover.objects.get()
        assert (line.weekdays, line.starts, line.user) == ([0, 2], dt.time(8), world.sana)

        change, end = (reverse(name, args=[line.pk]) for name in ("change_cover", "end_cover"))
        assert 'value="8am"' in sana.get(change).text
        stale = sana.post(change, SENT | {"seen": "old", "phone": "01632 960 333"}).text
        assert "What you typed is kept" in stale
        assert "01632 960 333" in stale
        mark = queries.mark_of(line)
        assert mark in stale
        assert sana.post(change, SENT | {"seen": mark, "phone": "01632 960 333"}).status_code == 302
        assert "answers from" in sana.get(end).text
        assert "There is a problem" in sana.post(end, day("last_on", STARTS) | {"last_on_0": "x"}).text
        assert sana.post(end, day("last_on", STARTS + DAY)).status_code == 302
        line.refresh_from_db()
        assert (line.phone, line.until_on) == ("01632 960 333", STARTS + DAY)

    def test_the_queries_of_the_week_stay_the_same(self, world, sign_in):
        place = made_place(world)
        made_placement(world, place=place)
        made_cover(world.elm_grove)
        sana, address = sign_in(world.sana), f"{reverse('rota', args=[world.elm_grove.pk])}?week={STARTS.isoformat()}"
        sana.get(address)

        def asked() -> int:
            with CaptureQueriesContext(connection) as found:
                sana.get(address)
            names = ("referrals_", "accounts_termdates")
            return len([one for one in found.captured_queries if any(name in one["sql"] for name in names)])

        before = asked()
        for number in (1, 2):
            pupil = made_pupil(world, private=Private(), last_name=f"Other {number}")
            made_placement(world, place=place, pupil=pupil)
            made_cover(world.elm_grove, position=number)

        assert asked() == before <= 8
