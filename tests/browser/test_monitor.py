"""A day at a provider: its register on a phone, the alarm at the school, the daily report, the board, a visit that
nobody announced, and a concern."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache

from accounts.states import Role
from contracts.models import Contract
from core import clock
from monitoring import running
from monitoring.models import Alert, Concern, DailyReport, Rating, Session, Visit
from monitoring.queries.alerts import WAITING
from monitoring.states import AlertKind
from outbox.models import Message
from tests.browser.evaluate import DESK, PHONE, Walk
from tests.monitoring.made import DAY, STARTS, local, made_drill, made_dues, made_member, made_session, watched
from tests.monitoring.registering import more_sessions
from tests.referrals.made import CANARIES

DONE = "Rang home. A parent is on the way"
SEEN = "Calm and busy: one group cooked"
WORRY = "Has come without a coat for the third day"
LATE = "The tutor forgot it. It was taken as soon as the school rang"


class Hands:
    """The clock of this day."""

    def __init__(self):
        self.at = STARTS + dt.timedelta(minutes=5)

    def on(self, **passed) -> None:
        self.at += dt.timedelta(**passed)


@pytest.fixture
def hands(monkeypatch) -> Hands:
    found = Hands()
    monkeypatch.setattr(clock, "now", lambda: found.at)
    monkeypatch.setattr(clock, "today", lambda: DAY)
    return found


@pytest.fixture
def walk(window, come_in, violations, too_wide):
    """A desk, and a phone."""

    def open_one(width: int = DESK) -> Walk:
        return Walk(window(width=width), come_in, violations, too_wide, width)

    return open_one


@pytest.fixture
def sessions(world) -> list[Session]:
    """Three pupils at half past nine, under an agreement with five measures; somebody at Larkshire manages it."""
    placement = watched(world)
    found = [made_session(placement), *more_sessions(world, placement, 2)]
    made_drill(world)
    made_dues(Contract.objects.get())
    made_member(world, "con", world.larkshire, Role.CONTRACTS)
    return found


@pytest.mark.timeout(300)
def test_a_day_at_a_provider_from_the_register_to_the_concern(world, sessions, hands, walk):
    desk, phone = walk(), walk(PHONE)

    take(world, phone, sessions)
    ring(world, desk, sessions, hands)
    report(world, phone, hands)
    rate(world, desk)
    visit(world, desk, phone)
    worry(world, phone, desk)

    said = "\n".join(f"{one.to} {one.subject} {one.body}" for one in Message.objects.all())
    assert [word for word in [*CANARIES, DONE, WORRY] if word in said] == []
    assert desk.page.complaints == []
    assert phone.page.complaints == []


def take(world, phone: Walk, sessions) -> None:
    """Bob marks one present and one absent, and forgets the third."""
    page = phone.sit(world.bob, "registers", world.ash_house.pk)
    for session, name, colour in zip(sessions, ("Present", "Absent"), ("green", "red"), strict=False):
        page.locator(f"#session-{session.pk}").get_by_role("button", name=name).click()
        page.wait_for_selector(f"#session-{session.pk} .govuk-tag--{colour}")
    phone.look()


def ring(world, desk: Walk, sessions, hands: Hands) -> None:
    """Two minutes later Sana is told of the absence, and after thirty of the register; she answers the first."""
    hands.on(minutes=2)
    running.sound_alarms()
    assert Alert.objects.get().told_at == hands.at
    hands.on(minutes=24)
    running.sound_alarms()
    assert Alert.objects.get(kind=AlertKind.NOT_TAKEN).session == sessions[2]
    cache.delete(WAITING)  # what is known for some seconds on a clock that runs
    page = desk.sit(world.sana, "home")
    page.locator(".govuk-notification-banner").get_by_role("link").first.click()
    desk.see("Alerts")
    page.goto(f"/alerts/{Alert.objects.get(kind=AlertKind.ABSENT).pk}/")
    desk.look()
    page.locator("[name=done]").fill(DONE)
    desk.press("Answer the alert", DONE)
    assert Alert.objects.get(kind=AlertKind.ABSENT).acknowledged_by == world.sana
    assert Message.objects.filter(to=world.sana.email).count() >= 2
    page = desk.sit(world.olu, "outbox")
    assert not [word for word in CANARIES if word in desk.says()]


def report(world, phone: Walk, hands: Hands) -> None:
    """The tick alone is not enough on a day with a breach: Bob says what happened, then files."""
    hands.at = local(DAY, 16)
    page = phone.sit(world.bob, "daily_report", world.ash_house.pk)
    page.get_by_label("All else was as it should be").check()
    for still in page.locator("[name=still]").all():
        still.check()
    phone.press("File the report", "There is a problem")
    assert page.get_by_label("All else was as it should be").is_checked()
    page.get_by_label("What happened?").first.fill(LATE)
    phone.press("File the report", "filed")
    assert DailyReport.objects.get().late is False


def rate(world, desk: Walk) -> None:
    """Con sees it on the board, and rates a measure."""
    desk.sit(world.con, "board", world.larkshire.pk)
    desk.press("Ash House", "Measures by day")
    kpi = Contract.objects.get().kpis.earliest("number")
    page = desk.sit(world.con, "rate_kpi", kpi.pk)
    page.get_by_label("Good", exact=True).check()
    page.locator("[name=reason]").fill("Everything was reported in time")
    desk.press("Save the rating", "The rating is saved")
    assert Rating.objects.get().rated_by == world.con


def visit(world, desk: Walk, phone: Walk) -> None:
    """Eve plans an unannounced visit that Bob does not see, writes it on her phone, and shares it."""
    page = desk.sit(world.eve, "plan_visit", world.larkshire.pk)
    page.get_by_label("Half-termly unannounced visit").check()
    page.locator("[name=provider]").select_option(label="Ash House")
    for part, number in enumerate((DAY.day, DAY.month, DAY.year)):
        page.locator(f"[name=planned_on_{part}]").fill(str(number))
    desk.press("Plan the visit", "Ash House")
    planned = Visit.objects.get()
    phone.sit(world.bob, "visits_had", world.ash_house.pk)
    assert "unannounced visit" not in phone.says()
    assert phone.status("visit", planned.pk) == 404

    page = phone.sit(world.eve, "write_visit", planned.pk)
    for part, number in enumerate((DAY.day, DAY.month, DAY.year)):
        page.locator(f"[name=held_on_{part}]").fill(str(number))
    page.locator("[name=words]").fill(SEEN)
    phone.press("Finish the visit", SEEN)
    page.goto(f"/visits/{planned.pk}/share/")
    phone.look()
    page.locator("main form").get_by_role("button").last.click()
    phone.see("Since")
    phone.sit(world.bob, "visit", planned.pk)
    assert SEEN in phone.says()


def worry(world, phone: Walk, desk: Walk) -> None:
    """Bob says what he saw of a child; Tom receives it and hands it over."""
    page = phone.sit(world.bob, "raise_concern", world.ash_house.pk)
    page.get_by_label("No", exact=True).check()
    phone.press("Continue", "Whom are you worried about?")
    page.get_by_label("A child", exact=True).check()
    phone.press("Continue", "What did you see or hear?")
    page.locator("[name=placement]").select_option(index=1)
    page.locator("[name=detail]").fill(WORRY)
    phone.press("Continue", "Who will be told")
    phone.press("Send the concern", "The concern is sent")

    concern = Concern.objects.get()
    desk.sit(world.tom, "concerns", world.larkshire.pk)
    desk.page.goto(f"/concerns/{concern.key}/")
    desk.see(WORRY)
    desk.page.locator("main form").get_by_role("button").first.click()
    desk.see("Received")
    page = desk.page
    page.goto(f"/concerns/{concern.key}/hand-over/")
    desk.look()
    page.locator("[name=to]").fill("The school’s safeguarding record")
    page.locator("[name=reference]").fill("SG-2041")
    desk.press("It is handed over", "SG-2041")
    concern.refresh_from_db()
    assert (concern.state, concern.acknowledged_by, concern.handed_by) == ("handed", world.tom, world.tom)
