"""The thirty minutes as they are lived: an absence, a register that nobody takes, and who is told when."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail

from accounts.models import Closure, Membership
from accounts.states import Role
from audit.models import Event
from core.access import Denied, System
from lots.rules.refusals import Refused
from monitoring import running
from monitoring.actions import alarms as actions
from monitoring.models import Alert, AlertTold, Session
from monitoring.queries import alerts as queries
from monitoring.queries.rungs import rungs_of
from monitoring.states import AlertKind, Whom
from outbox.states import Channel, Mode, Queue
from referrals.models import Placement
from referrals.rules.private import Private
from tests.monitoring.alarms import BY, MINUTE, SECOND, after, letters, made_rota, marked, messages, receivers, swept
from tests.monitoring.made import DAY, STARTS, local, made_member, made_session, watched
from tests.referrals.made import CANARIES, made_pupil
from tests.referrals.placed import made_placement

pytestmark = pytest.mark.django_db
SANA, TARIQ, TOM = "sana@sana.example", "tariq@tariq.example", "tom@tom.example"
URL = "/organisations/"


@pytest.fixture
def session(world) -> Session:
    return made_session(watched(world))


@pytest.fixture
def hetty(world):
    """A second lead at Elm Grove, who answers second."""
    return made_member(world, "hetty", world.elm_grove, Role.SCHOOL_DSL)


def alert_of(session, kind=AlertKind.ABSENT) -> Alert:
    return Alert.objects.get(session=session, kind=kind)


def test_an_absence_is_told_to_whoever_answers_first_two_minutes_later(world, session):
    [first, _] = made_rota(world, world.sana, "01632 960 112")
    marked(session, "absent", after(5), by=world.bob)

    assert swept(after(7) - SECOND) == (0, 0, 0)
    assert swept(after(7)) == (0, 1, 0)

    alert = alert_of(session)
    assert (alert.raised_at, alert.told_at, alert.tell_at, alert.rung) == (after(5), after(7), after(17), 1)
    [told] = AlertTold.objects.all()
    assert (told.alert, told.cover, told.user, told.whom, told.at) == (alert, first, world.sana, Whom.COVER, after(7))
    [message] = messages().all()
    assert (message.to, message.key) == (SANA, f"alert:{alert.pk}:1:u{world.sana.pk}")
    assert (message.queue, message.mode, message.due_at) == (Queue.ALARMS, Mode.SEND_FIRST, after(7))
    assert f"{URL}{world.elm_grove.pk}/alerts/" in message.body
    assert not [word for word in CANARIES if word in message.subject + message.body + message.key]


def test_one_that_is_taken_back_within_two_minutes_is_never_sent(world, session):
    made_rota(world, world.sana)
    marked(session, "absent", after(5), by=world.bob)
    marked(session, "present", after(6), by=world.bob)

    assert swept(after(60)) == (0, 0, 0)

    alert = alert_of(session)
    assert (alert.undone_at, alert.undone_by, alert.tell_at) == (after(6), world.bob, None)
    assert letters() == []
    marked(session, "absent", after(61), by=world.bob)
    assert swept(after(61)) == (0, 1, 0)  # he went away again


def test_who_comes_after_all_ends_it_without_erasing_it(world, session):
    made_rota(world, world.sana)
    marked(session, "absent", after(5))
    swept(after(7))

    marked(session, "late", after(9), arrived=dt.time(9, 31))

    alert = alert_of(session)
    assert (alert.told_at, alert.over_at, alert.tell_at, alert.undone_at) == (after(7), after(9), None, None)
    assert swept(after(40)) == (0, 0, 0)
    assert queries.open_for(world.sana) == []


def test_nobody_answers_and_it_climbs_the_rota_the_leads_and_the_trust(world, session, hetty):
    covers = made_rota(world, world.sana, "07700 900222")
    marked(session, "absent", after(0))

    told = []
    for minute in (2, 11.9, 12, 22, 32, 42):
        swept(after(minute))
        told.append(receivers()[sum(map(len, told)) :])

    assert told == [[SANA], [], ["hetty@hetty.example"], [TARIQ], [], []]
    alert = alert_of(session)
    assert (alert.rung, alert.tell_at, alert.reached_authority) == (3, None, world.oak_trust)
    assert list(alert.told.values_list("whom", flat=True)) == ["cover", "dsl", "authority"]
    assert covers[1].pk not in alert.told.values_list("cover", flat=True)  # texts cannot be sent from here
    assert alert in Alert.objects.visible_to(world.tariq)


def test_a_text_goes_to_a_mobile_where_texts_are_set_up(world, session, settings):
    settings.NOTIFY_API_KEY, settings.NOTIFY_TEXT_TEMPLATE = "key", "template"
    [first, second] = made_rota(world, world.sana, "+44 7700 900222")
    type(first).objects.filter(pk=first.pk).update(phone="07700 900111")
    marked(session, "absent", after(0))
    alert = alert_of(session)

    swept(after(2))
    swept(after(12))

    key = f"alert:{alert.pk}"
    assert letters() == [
        (SANA, f"{key}:1:u{world.sana.pk}"),
        ("07700900111", f"{key}:1:u{world.sana.pk}:text"),
        ("07700900222", f"{key}:2:c{second.pk}:text"),
    ]
    texts = list(messages().filter(channel=Channel.TEXT).order_by("pk"))
    assert [one.body.partition(" http")[0] for one in texts] == [
        "A pupil has not arrived. Sign in to see who:",
        "A pupil has not arrived. A colleague who can sign in must see who:",
    ]
    assert {one.queue for one in texts} == {Queue.ALARMS}


def test_nobody_on_the_rota_goes_to_the_lead_at_once_and_says_so(world, session):
    marked(session, "absent", after(0))

    swept(after(2))

    assert receivers() == [SANA]
    assert "Nobody on your rota could be told, so this comes to you." in messages().get().body


def test_whoever_left_the_school_gets_no_email_and_does_not_hold_it_up(world, session, hetty):
    made_rota(world, hetty)
    Membership.objects.filter(user=hetty).update(ended_at=after(-60), person_name="")
    marked(session, "absent", after(0))

    swept(after(2))

    assert receivers() == [SANA]


def test_a_school_without_a_trust_is_taken_to_the_officer_of_its_council(world, session):
    type(world.elm_grove).objects.filter(pk=world.elm_grove.pk).update(parent=None)
    marked(session, "absent", after(0))
    swept(after(2))

    swept(after(12))

    assert receivers() == [SANA, TOM]
    alert = alert_of(session)
    assert alert.reached_authority == world.larkshire
    assert queries.open_for(world.tom) == [(world.larkshire.pk, 1)]
    assert f"{URL}{world.larkshire.pk}/alerts/" in messages().last().body
    assert "Nobody has answered yet" in messages().last().body


@pytest.mark.parametrize(
    ("side", "told"), [("oak_trust", ["tia@tia.example", TARIQ]), ("larkshire", [TOM, "eve@eve.example"])]
)
def test_a_trust_and_a_council_answer_with_their_own_people(world, side, told):
    made_member(world, "tia", world.oak_trust, Role.TRUST_DSL)
    buyer = getattr(world, side)
    session = made_session(made_placement(world, pupil=made_pupil(world, commissioner=buyer)))
    marked(session, "absent", after(0))

    swept(after(2))
    swept(after(12))
    swept(after(22))

    assert receivers() == told
    assert alert_of(session).tell_at is None


def test_nobody_at_all_is_a_breach_and_is_tried_again(world, session):
    Membership.objects.exclude(organisation=world.ash_house).delete()
    marked(session, "absent", after(0))
    swept(after(2))
    alert = alert_of(session)
    assert (alert.told_at, alert.tell_at) == (None, after(12))

    assert swept(after(30))[0] == 1

    breach = alert_of(session, AlertKind.NOT_TOLD)
    assert (breach.raised_at, breach.written_at) == (after(30), after(30))
    made_member(world, "hetty", world.elm_grove, Role.SCHOOL_DSL)
    swept(after(40))
    assert receivers() == ["hetty@hetty.example"]  # one message of one pupil, for both
    assert messages().get().subject == "A pupil has not arrived"


def test_a_register_that_is_not_taken_reminds_the_provider_and_then_is_a_breach(world, session):
    made_rota(world, world.sana)
    assert swept(after(20) - SECOND) == (0, 0, 0)

    assert swept(after(20)) == (0, 0, 1)
    assert swept(after(21)) == (0, 0, 0)
    assert [to for to, _ in letters()] == ["bob@bob.example"]
    nudge = messages().get()
    place = f"{world.ash_house.pk}:{session.site_id}:20261005T0830"
    assert (nudge.queue, nudge.key) == (Queue.MAIL, f"nudge:{place}:{world.bob.pk}")
    assert not [word for word in CANARIES if word in nudge.subject + nudge.body]

    assert swept(after(30) - SECOND) == (0, 0, 0)
    assert swept(after(30)) == (1, 1, 0)

    breach = alert_of(session, AlertKind.NOT_TAKEN)
    assert (breach.raised_at, breach.told_at, breach.commissioner) == (after(30), after(30), world.elm_grove)
    assert receivers()[1:] == [SANA]
    [event] = Event.objects.filter(action="monitoring.alert.breached")
    assert (event.about_id, event.organisation_id, event.data["kind"]) == (breach.pk, world.elm_grove.pk, "not_taken")

    marked(session, "present", after(33), by=world.bob, arrived=dt.time(9, 25))  # a time that is typed erases nothing
    breach.refresh_from_db()
    assert (breach.raised_at, breach.over_at, breach.undone_at) == (after(30), after(33), None)
    assert swept(after(90)) == (0, 0, 0)
    assert Alert.objects.get() == breach


def test_a_late_register_that_says_absent_is_told_at_once(world, session):
    made_rota(world, world.sana)
    swept(after(30))

    marked(session, "absent", after(31))

    assert swept(after(31)) == (0, 1, 0)
    assert receivers() == [SANA, "bob@bob.example", SANA]
    assert alert_of(session, AlertKind.NOT_TAKEN).over_at == after(31)
    assert not Alert.objects.filter(kind=AlertKind.NOT_TOLD).exists()


@pytest.mark.parametrize(
    ("marks", "kinds"),
    [
        ([("absent", 5)], {"absent", "not_told"}),  # nobody was there to tell for 35 minutes
        ([("absent", 29.9)], {"absent", "not_told"}),
        ([("absent", 5), ("present", 25)], {"absent"}),  # came in time
        ([("absent", 5), ("present", 32)], {"absent", "not_told"}),  # came too late to make it untrue
        ([("present", 5), ("absent", 33)], {"absent"}),
        ([("absent", 33)], {"absent"}),  # the sweep never saw it untaken
        ([], {"not_taken"}),
    ],
)
def test_what_is_written_down_when_alarms_were_away_until_the_thirty_fifth_minute(world, session, marks, kinds):
    for mark, minute in marks:
        marked(session, mark, after(minute))

    swept(after(35))
    swept(after(36))

    assert set(Alert.objects.standing().values_list("kind", flat=True)) == kinds
    assert Alert.objects.count() == len(kinds)


def test_told_in_time_is_no_breach_and_neither_is_an_answer_from_the_page(world, session):
    made_rota(world, world.sana)
    other = made_session(watched_again(world))
    marked(session, "absent", after(28))
    assert swept(after(29))[1] == 1
    marked(other, "absent", after(29.9))
    actions.acknowledge(alert=alert_of(other), done="Rang", by=world.sana, at=after(29.95))

    assert swept(after(31)) == (0, 0, 0)
    assert set(Alert.objects.values_list("kind", flat=True)) == {"absent"}


def watched_again(world):
    """A second pupil at Ash House."""
    first = Placement.objects.get()
    return made_placement(world, place=first.place, pupil=made_pupil(world, private=Private()))


@pytest.mark.parametrize(
    ("fields", "written"),
    [
        ({"caught_up": True}, 0),
        ({"state": "cancelled", "cancelled_at": after(-60)}, 0),
        ({"day": DAY - dt.timedelta(days=7), "starts_at": STARTS - dt.timedelta(days=7),
          "ends_at": STARTS - dt.timedelta(days=7, hours=-5)}, 0),
        ({"starts_at": STARTS - dt.timedelta(hours=26), "ends_at": STARTS - dt.timedelta(hours=21)}, 1),  # an outage
        ({}, 1),
    ],
)  # fmt: skip
def test_which_sessions_without_a_register_are_breaches(world, fields, written):
    made_session(watched(world), **fields)

    assert swept(after(30))[0] == written


def test_a_register_of_last_week_rings_nobody(world):
    session = made_session(watched(world), day=DAY - dt.timedelta(days=7))

    marked(session, "absent", after(0))

    assert not Alert.objects.exists()


def test_each_of_two_sessions_a_day_has_its_own_thirty_minutes(world, session):
    made_rota(world, world.sana)
    later = made_session(session.placement, starts_at=after(240), ends_at=after(360))
    marked(session, "absent", after(5))
    swept(after(7))

    assert swept(after(270))[0] == 1

    assert alert_of(later, AlertKind.NOT_TAKEN).raised_at == after(270)
    assert not Alert.objects.filter(session=session, kind=AlertKind.NOT_TAKEN).exists()


def test_on_the_day_on_which_the_clocks_change_minutes_are_elapsed_minutes(world):
    day = dt.date(2026, 10, 25)  # a Sunday; a session on dates at 01:15 summer time, the clocks go back at 02:00
    starts_at = dt.datetime(2026, 10, 25, 0, 45, tzinfo=dt.UTC)
    session = made_session(watched(world), day=day, starts_at=starts_at, ends_at=starts_at + 180 * MINUTE)

    assert swept(starts_at + 29 * MINUTE)[0] == 0
    assert swept(starts_at + 30 * MINUTE)[0] == 1
    assert alert_of(session, AlertKind.NOT_TAKEN).raised_at == starts_at + 30 * MINUTE


def test_in_the_schools_holidays_whoever_answers_then_is_told(world, session, hetty):
    """The provider is open, the school is not: the line that holds in holidays alone answers."""
    made_rota(world, world.sana)
    made_rota(world, hetty, holidays=True)
    Closure.objects.create(organisation=world.elm_grove, starts_on=DAY, ends_on=DAY, reason="INSET")
    marked(session, "absent", after(0))

    swept(after(2))

    assert receivers() == ["hetty@hetty.example"]


def test_many_pupils_make_one_message_and_each_alert_says_who_was_told(world, session):
    made_rota(world, world.sana)
    other = made_session(watched_again(world))
    for one in (session, other):
        marked(one, "absent", after(1))

    swept(after(3))

    [message] = messages().all()
    assert message.subject == "2 pupils have not arrived"
    found = queries.told_of([session.pk, other.pk])
    assert {key: [(one.told, one.in_words) for one in rows] for key, rows in found.items()} == {
        one.pk: [([("Gwen Office", after(3))], "Elm Grove School was told")] for one in (session, other)
    }


def test_an_answer_ends_it_for_everybody_and_is_kept_sealed(world, session, hetty):
    made_rota(world, world.sana)
    marked(session, "absent", after(5))
    swept(after(35))
    absent, breach = alert_of(session), alert_of(session, AlertKind.NOT_TOLD)

    actions.acknowledge(alert=absent, done="Rang his father", by=hetty, at=after(36))

    for one in (absent, breach):
        one.refresh_from_db()
        assert (one.acknowledged_at, one.acknowledged_by, one.tell_at) == (after(36), hetty, None)
        assert queries.done_of(one) == "Rang his father"
        assert b"father" not in bytes(one.done)
    assert swept(after(60)) == (0, 0, 0)
    assert "father" not in str(list(Event.objects.values_list("data", flat=True)))
    with pytest.raises(Refused, match="Hetty has answered"):
        actions.acknowledge(alert=absent, done="Too", by=world.sana, at=after(37))
    with pytest.raises(Denied):
        actions.acknowledge(alert=absent, done="Too", by=world.bob, at=after(37))


def test_who_has_no_account_or_number_is_passed_over_and_a_mark_that_changes_nothing_does_nothing(world, session):
    made_rota(world, "01632 960 111")
    [cover, lead, _] = rungs_of([world.elm_grove.__class__.objects.get(pk=world.elm_grove.pk)], after(0))[
        world.elm_grove.pk
    ]
    assert [one.can_be_told for one in cover.people + lead.people] == [False, True]
    swept(after(30))
    marked(session, "", after(31))
    assert alert_of(session, AlertKind.NOT_TAKEN).over_at is None
    marked(session, "present", after(31))
    Alert.objects.update(over_at=None)
    marked(session, "", after(32))  # taken back: still not taken
    assert alert_of(session, AlertKind.NOT_TAKEN).over_at is None


def test_a_provider_where_only_the_lead_works_is_reminded_through_the_lead(world, session):
    Membership.objects.filter(organisation=world.ash_house, role=Role.PROVIDER_STAFF).delete()

    swept(after(25))

    assert receivers() == ["alice@alice.example"]


def test_only_the_portal_itself_sounds_alarms(world):
    for act in (actions.write_breaches, actions.tell, actions.nudge):
        with pytest.raises(Denied):
            act(by=System("outbox.sweep"), at=after(0))


def test_one_pass_does_all_of_it_and_a_piece_that_fails_stops_no_other(world, session, monkeypatch):
    made_rota(world, world.sana)
    marked(session, "absent", after(5))
    monkeypatch.setattr("core.clock.now", lambda: after(31))

    def broken(**_):
        raise RuntimeError("away")

    with monkeypatch.context() as patched:
        patched.setattr(actions, "write_breaches", broken)
        with pytest.raises(RuntimeError, match="away"):
            running.sound_alarms()
    assert receivers() == [SANA]

    assert running.sound_alarms() == 1  # the breach that was not written down before
    assert running.sound_alarms() == 0


@pytest.mark.parametrize(
    ("mark", "minute", "late"),
    [("", 30, 0), ("", 31.5, 90), ("absent", 3, 0), ("absent", 5, 120), ("present", 60, 0)],
)
def test_how_late_an_alarm_is_that_was_not_told_or_written_down(world, session, mark, minute, late):
    if mark:
        marked(session, mark, after(1))

    assert queries.all_late_seconds(at=after(minute)) == late


def test_a_hundred_absences_at_once_cost_a_constant_number_of_statements(world, session, django_assert_num_queries):
    made_rota(world, world.sana)
    placement = session.placement
    rows = [
        Session(
            placement=placement, provider=placement.provider, commissioner=placement.commissioner, day=DAY,
            starts_at=STARTS + number * SECOND, ends_at=local(DAY, 14), mark="absent", marked_at=after(5),
        )
        for number in range(1, 101)
    ]  # fmt: skip
    many, at = Session.objects.bulk_create(rows), after(5)
    Alert.objects.bulk_create(
        Alert(session=one, commissioner=one.commissioner, kind="absent", raised_at=at, written_at=at, tell_at=after(7))
        for one in many
    )

    with django_assert_num_queries(13):
        assert actions.tell(by=BY, at=after(7)) == 100

    assert AlertTold.objects.filter(at=after(7)).count() == 100
    assert messages().get().subject == "100 pupils have not arrived"
    assert mail.outbox == []
