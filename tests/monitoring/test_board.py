"""A buyer's board: who reports, who does not, and how measures are rated."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.states import Role
from audit.models import Event
from contracts.models import Contract, Kpi
from contracts.states import ContractState
from core import clock
from core.access import Denied
from lots.rules.refusals import Refused
from monitoring.actions import ratings as actions
from monitoring.models import Answer, Rating, ReportDue
from monitoring.permissions import board as permissions
from monitoring.queries import board as queries
from monitoring.queries import ratings as known
from monitoring.rules import ratings as rules
from monitoring.rules.ratings import Figures
from tests.monitoring.board import BROKEN, DAYS, TEN, TODAY, fortnight
from tests.monitoring.made import (
    absent,
    counted,
    local,
    made_alert,
    made_contract,
    made_dues,
    made_kpis,
    made_member,
    made_report,
    made_session,
)
from tests.monitoring.reported import second_buyer
from tests.referrals.made import made_place

MON, TUE, WED, THU = DAYS
YEAR = "?first_0=1&first_1=9&first_2=2026&last_0=9&last_1=10&last_2=2026"


@pytest.fixture(autouse=True)
def _friday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: TEN)
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def contract(world):
    return fortnight(world)


@pytest.fixture
def kpi(contract):
    return contract.kpis.first()


def shown(answer) -> str:
    """A page without what marks days."""
    return re.sub("</?time[^>]*>", "", answer.content.decode())


def board(client, world, query="", name="board", *more) -> str:
    return shown(client.get(reverse(name, args=[world.larkshire.pk, *more]) + query))


def rate(world, kpi, *, by=None, first=MON, last=THU, grade="good", seen=None, today=TODAY, **fields) -> Rating:
    figures = known.figures_of(kpi, first, last, at=TEN, today=today)
    standing = known.standing_for(kpi, first, last)
    seen = rules.mark_of(standing and standing.pk, figures) if seen is None else seen
    fields = {"reason": "Every report came", "at": TEN} | fields
    return actions.rate_kpi(
        kpi=kpi, first=first, last=last, grade=grade, seen=seen, by=by or world.eve, today=today, **fields
    )


class TestLines:
    """What a provider's line counts."""

    def test_a_day_is_in_time_late_missing_or_not_over(self, world, contract):
        [line] = queries.lines_of(world.larkshire, MON, TODAY, today=TODAY)

        assert (line.name, line.owed, line.on_time, line.late, line.missing) == ("Ash House", 4, 2, 1, 1)
        assert (line.well_row, line.missed_row, line.last_on, line.oldest_missing) == (0, 1, WED, THU)
        assert (line.exceptions, line.today) == (2, True)

    def test_days_in_a_row_count_up_to_the_last(self, world, contract):
        [line] = queries.lines_of(world.larkshire, MON, WED, today=TODAY)

        assert (line.owed, line.well_row, line.missed_row, line.today) == (3, 1, 0, False)

    def test_a_day_of_which_one_measure_is_missing_is_missing_and_what_was_dropped_counts_not(self, world, contract):
        one = ReportDue.objects.filter(day=WED).first()
        ReportDue.objects.filter(pk=one.pk).update(report=None)
        ReportDue.objects.filter(day=THU).update(dropped_at=TEN)
        counted(world.ash_house, WED, THU)

        [line] = queries.lines_of(world.larkshire, MON, THU, today=TODAY)

        assert (line.owed, line.missing, line.oldest_missing, line.missed_row) == (3, 1, WED, 1)

    def test_another_buyers_part_is_another_buyers(self, world, contract):
        other = second_buyer(world)
        made_report(other, day=MON, exception="Only for the trust")

        [ours] = queries.lines_of(world.larkshire, MON, TODAY, today=TODAY)
        [theirs] = queries.lines_of(world.oak_trust, MON, TODAY, today=TODAY)

        assert (ours.owed, ours.on_time) == (4, 2)
        assert (theirs.owed, theirs.on_time, theirs.exceptions, theirs.today) == (1, 1, 1, False)

    def test_an_action_is_overdue_until_a_later_day_is_well(self, world, contract):
        def count(today):
            [line] = queries.lines_of(world.larkshire, THU, THU, today=today)
            return line.overdue, line.exceptions

        assert count(TODAY) == (0, 0)  # Wednesday's report says that all is well
        Answer.objects.filter(report__day=WED, kpi=contract.kpis.first()).update(
            status="exception", what="Still", action="Glass is ordered", action_by_on=THU
        )
        counted(world.ash_house, *DAYS)

        assert count(TODAY) == (3, 0)  # what Tuesday's first version said was corrected
        assert count(THU) == (2, 0)

    @pytest.mark.parametrize(
        ("starts", "rated", "is_due"),
        [
            (dt.date(2025, 11, 10), None, False),
            (dt.date(2025, 11, 9), None, True),
            (None, None, False),
            (dt.date(2025, 9, 1), dt.date(2025, 12, 1), False),
            (dt.date(2025, 9, 1), dt.date(2025, 10, 1), True),
        ],
    )
    def test_a_rating_is_due_eleven_months_after_the_last(self, world, contract, starts, rated, is_due):
        contract.starts_on = starts
        contract.save(update_fields=["starts_on"])
        if rated:
            for one in contract.kpis.all():
                fields = {"proposed": "good", "grade": "good", "reason": "Well", "rated_at": local(rated, 9)}
                Rating.objects.create(kpi=one, from_on=rated, until_on=rated, **fields)

        found = queries.agreements_of(world.larkshire, today=TODAY)

        assert [one.unrated for one in found[world.ash_house.pk]] == [is_due]


