"""Alerts on pages: the list, one of them with its answer, and the banner on every page of whoever answers."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apframework import health
from audit.models import Event
from monitoring.models import Alert
from monitoring.queries import alerts as queries
from tests.monitoring.alarms import after, made_rota, marked, swept
from tests.monitoring.made import absent, made_alert, made_session, watched
from tests.referrals.made import CANARIES

NAME = "Quillsworth"


def text(client, name, *args, **data) -> str:
    return client.get(reverse(name, args=args), data).content.decode()


def test_the_list_has_what_waits_first(world, sign_in):
    placement = watched(world)
    made_rota(world, world.sana)
    client = sign_in(world.sana)
    for number in range(3):
        session = made_session(placement, starts_at=after(number * 60), ends_at=after(number * 60 + 30), mark="absent")
        made_alert(session)
        if number:
            done = made_session(placement, starts_at=after(300 + number * 60), ends_at=after(330 + number * 60))
            made_alert(done, kind="not_taken", acknowledged_at=after(340), acknowledged_by=world.sana)
    page = text(client, "alerts", world.elm_grove.pk)

    assert page.index("Waiting for an answer") < page.index("Who answers now") < page.index("Answered or over")
    assert page.count(NAME) == 5
    assert "Register not taken within 30 minutes" in page
    assert NAME not in page.partition("</title>")[0]


def test_one_alert_shows_all_that_happened_and_is_answered_on_its_page(world, sign_in):
    session = made_session(watched(world))
    made_rota(world, world.sana)
    marked(session, "absent", after(5), by=world.bob)
    swept(after(7))
    alert = Alert.objects.get()
    client = sign_in(world.sana)

    page = text(client, "alert", alert.pk)

    assert f'<h1 class="govuk-heading-l">Quillon Zephyrine {NAME}</h1>' in page or NAME in page.partition("<h1")[2]
    assert "Gwen Office was told (who answers)" in page
    assert "09:37" in page
    assert not [word for word in CANARIES if word in page.partition("</title>")[0]]
    assert Event.objects.filter(action="monitoring.alert.read", about_id=alert.pk, by=world.sana).count() == 1

    url = reverse("acknowledge_alert", args=[alert.pk])
    wrong = client.post(url, {"done": " "}).content.decode()
    assert "Write what was done" in wrong
    answered = client.post(url, {"done": "Rang his father"}, follow=True).content.decode()
    assert "The alert is answered" in answered
    assert "Rang his father" in answered
    assert "Sana answered" in answered
    again = client.post(url, {"done": "I rang as well"}).content.decode()
    assert "Sana has answered this alert already" in again
    assert "I rang as well" in again
    assert "Answered" in text(client, "alerts", world.elm_grove.pk)


def test_the_trust_reads_it_once_it_came_to_it_and_the_provider_never(world, sign_in):
    alert = made_alert(absent(watched(world)))
    url = reverse("alert", args=[alert.pk])
    assert sign_in(world.tariq).get(url).status_code == 404
    assert "Nothing waits for an answer" in text(sign_in(world.tariq), "alerts", world.oak_trust.pk)

    Alert.objects.update(reached_authority=world.oak_trust)

    assert "Answer the alert" in text(sign_in(world.tariq), "alert", alert.pk)
    assert NAME in text(sign_in(world.tariq), "alerts", world.oak_trust.pk)
    assert sign_in(world.bob).get(url).status_code == 404


def test_one_that_was_taken_back_or_is_over_says_so_and_asks_nothing(world, sign_in):
    session = made_session(watched(world))
    marked(session, "absent", after(5))
    marked(session, "present", after(6))
    alert = Alert.objects.get()
    client = sign_in(world.sana)

    page = text(client, "alert", alert.pk)
    assert "The mark was taken back before anybody was told" in page
    assert "Answer the alert" not in page
    assert "Nobody stands on the rota now" in page
    assert "already" in client.post(reverse("acknowledge_alert", args=[alert.pk]), {"done": "x"}).content.decode()
    swept(after(7))
    marked(session, "absent", after(10))
    swept(after(12))
    marked(session, "late", after(13))
    assert "came late" in text(client, "alerts", world.elm_grove.pk)
    assert queries.told_of([session.pk])[session.pk][0].in_words == "Elm Grove School was told"


def test_the_banner_stands_on_every_page_of_whoever_answers_until_somebody_has(world, sign_in):
    alert = made_alert(absent(watched(world)))
    sana, bob = sign_in(world.sana), sign_in(world.bob)

    page = text(sana, "pupils", world.elm_grove.pk)
    assert "One alert about a pupil waits for an answer" in page
    assert f'href="{reverse("alerts", args=[world.elm_grove.pk])}"' in page
    assert 'role="alert"' in page
    for person in (bob, sign_in(world.max), sign_in(world.tariq), Client()):
        assert "portal-alarm" not in text(person, "home")
    second = made_alert(absent(alert.session.placement, starts_at=after(60)), kind="not_taken")
    assert "One alert" in text(sana, "home")  # known for a few seconds
    queries.forget_waiting()
    assert "2 alerts about pupils wait for an answer" in text(sana, "home")

    for one in (alert, second):
        sana.post(reverse("acknowledge_alert", args=[one.pk]), {"done": "Rang"})

    assert "portal-alarm" not in text(sana, "home")


@pytest.mark.parametrize(("roles", "queries_made"), [("sana", 1), ("bob", 0), ("max", 0), ("nora", 0)])
def test_the_banner_costs_one_query_and_only_those_who_work_with_pupils(world, roles, queries_made):
    person = getattr(world, roles)
    queries.open_for(person)

    with CaptureQueriesContext(connection) as asked:
        queries.open_for(person)

    assert len(asked) == queries_made


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        ("has answered", {"acknowledged": True}),
        ("is told in a moment", {"told_at": None, "tell_at": after(7)}),
        ("need not be told any more", {"told_at": None, "over_at": after(7)}),
    ],
)
def test_a_register_says_how_an_alert_stands(world, words, fields):
    if fields.pop("acknowledged", False):
        fields = {"acknowledged_at": after(7), "acknowledged_by": world.sana}
    session = absent(watched(world))
    made_alert(session, **fields)

    [notice] = queries.told_of([session.pk])[session.pk]

    assert words in notice.in_words


@pytest.mark.parametrize(("seconds", "status"), [(50, "ok"), (90, "late by 90 seconds")])
def test_readyz_is_red_when_an_alarm_was_not_told_for_a_minute(world, monkeypatch, seconds, status):
    now = timezone.now()
    monkeypatch.setattr("core.clock.now", lambda: now)
    made_alert(absent(watched(world)), told_at=None, tell_at=now - dt.timedelta(seconds=seconds))

    assert health.alarms() == status


def test_where_nobody_waits_the_banner_of_the_next_pages_asks_nothing(world, django_assert_num_queries):
    with django_assert_num_queries(2):  # her roles, and who waits
        assert queries.waiting_for(world.sana) == []
    with django_assert_num_queries(0):
        assert queries.waiting_for(world.sana) == []
