"""Registers: a tap for each pupil, corrections as entries, what is sent twice stands once, and who sees it."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from accounts.states import Role
from audit.models import Event
from core import clock
from core.access import Denied, System
from lots.rules.refusals import Refused
from monitoring import tasks
from monitoring.actions import purging
from monitoring.models import Alert, Incident, RegisterEntry, Session, Visit
from monitoring.permissions.registers import PURGE
from monitoring.queries.registers import stands_in
from monitoring.rules.registers import Entry
from monitoring.views import register_rows
from outbox.models import Message
from referrals.models import Enrolment, Pupil
from tests.apframework.test_logs import lines  # noqa: F401
from tests.monitoring.made import (
    DAY,
    STARTS,
    absent,
    made_alert,
    made_incident,
    made_member,
    made_session,
    made_visit,
    watched,
)
from tests.monitoring.registering import MINUTE, NOW, more_sessions, rest, tap
from tests.referrals.made import CANARIES


@pytest.fixture
def at_half_past_nine(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: DAY)


def entries(session) -> list[tuple]:
    return list(session.entries.values_list("number", "mark", "reason", "made_by__name"))


class TestMarking:
    def test_each_tap_is_an_entry_and_the_last_one_stands(self, world):
        session = made_session(watched(world))

        tap(world, session, "absent")
        tap(world, session, "absent", reason="ill", note="Rang the mother")
        now = tap(world, session, "late", at=NOW + 10 * MINUTE)

        assert entries(session) == [
            (1, "absent", "unknown", "Bob"),
            (2, "absent", "ill", "Bob"),
            (3, "late", "", "Bob"),
        ]
        assert (now.mark, now.arrived, now.marked_at, now.marked_by, now.entries_made) == (
            "late",
            dt.time(9, 45),
            NOW + 10 * MINUTE,
            world.bob,
            3,
        )
        assert stands_in(now) == Entry("late", arrived=dt.time(9, 45))
        assert b"mother" not in bytes(session.entries.get(number=2).note)
        data = [one.data for one in Event.objects.filter(action="monitoring.session.marked").order_by("pk")]
        common = {"placement": session.placement_id}
        assert data == [
            common | {"number": 1, "mark": "absent", "before": ""},
            common | {"number": 2, "mark": "absent", "before": "absent"},
            common | {"number": 3, "mark": "late", "before": "absent"},
        ]

    def test_what_is_sent_again_over_a_poor_connection_stands_once(self, world):
        session, key = made_session(watched(world)), uuid.uuid4()

        first = tap(world, session, "absent", key=key, reason="ill")
        again = tap(world, session, "absent", key=key, reason="ill", at=NOW + 20 * MINUTE, waited=20)
        after_a_fortnight = tap(world, session, "absent", key=key, reason="ill", at=NOW + dt.timedelta(days=20))

        assert (first.marked_at, again.marked_at, after_a_fortnight.marked_at) == (NOW, NOW, NOW)
        assert RegisterEntry.objects.count() == Alert.objects.count() == 1
        with pytest.raises(Refused, match="page is old"):
            tap(world, session, "absent", key=key, reason="shut")
        with pytest.raises(Refused, match="page is old"):
            tap(world, made_session(session.placement, day=DAY + dt.timedelta(days=2)), "absent", key=key, reason="ill")

    def test_the_same_tap_twice_changes_nothing(self, world):
        session = made_session(watched(world))

        tap(world, session)
        tap(world, session)

        assert entries(session) == [(1, "present", "", "Bob")]

    def test_a_tap_that_waited_counts_from_when_it_came_and_the_pupil_from_when_they_did(self, world):
        session = made_session(watched(world))

        now = tap(world, session, "late", waited=20, at=STARTS + 25 * MINUTE)

        assert (now.marked_at, now.arrived) == (STARTS + 25 * MINUTE, dt.time(9, 35))

    def test_a_tap_that_waited_does_not_undo_what_a_colleague_saw_since(self, world):
        dina = made_member(world, "dina", world.ash_house, Role.PROVIDER_DSL)
        session = made_session(watched(world))
        tap(world, session, "present", by=dina, at=NOW + 10 * MINUTE)

        with pytest.raises(Refused, match="A colleague has marked"):
            tap(world, session, "absent", at=NOW + 20 * MINUTE, waited=15)
        tap(world, session, "late", at=NOW + 30 * MINUTE, waited=5)

        assert [one[1] for one in entries(session)] == ["present", "late"]

    def test_a_tap_on_the_wrong_pupil_is_taken_back_and_nobody_is_told(self, world):
        session = made_session(watched(world))
        tap(world, session, "absent")

        now = tap(world, session, "", at=NOW + MINUTE)

        assert (now.mark, now.marked_at, now.marked_by, now.entries_made) == ("", None, None, 2)
        assert Alert.objects.get().undone_at == NOW + MINUTE
        tap(world, session, "present", at=NOW + 2 * MINUTE)
        with pytest.raises(Refused, match="two minutes"):
            tap(world, session, "", at=NOW + 5 * MINUTE)

    def test_a_correction_does_not_erase_what_was_recorded(self, world):
        session = absent(watched(world))
        alert = made_alert(session, kind="not_taken")

        tap(world, session, "late", arrived=dt.time(9, 32), at=STARTS + 60 * MINUTE)

        alert.refresh_from_db()
        assert (alert.undone_at, alert.raised_at) == (None, STARTS + 30 * MINUTE)
        assert session.entries.get(number=1).made_at == STARTS + 5 * MINUTE

    def test_absent_again_after_coming_is_told_again(self, world):
        session = made_session(watched(world))
        tap(world, session, "absent")
        Alert.objects.update(told_at=NOW + 2 * MINUTE, tell_at=None, rung=1)
        tap(world, session, "present", at=NOW + 5 * MINUTE)

        now = tap(world, session, "absent", at=NOW + 8 * MINUTE)

        assert now.mark == "absent"

    @pytest.mark.parametrize(
        ("fields", "at"),
        [
            ({"state": "cancelled", "cancelled_at": STARTS}, NOW),
            ({}, STARTS - 61 * MINUTE),
            ({}, STARTS + dt.timedelta(days=15)),
        ],
    )
    def test_a_register_that_is_not_open_is_refused_and_keeps_nothing(self, world, fields, at):
        session = made_session(watched(world), **fields)

        with pytest.raises(Refused):
            tap(world, session, at=at)
        assert rest(world, session, at=at) == []
        assert RegisterEntry.objects.count() == 0

    def test_nobody_marks_but_those_who_meet_the_pupils(self, world):
        placement = watched(world)
        session = made_session(placement)

        for somebody in (world.alice, world.charlie, world.sana, world.eve):
            with pytest.raises(Denied):
                tap(world, session, by=somebody)
        with pytest.raises(Denied):
            rest(world, session, by=world.alice)
        placement.hidden_at = NOW
        placement.save()
        with pytest.raises(Denied):
            tap(world, session)
        assert rest(world, session) == []


class TestEverybodyElse:
    def test_those_whom_nobody_has_marked_are_here(self, world):
        placement = watched(world)
        first = made_session(placement)
        others = more_sessions(world, placement, 2)
        tap(world, first, "absent")

        done = rest(world, first, *others)

        assert done == [one.pk for one in others]
        assert list(Session.objects.order_by("pk").values_list("mark", "entries_made")) == [
            ("absent", 1),
            ("present", 1),
            ("present", 1),
        ]
        event = Event.objects.get(action="monitoring.sessions.marked")
        assert (event.about_id, event.data) == (world.ash_house.pk, {"sessions": 2, "first": others[0].pk})

    def test_sent_twice_it_marks_nobody_again_even_if_a_mark_was_taken_back(self, world):
        session = made_session(watched(world))
        keys = {session.pk: uuid.uuid4()}

        assert rest(world, session, keys=keys) == [session.pk]
        tap(world, session, "", at=NOW + MINUTE)
        assert rest(world, session, keys=keys, at=NOW + 2 * MINUTE) == []
        assert [one[1] for one in entries(session)] == ["present", ""]

    def test_a_stranger_s_sessions_are_none_of_it(self, world):
        session = made_session(watched(world), provider=world.birch_farm)

        assert rest(world, session) == []


@pytest.mark.usefixtures("at_half_past_nine")
class TestPages:
    def registers(self, client, world, **query):
        return client.get(reverse("registers", args=[world.ash_house.pk]), query)

    def test_a_register_without_a_script(self, world, sign_in):
        session = made_session(watched(world))
        client = sign_in(world.bob)
        page = self.registers(client, world)
        [group] = page.context["groups"]
        [one] = group.lines

        assert "Quillsworth" in page.text
        assert "Everybody is here" in page.text
        answer = client.post(one.mark_url, {"mark": "absent", "key": one.key})
        assert answer["Location"].endswith(f"/registers/?day=2026-10-05#session-{session.pk}")
        page = self.registers(client, world)
        assert "The commissioner is told in a moment" in page.text
        assert "Everybody" not in page.text
        assert page.text.index('value="unknown" selected') < page.text.index('value="ill"')
        client.post(one.mark_url, {"mark": "absent", "reason": "ill", "key": uuid.uuid4()})
        assert Session.objects.get().reason == "ill"
        assert Event.objects.filter(action="accounts.organisation.read").exists()

    def test_the_script_is_answered_with_the_line_as_it_stands(self, world, sign_in):
        session = made_session(watched(world))
        client, script = sign_in(world.bob), {"Accept": "application/json"}
        address = reverse("mark_session", args=[session.pk])
        body = {"mark": "late", "key": uuid.uuid4(), "ago": "120"}

        first = client.post(address, body, headers=script)
        again = client.post(address, body, headers=script)
        refused = client.post(address, {"mark": "late", "key": uuid.uuid4(), "arrived": "9:20"}, headers=script)
        nothing = client.post(address, {}, headers=script)

        assert (first.status_code, again.status_code) == (201, 201)
        assert 'value="late" aria-pressed="true"' in again.json()["rows"][str(session.pk)]
        assert "arrived at 09:33" in again.json()["rows"][str(session.pk)]
        assert refused.status_code == nothing.status_code == 422
        assert refused.json() == {"state": "refused", "said": "The time of arrival must be from 09:30 to 14:30"}
        assert nothing.json()["said"] == "Choose present, late or absent"
        assert len(entries(session)) == 1

    def test_what_is_refused_is_still_on_the_page(self, world, sign_in):
        session = made_session(watched(world))
        body = {
            "mark": "late",
            "arrived": "16:00",
            "left": "",
            "reason": "unknown",
            "note": "By taxi",
            "key": uuid.uuid4(),
        }

        page = sign_in(world.bob).post(reverse("mark_session", args=[session.pk]), body)

        assert "The time of arrival must be from 09:30 to 14:30" in page.text
        assert "By taxi" in page.text
        assert Session.objects.get().mark == ""

    def test_left_early_with_a_note_is_kept_sealed_and_shown_to_those_who_may(self, world, sign_in):
        session = made_session(watched(world))
        body = {"mark": "present", "left": "9:34", "note": "Felt sick", "reason": "unknown", "key": uuid.uuid4()}
        sign_in(world.bob).post(reverse("mark_session", args=[session.pk]), body)
        address = reverse("session_entries", args=[session.pk])

        page = sign_in(world.sana).get(address)

        assert "Felt sick" in page.text
        assert "Left at 09:34" in page.text
        assert Event.objects.filter(action="monitoring.session.read", by=world.sana).count() == 1
        assert sign_in(world.charlie).get(address).status_code == 404

    def test_everybody_else_in_one_tap(self, world, sign_in):
        placement = watched(world)
        first = made_session(placement)
        more_sessions(world, placement, 1)
        client = sign_in(world.bob)
        tap(world, first, "absent")
        page = self.registers(client, world)
        address = reverse("mark_rest", args=[world.ash_house.pk])
        keys = page.context["groups"][0].rest

        assert "Everybody else is here" in page.text
        answer = client.post(address, {"keys": keys, "day": "2026-10-05", "site": "0"}, follow=True)
        assert "1 pupil is marked as present" in answer.text
        drawn = client.post(address, {"keys": keys}, headers={"Accept": "application/json"})
        assert list(drawn.json()["rows"]) == [keys[0].partition(":")[0]]
        for bad in (["x"], ["1:2"], [keys[0], "0:" + keys[0].partition(":")[2]], []):
            assert "This page is old" in client.post(address, {"keys": bad}, follow=True).text
        bad = client.post(address, {"keys": "x"}, headers={"Accept": "application/json"})
        assert (bad.status_code, bad.json()["state"]) == (422, "refused")

    def test_by_site_and_by_day(self, world, sign_in):
        placement = watched(world)
        made_session(placement)
        made_session(placement, starts_at=STARTS + 60 * MINUTE, site=None)
        made_session(placement, day=DAY - dt.timedelta(days=5), mark="present")
        client = sign_in(world.bob)
        site = placement.sessions.first().site_id

        def shown(**query):
            return [group.place for group in self.registers(client, world, **query).context["groups"]]

        assert len(shown()) == 2
        assert shown(site=0) == ["Away from the provider’s sites"]
        assert len(shown(site=site)) == 1
        assert len(shown(site="nowhere")) == 2
        assert len(shown(day="2026-09-30")) == 1
        assert shown(day="2026-10-06") == []
        assert "No session takes place" in self.registers(client, world, day="2026-10-06").text

    def test_more_than_a_page_holds_goes_on_on_the_next(self, world, sign_in, monkeypatch):
        monkeypatch.setattr(register_rows, "LINES", 1)
        placement = watched(world)
        made_session(placement)
        made_session(placement, starts_at=STARTS + 60 * MINUTE, site=None)
        client = sign_in(world.bob)

        first, second = self.registers(client, world), self.registers(client, world, page=2)

        assert "These are 1 to 1 of 2 sessions" in first.text
        assert [len(one.context["groups"]) for one in (first, second)] == [1, 1]
        assert first.context["sites"] == [(placement.sessions.first().site_id, "Workshop"), (0, None)]

    def test_the_school_sees_it_live_and_looks_once_an_hour(self, world, sign_in):
        placement = watched(world)
        session = made_session(placement)
        address = reverse("live_registers", args=[world.elm_grove.pk])
        client = sign_in(world.sana)

        assert "Not taken yet" in client.get(address).text
        tap(world, session, "absent", reason="ill")
        page = client.get(address).text
        assert [word in page for word in ("Absent", "Ill, marked at 09:35", 'hx-trigger="every 30s"')] == [True] * 3
        made_session(placement, starts_at=STARTS - 60 * MINUTE)
        made_alert(Session.objects.latest("pk"), kind="not_taken")
        made_session(placement, starts_at=STARTS + 60 * MINUTE)
        page = client.get(address).text
        assert [word in page for word in ("Register not taken after 30 minutes", "Not started")] == [True] * 2
        read = Event.objects.filter(action="monitoring.registers.read")
        assert [(one.by, one.organisation_id, one.data) for one in read] == [
            (world.sana, world.elm_grove.pk, {"day": "2026-10-05"})
        ]
        assert sign_in(world.eve).get(reverse("live_registers", args=[world.larkshire.pk])).text.count("Zephyrine") == 0

    def test_a_look_that_could_not_be_noted_is_not_shown_and_noted_next_time(self, world, sign_in, monkeypatch):
        from monitoring.actions import looking

        address, client = reverse("live_registers", args=[world.elm_grove.pk]), sign_in(world.sana)
        with monkeypatch.context() as broken:
            broken.setattr(looking.audit, "record", lambda *args, **words: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                client.get(address)

        client.get(address)

        assert Event.objects.filter(action="monitoring.registers.read").count() == 1


@pytest.mark.usefixtures("at_half_past_nine")
class TestCodes:
    def page(self, client, world, **query):
        return client.get(reverse("attendance_codes", args=[world.elm_grove.pk]), query).text

    def file(self, client, world, kind="csv", **query):
        return client.get(reverse("export_attendance", args=[world.elm_grove.pk, kind]), query)

    WEEK = {"day_0": "7", "day_1": "10", "day_2": "2026", "span": "week"}

    def test_suggested_with_the_reason_for_a_day_and_for_its_week(self, world, sign_in):
        placement = watched(world)
        made_session(placement, mark="present")
        made_session(placement, day=DAY + dt.timedelta(days=2), mark="absent", reason="ill")
        client = sign_in(world.sana)

        day, week = self.page(client, world), self.page(client, world, **self.WEEK)

        assert f"Activity: {placement.lot.title}" in day
        assert "The school sets the code" in day
        assert "Ill" not in day.partition("<table")[2]
        assert "Wednesday" in week
        assert "09:30 to 14:30: absent" in week
        wrong = {"day_0": "99", "day_1": "10", "day_2": "2026", "span": "week"}
        assert "as a real date" in self.page(client, world, **wrong)
        assert self.file(client, world, **wrong)["Location"].endswith("/attendance-codes/")
        assert "no code follows" in self.page(client, world, day_0="1", day_1="9", day_2="2026", span="day")

    def test_the_council_s_is_k_and_dual_registration_is_d(self, world, sign_in):
        placement = watched(world, basis="s19")
        made_session(placement, mark="present")
        client = sign_in(world.sana)
        assert "The council arranged it" in self.page(client, world)

        profile = world.ash_house
        profile.urn = "900777"
        profile.save(update_fields=["urn"])
        school = world.ash_house.__class__.objects.create(
            kind="school", name="Ash House School", name_key="ash house school", urn="900777"
        )
        row = Enrolment.objects.create(
            pupil=placement.pupil, school=school, kind="other", from_on=DAY - dt.timedelta(days=30)
        )
        assert "registered at that school too" in self.page(client, world)
        row.until_on = DAY - dt.timedelta(days=1)
        row.save()
        assert "registered at that school too" not in self.page(client, world)

    def test_the_file_has_a_line_for_each_half_day_and_runs_as_no_formula(self, world, sign_in):
        placement = watched(world)
        Pupil.objects.update(last_name='=HYPERLINK("x")')
        made_session(placement, mark="absent", reason="refused")
        client = sign_in(world.sana)

        csv = self.file(client, world)
        text = b"".join(csv.streaming_content).decode()
        xlsx = b"".join(self.file(client, world, "xlsx").streaming_content)

        assert "'=HYPERLINK" in text
        assert [line.split(",")[1] for line in text.splitlines()[1:]] == ["AM", "PM"]
        assert ",O,Did not want to come," in text
        assert xlsx.startswith(b"PK")
        assert csv["Content-Disposition"] == (
            f'attachment; filename="attendance-{world.elm_grove.pk}-2026-10-05-2026-10-05.csv"'
        )
        assert self.file(client, world, "pdf").status_code == 404
        assert Event.objects.filter(data__page="export_attendance").count() == 2


class TestForgotten:
    def test_what_registers_say_of_a_pupil_goes_with_the_pupil(self, world):
        placement = watched(world)
        session = made_session(placement)
        tap(world, session, "absent", reason="ill", note="Zephyrine rang")
        Alert.objects.all().delete()
        alert = made_alert(session, done="Rang Zephyrine")
        incident = made_incident(world, placement)
        visit = made_visit(world, placement=placement)
        Visit.objects.update(seen=b"sealed")
        [other] = more_sessions(world, placement, 1, mark="absent", reason="ill")

        tasks.purge_registers()
        assert Session.objects.exclude(reason="").count() == 2
        Pupil.objects.filter(pk=placement.pupil_id).update(purged_at=NOW)
        tasks.purge_registers()
        tasks.purge_registers()

        session.refresh_from_db()
        assert (session.mark, session.reason, bytes(session.note)) == ("absent", "", b"")
        entry = session.entries.get()
        assert (entry.mark, entry.reason, bytes(entry.note)) == ("absent", "", b"")
        assert bytes(Alert.objects.get(pk=alert.pk).done) == b""
        assert bytes(Incident.objects.get(pk=incident.pk).words) == b""
        assert bytes(Visit.objects.get(pk=visit.pk).seen) == b""
        other.refresh_from_db()
        assert other.reason == "ill"
        assert [one.data for one in Event.objects.filter(action="monitoring.registers.purged")] == [{"rows": 5}]

    def test_a_few_at_a_time_by_the_portal_alone(self, world, monkeypatch):
        placement = watched(world)
        absent(placement)
        absent(placement, day=DAY + dt.timedelta(days=2))
        Pupil.objects.update(purged_at=NOW)
        monkeypatch.setattr(purging, "AT_ONCE", 1)

        assert purging.purge_registers(by=System(PURGE), at=NOW) == 2
        with pytest.raises(Denied):
            purging.purge_registers(by=world.bob, at=NOW)


@pytest.mark.usefixtures("at_half_past_nine")
def test_a_pupil_s_name_is_told_to_nobody_but_those_who_may_see_it(world, sign_in, lines):  # noqa: F811
    placement = watched(world)
    session = made_session(placement)
    bob = sign_in(world.bob)
    pages = [reverse("registers", args=[world.ash_house.pk]), reverse("mark_session", args=[session.pk])]
    bob.post(pages[1], {"mark": "absent", "reason": "ill", "note": "Zephyrine rang", "key": uuid.uuid4()})
    titles = [bob.get(page).text.partition("<title>")[2].partition("</title>")[0] for page in pages]
    sana = sign_in(world.sana)
    csv = sana.get(reverse("export_attendance", args=[world.elm_grove.pk, "csv"]))

    held = [*titles, *pages, csv["Content-Disposition"], str(lines())]
    held += [str(one.data) for one in Event.objects.all()]
    held += [f"{one.subject} {one.body} {one.key}" for one in Message.objects.all()]
    assert [(word, text) for word in CANARIES for text in held if word in text] == []
    for stranger in (world.alice, world.charlie, world.eve, world.tariq, world.ines):
        client = sign_in(stranger)
        for page in (*pages, reverse("session_entries", args=[session.pk])):
            assert client.get(page).status_code in {403, 404}
