"""A provider takes its register on a phone whose connection comes and goes."""

from __future__ import annotations

import pytest
from django.urls import reverse

from core import clock
from monitoring.models import RegisterEntry, Session
from tests.monitoring.made import DAY, made_session, watched
from tests.monitoring.registering import NOW, more_sessions
from tests.referrals.made import CANARIES


@pytest.fixture
def at_half_past_nine(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: DAY)


@pytest.mark.usefixtures("at_half_past_nine")
def test_a_register_on_a_poor_connection_loses_nothing_and_says_what_is_not_sent(world, window, violations, too_wide):
    placement = watched(world)
    first = made_session(placement)
    second, third = more_sessions(world, placement, 2)
    page = window(world.bob, width=375)
    page.goto(reverse("registers", args=[world.ash_house.pk]))

    def line(session):
        return page.locator(f"#session-{session.pk}")

    line(first).get_by_role("button", name="Present").click()
    page.wait_for_selector(f"#session-{first.pk} .govuk-tag--green")
    assert page.locator("[data-register]").text_content() == ""

    # The server takes the mark, and its answer is lost on the way.
    lost = []

    def lose(route):
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/mark/", lose, times=1)
    line(second).get_by_role("button", name="Absent").click()
    page.wait_for_selector("text=1 mark not sent yet. They are kept on this device")
    assert line(second).get_by_text("Not sent yet").is_visible()
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert f"sessions/{second.pk}/mark" in kept
    assert [word for word in CANARIES if word in kept] == []
    page.wait_for_selector(f"#session-{second.pk} .govuk-tag--red")
    assert lost == [201]
    assert page.locator("[data-register]").text_content() == ""
    assert page.evaluate("localStorage.length") == 0
    assert RegisterEntry.objects.filter(session=second).count() == 1

    line(second).locator("select").select_option("ill")
    line(second).get_by_role("button", name="Save").click()
    page.wait_for_selector("text=The commissioner is told in a moment")
    page.wait_for_selector(f"#session-{second.pk} .portal-register__said:text-is('Ill')")
    assert (violations(page), too_wide(page)) == ([], [])
    page.get_by_role("button", name="Everybody else is here").click()
    page.wait_for_selector(f"#session-{third.pk} .govuk-tag--green")
    assert page.get_by_role("button", name="Everybody").count() == 0

    assert list(Session.objects.order_by("pk").values_list("mark", "reason")) == [
        ("present", ""),
        ("absent", "ill"),
        ("present", ""),
    ]
    assert [said for said in page.complaints if "ERR_FAILED" not in said] == []
