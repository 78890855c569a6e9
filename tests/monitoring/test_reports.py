"""The daily report: one tick on a quiet day, words where the records say otherwise, each buyer its own part."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from accounts.states import Role
from audit.models import Event
from contracts.models import Contract, KpiLine
from contracts.states import Asked, Fed
from core import clock
from core.access import Denied
from lots.rules.refusals import Refused
from monitoring.models import Answer, DailyReport, ReportDue, ReportTerms, StandingAnswer
from monitoring.queries import reports as queries
from monitoring.rules.reporting import Meanwhile, Said
from referrals.models import ProviderEvent
from tests.monitoring.made import (
    DAY,
    absent,
    local,
    made_alert,
    made_concern,
    made_dues,
    made_incident,
    made_member,
    made_report,
    made_session,
)
from tests.monitoring.reported import (
    FOUR,
    NEXT_WEEK,
    SEVEN,
    TOLD,
    WELL,
    file,
    filed,
    quiet_day,
    second_buyer,
    without_standing,
)
from tests.referrals.made import CANARIES

WORDS = Said("well", "First aid was given")


@pytest.fixture
def four(monkeypatch):
    """It is four in the afternoon of the Monday."""
    monkeypatch.setattr(clock, "now", lambda: FOUR)
    monkeypatch.setattr(clock, "today", lambda: DAY)


def page_of(world, **asked):
    return reverse("daily_report", args=[world.ash_house.pk], query=asked)


def typed(client, url) -> dict:
    """What a browser would send back of the form, untouched."""
    form = client.get(url).context["form"]
    return {"seen": form["seen"].value(), "asked": form["asked"].value()}


def test_a_quiet_day_is_one_tick_and_one_button(world, sign_in, four):
    _, contract = quiet_day(world)
    without_standing(contract)
    client = sign_in(world.bob)

    shown = client.get(page_of(world)).content.decode()
    answer = client.post(page_of(world), typed(client, page_of(world)) | {"quiet": "on"}, follow=True)

    report = DailyReport.objects.get()
    assert shown.count('type="checkbox"') == 1
    assert "1 of 1" in shown
    assert "due by 6pm" in shown
    assert answer.redirect_chain == [(reverse("report", args=[report.pk]), 302)]
    assert "Your report is filed" in answer.content.decode()
    assert (report.version, report.quiet, report.late, report.filed_by) == (1, True, False, world.bob)
    assert set(Answer.objects.values_list("status", flat=True)) == {"well"}
    assert set(ReportDue.objects.values_list("report", "late")) == {(report.pk, False)}
    event = Event.objects.get(about_type="monitoring.dailyreport")
    assert (event.action, event.organisation_id) == ("monitoring.report.filed", world.ash_house.pk)
    assert event.data == {"version": 1, "exceptions": 0, "changed": 0, "late": False}


def test_nothing_typed_is_lost_and_what_is_wrong_is_said_at_its_field(world, sign_in, four):
    _, contract = quiet_day(world)
    key = contract.kpis.first().pk
    client = sign_in(world.alice)
    sent = typed(client, page_of(world)) | {
        f"what_{key}": "A window was broken",
        f"by_{key}_0": "31",
        f"by_{key}_1": "2",
    }

    no_status = client.post(page_of(world), sent).content.decode()
    no_action = client.post(page_of(world), sent | {f"status_{key}": "exception", "quiet": "on"}).content.decode()
    named = client.post(
        page_of(world),
        sent | {f"status_{key}": "exception", "quiet": "on", "still": "on", f"action_{key}": "Mended by Quillon",
                f"by_{key}_0": "12", f"by_{key}_1": "10", f"by_{key}_2": "2026"},
    ).content.decode()  # fmt: skip
    incomplete = client.post(page_of(world), {"quiet": "on"}).content.decode()

    assert "Choose whether it was as it should be" in no_status
    assert "A window was broken" in no_status
    assert f'href="#id_action_{key}">Write what is done about it' in no_action
    assert "Take out “Quillon”" in named
    assert "Mended by Quillon" in named
    assert "it was sent incomplete" in incomplete
    assert not DailyReport.objects.exists()


@pytest.mark.parametrize(("at", "late"), [(local(DAY, 18), False), (SEVEN, True)])
def test_a_report_after_the_cut_off_of_a_buyer_is_late_for_that_buyer(world, at, late):
    _, contract = quiet_day(world)
    other = second_buyer(world)
    ReportTerms.objects.create(buyer=world.oak_trust, cut_off=dt.time(21), changed_at=FOUR)

    report = file(world, filed(contract, other), at=at)

    assert report.late is late
    assert set(ReportDue.objects.filter(contract=contract).values_list("late", flat=True)) == {late}
    assert set(ReportDue.objects.filter(contract=other).values_list("late", flat=True)) == {False}


def test_a_correction_is_a_further_version_and_makes_nothing_timely(world):
    _, contract = quiet_day(world)
    first = file(world, filed(contract), at=SEVEN)

    with pytest.raises(Refused, match="Nothing is different"):
        file(world, filed(contract), at=SEVEN, seen=1)
    second = file(world, filed(contract, k1=TOLD), at=SEVEN, seen=1, by=world.bob)

    assert (second.version, second.late, second.quiet) == (2, False, False)
    assert set(ReportDue.objects.values_list("report", "late")) == {(first.pk, True)}
    assert Answer.objects.get(report=first, kpi__number=1).status == "well"
    assert Answer.objects.get(report=second, kpi__number=1).what == "A window was broken"
    event = Event.objects.get(action="monitoring.report.corrected")
    assert event.data == {"version": 2, "exceptions": 1, "changed": 1, "late": False}


def test_a_second_click_files_nothing_more_and_somebody_else_is_told(world):
    _, contract = quiet_day(world)
    first = file(world, filed(contract))

    assert file(world, filed(contract)) == first
    with pytest.raises(Meanwhile, match="Somebody has filed this report"):
        file(world, filed(contract), by=world.bob)
    with pytest.raises(Meanwhile, match="Somebody has filed this report"):
        file(world, filed(contract, k1=TOLD))
    assert DailyReport.objects.count() == 1


def test_who_is_told_keeps_what_was_typed_and_may_file_it_after_all(world, sign_in, four):
    _, contract = quiet_day(world)
    without_standing(contract)
    key = contract.kpis.first().pk
    client = sign_in(world.bob)
    sent = typed(client, page_of(world)) | {"quiet": "on", f"status_{key}": "well", f"what_{key}": "A long walk"}
    file(world, filed(contract))

    told = client.post(page_of(world), sent)
    again = client.post(page_of(world), sent | {"seen": told.context["form"]["seen"].value()}, follow=True)

    assert "Somebody has filed this report meanwhile" in told.content.decode()
    assert "A long walk" in told.content.decode()
    assert "Your correction is filed" in again.content.decode()
    assert DailyReport.objects.count() == 2


def test_what_the_records_say_asks_for_words_and_the_tick_is_not_enough(world, sign_in, four):
    placement, contract = quiet_day(world, mark=None)
    made_session(placement)
    made_incident(world, placement)
    client = sign_in(world.alice)

    shown = client.get(page_of(world)).content.decode()

    assert "1 register is not taken" in shown
    assert "1 incident was written down" in shown
    with pytest.raises(Refused, match="register is not taken"):
        file(world, filed(contract, k2=WORDS))
    report = file(world, filed(contract, k2=WORDS, k3=TOLD))
    assert report.quiet is False
    figures = report.figures[str(world.larkshire.pk)]
    assert (figures["expected"], figures["taken"], figures["incidents"], figures["first_aid"]) == (1, 0, 1, 1)
    assert report.figures["0"] == figures


def test_figures_stay_as_they_were_when_the_report_was_filed(world):
    placement, contract = quiet_day(world, mark=None)
    session = made_session(placement)
    report = file(world, filed(contract, k3=TOLD))

    type(session).objects.update(mark="present", marked_at=FOUR, entries_made=1)

    report.refresh_from_db()
    assert report.figures["0"]["taken"] == 0
    assert queries.figures_of(world.ash_house, DAY, FOUR, {contract.buyer_id})[0].taken == 1


def test_absences_are_counted_with_those_told_in_time(world):
    placement, contract = quiet_day(world, mark=None)
    made_alert(absent(placement))
    later = absent(placement, starts_at=local(DAY, 13), ends_at=local(DAY, 14), marked_at=local(DAY, 13, 50))
    made_alert(later)
    made_alert(later, kind="not_told")
    made_session(placement, starts_at=local(DAY, 17), ends_at=local(DAY, 18))
    made_session(placement, starts_at=local(DAY, 15), ends_at=local(DAY, 16), state="cancelled", cancelled_at=FOUR)

    found = queries.figures_of(world.ash_house, DAY, FOUR, {contract.buyer_id})[contract.buyer_id]

    assert (found.expected, found.taken, found.to_come, found.not_taken) == (3, 2, 1, 0)
    assert (found.absent, found.told, found.breaches) == (2, 1, 1)


def test_a_concern_about_an_adult_is_in_no_figure(world):
    placement, contract = quiet_day(world)
    before = queries.figures_of(world.ash_house, DAY, FOUR, {contract.buyer_id})
    made_concern(world, placement, kind="adult")
    made_concern(world, kind="adult")
    made_concern(world, placement, about_user=world.bob)

    assert queries.figures_of(world.ash_house, DAY, FOUR, {contract.buyer_id}) == before

    made_concern(world, placement)
    made_concern(world)
    after = queries.figures_of(world.ash_house, DAY, FOUR, {contract.buyer_id})
    assert (after[0].concerns, after[contract.buyer_id].concerns) == (2, 1)


def test_each_buyer_sees_its_own_part_alone(world, sign_in):
    placement, contract = quiet_day(world)
    other = second_buyer(world)
    made_incident(world, placement)
    report = file(world, filed(contract, other, k2=Said("well", "A cut was dressed at Larkshire’s session")))
    page = reverse("report", args=[report.pk])

    theirs = sign_in(world.eve).get(page).content.decode()
    trusts = sign_in(world.tariq).get(page).content.decode()
    own = sign_in(world.alice).get(page).content.decode()

    assert "Larkshire" in theirs
    assert "Oak Trust" not in theirs
    assert "Oak Trust" in trusts
    assert "For Larkshire" not in trusts
    assert "Incidents</dt><dd>1" in theirs
    assert "Incidents</dt><dd>0" in trusts
    assert "All pupils" in own
    assert not [word for word in CANARIES if word in theirs + trusts + own]


def test_a_buyer_is_not_told_of_a_version_that_changed_nothing_of_its_part(world, sign_in):
    _, contract = quiet_day(world)
    other = second_buyer(world)
    first = file(world, filed(contract, other))
    said = filed(contract, other, seen=1)
    kpi = other.kpis.first().pk
    second = file(world, said, said=dict(said.said) | {kpi: TOLD})

    theirs = sign_in(world.eve).get(reverse("report", args=[first.pk])).content.decode()
    trusts = sign_in(world.tariq).get(reverse("report", args=[second.pk])).content.decode()

    assert "Versions" not in theirs
    assert "corrected" not in theirs
    assert "Versions" in trusts
    assert "Changed" in trusts


def test_measures_that_ask_alike_are_answered_once_and_can_be_answered_apart(world, sign_in, four):
    _, contract = quiet_day(world)
    other = second_buyer(world)
    for one in (contract, other):
        without_standing(one)
    client = sign_in(world.alice)
    first, second = contract.kpis.first().pk, other.kpis.first().pk
    sent = typed(client, page_of(world)) | {"quiet": "on", f"status_{first}": "well", f"what_{first}": "Calm"}

    one_by_one = client.post(page_of(world), sent | {"take_apart": str(first)}).content.decode()
    client.post(page_of(world), sent | {"apart": str(first), f"status_{second}": "well", f"what_{second}": "Busy"})

    assert "There is a problem" not in one_by_one
    assert one_by_one.count("Calm") == 2
    assert dict(Answer.objects.exclude(what="").values_list("kpi", "what")) == {first: "Calm", second: "Busy"}
    assert Answer.objects.count() == 10
    correcting = client.get(page_of(world, correct="1")).content.decode()
    assert "Busy" in correcting


def test_lines_that_stand_are_asked_once_a_term_and_after_a_change(world, sign_in, four):
    _, contract = quiet_day(world)
    lines = KpiLine.objects.filter(kpi__contract=contract, asked=Asked.TERM, kind="standard")
    client = sign_in(world.alice)
    sent = typed(client, page_of(world)) | {"quiet": "on"}
    key = lines.first().pk

    untold = client.post(page_of(world), sent).content.decode()
    client.post(page_of(world), sent | {"still": "on", f"changed_{key}": "A new policy"})

    assert "Tick that this is still so" in untold
    assert dict(StandingAnswer.objects.values_list("still", "words")) == {False: "A new policy", True: ""}
    tomorrow = DAY + dt.timedelta(days=1)
    made_dues(contract, day=tomorrow)

    def now(day, at):
        dues = queries.dues_of(world.ash_house, day)
        return queries.day_of(world.ash_house, day, dues, at=at, today=day).lines

    assert now(tomorrow, local(tomorrow, 16)) == ()
    assert len(now(DAY, SEVEN)) == 2  # a correction shows what was answered
    ProviderEvent.objects.create(
        provider=world.ash_house, kind="staff", key="x", facts="A new lead", happened_on=DAY, written_at=SEVEN
    )
    assert [one.why for one in now(tomorrow, local(tomorrow, 16))] == ["change", "change"]


def test_a_day_that_owes_nothing_and_one_to_come_offer_nothing(world, sign_in, four):
    _, contract = quiet_day(world)
    client = sign_in(world.alice)

    saturday = client.get(page_of(world, day="2026-10-03")).content.decode()
    to_come = client.get(page_of(world, day="2026-10-07")).content.decode()
    wrong = [
        client.get(page_of(world, day=day), follow=True).content.decode()
        for day in ("tomorrow", "9999-12-31", "0001-01-01")
    ]
    earlier = client.get(reverse("daily_reports", args=[world.ash_house.pk]), {"day": "0001-01-01"})

    assert "No report is owed for" in saturday
    assert "has not come" in to_come
    assert all("That is not a day" in page for page in wrong)
    assert earlier.status_code == 200
    assert "<form method" not in saturday.split("<main")[1] + to_come.split("<main")[1]
    with pytest.raises(Refused, match="No report is owed"):
        file(world, filed(contract), day=DAY - dt.timedelta(days=2))
    with pytest.raises(Refused, match="has not come"):
        file(world, filed(contract), today=DAY - dt.timedelta(days=1))


def test_a_missing_day_is_filed_late_and_what_is_no_longer_asked_is_not(world):
    _, contract = quiet_day(world)
    dropped = ReportDue.objects.filter(contract=contract).last()
    ReportDue.objects.filter(pk=dropped.pk).update(dropped_at=FOUR)

    report = file(world, filed(contract), at=local(NEXT_WEEK, 9))

    assert report.late
    assert report.answers.count() == 4
    dropped.refresh_from_db()
    assert (dropped.report, dropped.late) == (None, False)


def test_what_is_asked_later_that_day_is_met_by_the_next_version(world):
    _, contract = quiet_day(world)
    first = file(world, filed(contract))
    other = second_buyer(world)

    with pytest.raises(Meanwhile, match="has changed"):
        file(world, filed(contract, seen=1))
    second = file(world, filed(contract, other), at=SEVEN, seen=1)

    assert set(ReportDue.objects.filter(contract=contract).values_list("report", "late")) == {(first.pk, False)}
    assert set(ReportDue.objects.filter(contract=other).values_list("report", "late")) == {(second.pk, True)}


def test_nobody_else_files_and_no_day_is_filed_for_a_council(world):
    _, contract = quiet_day(world)
    for somebody in (world.charlie, world.eve, world.sana):
        with pytest.raises(Denied):
            file(world, filed(contract), by=somebody)
    dsl = made_member(world, "dina", world.ash_house, Role.PROVIDER_DSL)
    assert file(world, filed(contract), by=dsl).filed_by == dsl


def test_a_fact_goes_to_the_measure_that_is_fed_by_it(world):
    placement, contract = quiet_day(world, mark=None)
    KpiLine.objects.filter(kpi__contract=contract, fed=Fed.REGISTERS).update(fed=Fed.ABSENCES)
    made_session(placement)

    with pytest.raises(Refused, match="1 register is not taken") as refused:
        file(world, filed(contract))

    assert refused.value.field == f"what_{contract.kpis.get(number=3).pk}"


def test_the_list_says_what_is_to_be_filed_and_what_was_told(world, sign_in, four):
    _, contract = quiet_day(world)
    made_report(contract, day=DAY - dt.timedelta(days=5), exception="A window was broken")

    shown = sign_in(world.alice).get(reverse("daily_reports", args=[world.ash_house.pk])).content.decode()

    assert "To be filed" in shown
    assert "Due today" in shown
    assert "Something to tell" in shown


@pytest.mark.parametrize("buyers", [1, 2])
def test_a_report_costs_the_same_for_one_buyer_and_for_two(world, sign_in, four, django_assert_max_num_queries, buyers):
    _, contract = quiet_day(world)
    contracts = [contract] + [second_buyer(world) for _ in range(buyers - 1)]
    client = sign_in(world.alice)
    client.get(page_of(world))

    with django_assert_max_num_queries(22):
        client.get(page_of(world))
    report = file(world, filed(*contracts))
    with django_assert_max_num_queries(9):
        client.get(reverse("report", args=[report.pk]))
    assert Contract.objects.count() == buyers
    assert WELL in queries.said_in(report).values()
