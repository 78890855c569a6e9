"""What a stranger, a curious colleague and a broken page tried: who reads a name, what stands in the record of it, and
that nothing typed is lost."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from audit.models import Event
from core import clock
from monitoring.models import RegisterEntry
from referrals.models import Pupil
from tests.monitoring.made import DAY, made_alert, made_concern, made_incident, made_session, made_visit, watched
from tests.monitoring.registering import NOW, more_sessions, tap
from tests.referrals.placed import made_placement

SCRIPT = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def _at_half_past_nine(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: DAY)


def listed(by) -> list:
    """What the record says of lists of pupils that somebody was shown."""
    rows = Event.objects.filter(action="monitoring.pupils.listed", by=by).order_by("pk")
    return [(one.organisation_id, one.data) for one in rows]


def test_whoever_begins_to_raise_a_concern_leaves_the_line_that_whoever_writes_down_an_incident_leaves(world, sign_in):
    """The provider's lead reads its record: a line that one page alone wrote would tell of a concern about the lead."""
    made_placement(world)
    client, ours = sign_in(world.bob), [world.ash_house.pk]

    client.get(reverse("add_incident", args=ours))
    said = {"at": "kind", "key": uuid.uuid4(), "danger": "no", "kind": "adult"}
    asked = client.post(reverse("raise_concern", args=ours), said)

    assert "Quillsworth" in asked.text
    assert listed(world.bob) == [(world.ash_house.pk, {"pupils": 1})] * 2
    assert Event.objects.filter(by=world.bob).count() == 2


@pytest.mark.parametrize("name", ["plan_visit", "schedule_visits"])
def test_whoever_is_shown_the_pupils_whom_a_visit_could_be_to_is_in_the_record(world, sign_in, name):
    made_placement(world)

    page = sign_in(world.sana).get(reverse(name, args=[world.elm_grove.pk]))
    of_no_pupils = sign_in(world.eve).get(reverse(name, args=[world.larkshire.pk]))

    assert "Quillsworth" in page.text
    assert "Quillsworth" not in of_no_pupils.text
    assert listed(world.sana) == [(world.elm_grove.pk, {"pupils": 1})]
    assert listed(world.eve) == []


def test_what_a_register_s_script_is_shown_besides_its_own_mark_is_in_the_record(world, sign_in):
    first = made_session(watched(world))
    [second] = more_sessions(world, first.placement, 1)
    tap(world, first, "absent")
    client, ours = sign_in(world.bob), world.ash_house.pk
    everybody = [f"{one.pk}:{uuid.uuid4()}" for one in (first, second)]

    client.post(reverse("mark_rest", args=[ours]), {"keys": everybody[1:]}, headers=SCRIPT)
    own = listed(world.bob)
    both = client.post(reverse("mark_rest", args=[ours]), {"keys": everybody}, headers=SCRIPT)
    same = {"mark": "absent", "key": uuid.uuid4()}
    again = client.post(reverse("mark_session", args=[first.pk]), same, headers=SCRIPT)

    assert own == []
    assert set(both.json()["rows"]) == {str(first.pk), str(second.pk)}
    assert str(first.pk) in again.json()["rows"]
    assert listed(world.bob) == [(ours, {"pupils": 2}), (ours, {"pupils": 1})]


@pytest.mark.parametrize("session", ["-1", "0", "-99999999999999999999999", "9" * 5000, "٣", "1:1"])
def test_what_no_page_gave_out_marks_nobody_and_is_answered_in_words(world, sign_in, session):
    address = reverse("mark_rest", args=[world.ash_house.pk])

    answer = sign_in(world.bob).post(address, {"keys": f"{session}:{uuid.uuid4()}"}, headers=SCRIPT)

    assert (answer.status_code, RegisterEntry.objects.count()) in {(422, 0), (201, 0)}


def test_what_a_pupil_is_called_whose_record_has_moved_is_told_on_no_page_of_the_one_before(world, sign_in):
    """The placement is over and the pupil another council's now, perhaps under another name."""
    placement = watched(world)
    session = made_session(placement, mark="absent")
    alert, incident = made_alert(session), made_incident(world, placement)
    concern = made_concern(world, placement, raised_by=world.sana, raised_for=world.elm_grove)
    visit = made_visit(world, owner=world.elm_grove, placement=placement, state="planned", visitor=world.sana)
    placement.__class__.objects.update(state="ended", ended_on=DAY)
    Pupil.objects.update(commissioner=world.mereshire, last_name="Newname")
    client, ours = sign_in(world.sana), [world.elm_grove.pk]
    addresses = [reverse(name, args=ours) for name in ("alerts", "pupil_incidents", "live_registers")]
    addresses += [reverse("alert", args=[alert.pk]), reverse("incident", args=[incident.pk])]
    addresses += [reverse("concern", args=[concern.key]), reverse("visit", args=[visit.pk])]

    pages = {address: client.get(address) for address in addresses}

    assert {page.status_code for page in pages.values()} == {200}
    assert [address for address, page in pages.items() if "Newname" in page.text] == []
    assert [address for address, page in pages.items() if "whose record has moved" not in page.text] == []


def test_a_provider_keeps_its_book_of_accidents_without_the_name_of_a_pupil_it_may_not_see_any_more(world, sign_in):
    placement = made_placement(world)
    incident = made_incident(world, placement)
    placement.__class__.objects.update(hidden_at=NOW)

    ours = [
        sign_in(world.bob).get(address)
        for address in (reverse("incidents", args=[world.ash_house.pk]), reverse("incident", args=[incident.pk]))
    ]
    school = sign_in(world.sana).get(reverse("incident", args=[incident.pk]))

    assert ["A pupil who was with you" in page.text for page in ours] == [True, True]
    assert [page for page in ours if "Quillsworth" in page.text] == []
    assert "Quillsworth" in school.text


@pytest.mark.parametrize("kind", ["child", "adult"])
def test_whoever_has_nothing_to_do_with_a_provider_is_told_whom_to_ring_and_keeps_what_was_typed(world, sign_in, kind):
    said = {"at": "words", "key": uuid.uuid4(), "danger": "no", "kind": kind, "about": "Mr Marl", "detail": "A bruise"}

    client, address = sign_in(world.sana), reverse("raise_concern", args=[world.elm_grove.pk])
    before = client.post(address, {"at": "kind"} | {name: said[name] for name in ("key", "danger", "kind")})
    answer = client.post(address, said)

    assert "this cannot be sent" in before.text
    assert answer.status_code == 200
    assert "children’s social care" in answer.text
    assert "A bruise" in answer.text


@pytest.mark.parametrize("reference", ["SG\x01-2041", "SG\u202e-2041", "9" * 61])
def test_the_number_of_a_safeguarding_record_is_one_that_can_be_read(world, sign_in, reference):
    concern = made_concern(world, state="received")
    address = reverse("hand_over_concern", args=[concern.key])

    answer = sign_in(world.tom).post(address, {"to": "The school’s record", "reference": reference})

    concern.refresh_from_db()
    assert (answer.status_code, concern.state) == (200, "received")
    assert "The number" in answer.text