class TestPages:
    """What a contract manager meets."""

    def test_the_board_shows_worst_first_and_what_needs_somebody(self, world, contract, sign_in):
        Answer.objects.filter(report__day=WED, status="well").update(
            status="exception", what="Still", action="Glass is ordered", action_by_on=THU
        )
        counted(world.ash_house, *DAYS)
        contract.starts_on = dt.date(2025, 9, 1)
        contract.save(update_fields=["starts_on"])
        made_contract(world, contract.framework, provider=world.birch_farm)

        page = board(sign_in(world.eve), world)

        assert "1 September 2026 to 9 October 2026" in page
        assert "Reports are missing" in page
        assert "1 day 8 October 2026" in page
        assert "Actions are overdue" in page
        assert "A rating is due" in page
        assert "Due today, not filed yet" in page
        assert "2 of 4 (50%)" in page
        assert "1 missed" in page
        assert "Nothing was due" in page
        assert page.rindex("Ash House") < page.rindex("Birch Farm")
        assert BROKEN not in page

    def test_a_period_that_cannot_be_read_is_said_and_the_usual_one_shown(self, world, contract, sign_in):
        client = sign_in(world.eve)

        wrong = board(client, world, YEAR.replace("last_2=2026", "last_2=2027"))
        short = board(client, world, "?first_0=5&first_1=10&first_2=2026&last_0=5&last_1=10&last_2=2026&at=9")

        assert "The last day must be today or earlier" in wrong
        assert "1 September 2026 to 9 October 2026" in wrong
        assert "5 October 2026 to 5 October 2026" in short
        assert "1 of 1 (100%)" in short
        assert "No provider has an agreement" in sign_in(world.tariq).get(
            reverse("board", args=[world.oak_trust.pk])
        ).content.decode()  # fmt: skip

    def test_the_board_goes_on_after_fifty(self, world, contract, sign_in, monkeypatch):
        monkeypatch.setattr("monitoring.views.board.MOST_ROWS", 1)
        made_contract(world, contract.framework, provider=world.birch_farm)
        client = sign_in(world.eve)

        assert "&amp;at=2" in board(client, world)
        second = board(client, world, YEAR + "&at=2")
        assert "Providers compared" in second
        assert "&amp;at=1" in second
        assert "Birch Farm" in second

    def test_the_board_costs_the_same_for_three(self, world, contract, sign_in):
        client, address = sign_in(world.eve), reverse("board", args=[world.larkshire.pk])

        def cost() -> int:
            with CaptureQueriesContext(connection) as found:
                assert client.get(address).status_code == 200
            return len(found)

        cost()
        one = cost()
        for provider in (world.birch_farm, world.mereshire):
            another = made_contract(world, contract.framework, provider=provider)
            made_kpis(another)
            made_dues(another, day=MON)
            made_report(another, day=MON, exception="A door was open")
        assert one == cost() <= 8

    def test_the_board_is_a_file_for_a_spreadsheet(self, world, contract, sign_in):
        client = sign_in(world.eve)

        text = client.get(reverse("board_file", args=[world.larkshire.pk, "csv"])).getvalue().decode()
        sheet = client.get(reverse("board_file", args=[world.larkshire.pk, "xlsx"]))

        assert text.splitlines()[1] == f"Ash House,{contract.reference},4,2,1,1,50,2,0,0,1,2026-10-07,"
        assert sheet.getvalue()[:2] == b"PK"
        assert sheet.headers["Content-Disposition"].endswith('-2026-09-01-2026-10-09.xlsx"')
        assert client.get(reverse("board_file", args=[world.larkshire.pk, "pdf"])).status_code == 404

    def test_one_provider_is_shown_by_measure_and_day(self, world, contract, sign_in):
        client = sign_in(world.eve)

        page = board(client, world, "", "board_of", world.ash_house.pk)

        assert "Week of 5 October 2026" in page
        assert "On time, something to tell, 5 October" in page
        assert "Late, something to tell, 6 October" in page
        assert "Late, 6 October" in page
        assert "Missing</span>" in page
        assert "Due today" in page
        assert BROKEN in page
        assert "Mended" in page
        assert "Corrected reports" in page
        assert client.get(reverse("board_of", args=[world.larkshire.pk, world.birch_farm.pk])).status_code == 404

    def test_one_provider_costs_eight_queries(self, world, contract, sign_in, django_assert_max_num_queries):
        client, address = sign_in(world.eve), reverse("board_of", args=[world.larkshire.pk, world.ash_house.pk])
        client.get(address)

        with django_assert_max_num_queries(8):
            assert client.get(address).status_code == 200

    def test_one_provider_is_shown_without_another_buyers_part(self, world, contract, sign_in):
        other = second_buyer(world)
        ReportDue.objects.filter(contract=other).delete()
        made_dues(other, day=THU)
        made_report(other, day=THU, exception="Only for the trust")

        ours = board(sign_in(world.eve), world, "", "board_of", world.ash_house.pk)
        theirs = sign_in(world.tariq).get(reverse("board_of", args=[world.oak_trust.pk, world.ash_house.pk]))

        assert "Only for the trust" not in ours
        assert "Only for the trust" in theirs.content.decode()
        assert BROKEN not in theirs.content.decode()
        assert "Corrected reports" not in theirs.content.decode()

    def test_a_period_without_anything_says_so(self, world, contract, sign_in):
        page = board(
            sign_in(world.eve),
            world,
            "?first_0=1&first_1=9&first_2=2026&last_0=2&last_1=9&last_2=2026",
            "board_of",
            world.ash_house.pk,
        )

        assert "Nothing was due in this period" in page
        assert "No report of this period tells" in page


class TestRatings:
    """What is known of a measure, and what a person decides."""

    def test_figures_are_of_this_measure_its_agreement_and_the_days(self, world, contract, kpi):
        placement = world.ash_house.placements_held.get() if hasattr(world.ash_house, "placements_held") else None
        placement = placement or contract.framework.placements.get()
        made_alert(absent(placement, day=MON), kind="not_told")
        made_session(placement, day=WED)
        made_session(placement, day=WED, starts_at=local(WED, 16), ends_at=local(WED, 17), mark="present")

        found = known.figures_of(kpi, MON, TODAY, at=TEN, today=TODAY)
        early = known.figures_of(kpi, MON, MON, at=TEN, today=TODAY)

        reports = {"owed": 4, "on_time": 2, "late": 1, "missing": 1, "exceptions": 2, "overdue": 0}
        assert found == Figures(**reports, sessions=3, not_taken=1, breaches=1)
        assert (early.owed, early.exceptions, early.overdue, early.sessions) == (1, 1, 0, 1)
        assert known.fed_by(kpi) == {"concerns"}

    def test_a_person_decides_and_what_is_decided_anew_is_replaced(self, world, contract, kpi):
        first = rate(world, kpi)
        second = rate(world, kpi, grade="improve", reason=" The gate was open ")

        first.refresh_from_db()
        assert first.replaced_at == TEN
        assert (first.proposed, first.grade, first.figures["owed"]) == ("inadequate", "good", 4)
        assert (second.reason, second.replaced_at, second.rated_by) == ("The gate was open", None, world.eve)
        event = Event.objects.filter(action="monitoring.kpi.rated").latest("pk")
        assert event.data == {"kpi": kpi.pk, "proposed": "inadequate", "grade": "improve", "replaces": first.pk}
        assert event.organisation_id == world.larkshire.pk

    def test_whoever_comes_second_is_told_and_what_may_not_be_is_refused(self, world, contract, kpi):
        seen = rules.mark_of(None, known.figures_of(kpi, MON, THU, at=TEN, today=TODAY))
        rate(world, kpi, seen=seen)

        with pytest.raises(Refused, match="Somebody rated this period"):
            rate(world, kpi, seen=seen)
        with pytest.raises(Refused, match="today or earlier"):
            rate(world, kpi, last=TODAY + dt.timedelta(days=1))
        with pytest.raises(Denied):
            rate(world, kpi, by=world.tom)
        Contract.objects.update(state=ContractState.SIGNED)
        with pytest.raises(Refused, match="both sides have signed"):
            rate(world, Kpi.objects.get(pk=kpi.pk))
        assert Rating.objects.count() == 1

    def test_what_has_not_begun_is_not_rated_because_it_can_be_taken_back(self, world, kpi):
        kpi.__class__.objects.filter(pk=kpi.pk).update(from_on=THU + dt.timedelta(days=1))

        with pytest.raises(Refused, match="It is rated after that"):
            rate(world, kpi, last=THU)

        assert not Rating.objects.exists()

    def test_it_is_rated_on_its_page_and_the_provider_is_told(self, world, contract, kpi, sign_in):
        client = sign_in(world.eve)
        address = reverse("rate_kpi", args=[kpi.pk])
        page = client.get(address).content.decode()
        assert "2 of 4 (50.0%)" in page
        assert "Inadequate" in page
        seen = rules.mark_of(None, known.figures_of(kpi, dt.date(2026, 9, 1), TODAY, at=TEN, today=TODAY))

        empty = client.post(address, {"reason": "They told us at once", "seen": seen}).content.decode()
        stale = client.post(address, {"grade": "good", "reason": "They told us at once", "seen": "x"}).content.decode()
        saved = client.post(address, {"grade": "good", "reason": "They told us at once", "seen": seen}, follow=True)

        assert "Choose a rating" in empty
        assert "They told us at once" in empty
        assert "Somebody rated this period" in stale
        assert f'value="{seen}"' in stale
        assert "The rating is saved" in saved.content.decode()
        assert "Good" in saved.content.decode()
        again = client.get(address).content.decode()
        assert "This period is rated" in again
        assert "Earlier ratings" in again
        told = sign_in(world.alice).get(reverse("ratings_of", args=[world.ash_house.pk])).content.decode()
        assert "They told us at once" in told
        assert "2 on time, 1 late, 1 missing, of 4" in told
        none = sign_in(world.charlie).get(reverse("ratings_of", args=[world.birch_farm.pk])).content.decode()
        assert "No measure was rated yet" in none

    def test_a_measure_without_a_report_is_rated_by_words_alone(self, world, sign_in):
        contract = made_contract(world, made_place(world).framework)
        [kpi] = made_kpis(contract, titles=1)

        page = shown(sign_in(world.eve).get(reverse("rate_kpi", args=[kpi.pk]) + YEAR))

        assert "Nothing was to be reported in this period" in page
        assert "1 September 2026 to 9 October 2026" in page

    def test_the_list_finds_a_provider_and_costs_the_same_for_many(self, world, contract, sign_in):
        client, address = sign_in(world.eve), reverse("ratings", args=[world.larkshire.pk])

        def cost() -> int:
            with CaptureQueriesContext(connection) as found:
                client.get(address)
            return len(found)

        cost()
        one = cost()
        made_kpis(made_contract(world, contract.framework, provider=world.birch_farm))

        assert one == cost() <= 8
        assert "Birch Farm" in client.get(address).content.decode()
        found = client.get(address, {"provider": "ash"}).content.decode()
        assert "Birch Farm" not in found
        assert "Not rated yet" in found

    def test_who_may(self, world, contract, kpi):
        made_member(world, "connie", world.larkshire, Role.CONTRACTS)

        def may(predicate, thing):
            return {name for name, who in world.people.items() if predicate(who, thing)}

        assert may(permissions.can_watch, world.larkshire) == {"eve", "tom", "connie"}
        assert may(permissions.can_watch, world.elm_grove) == may(permissions.can_watch, world.ash_house) == set()
        assert may(permissions.can_rate, kpi) == {"eve", "connie"}
        assert may(permissions.can_be_told, world.ash_house) == {"alice", "bob"}
        assert may(permissions.can_be_told, world.larkshire) == set()
