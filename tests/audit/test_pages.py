"""The record as people see it."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import record
from accounts.actions import invitations
from accounts.models import Membership
from audit import steps as audit
from audit import words
from audit.filters import Person, RecordFilter
from audit.models import Event
from core.access import Anonymous, System

AT = dt.datetime(2026, 3, 2, 12, 30, tzinfo=dt.UTC)


def happen(action="accounts.invitation.sent", *, times=1, **fields):
    fields = {"by": System("tests.run"), "at": AT} | fields
    with transaction.atomic():
        return [audit.record(action, **fields) for _ in range(times)]


def shown(response) -> list[list[str]]:
    """When, who, what and about of each line on the page."""
    return [[line.who, line.what, line.details, line.about] for line in response.context["lines"]]


def page(client, organisation, **query):
    return client.get(reverse("audit", args=[organisation.pk]), query)


def test_the_record_says_who_did_what_to_whom(world, sign_in):
    membership = Membership.objects.get(user=world.bob)
    data = {"person": world.bob.pk, "role": "provider_staff", "schools": []}
    happen("accounts.role.given", by=world.alice, about=membership, organisation=world.ash_house, data=data)
    happen(
        "accounts.organisation.changed",
        about=world.ash_house,
        organisation=world.ash_house,
        data={"fields": ["name", "share_code"]},
    )
    happen("accounts.person.left", by=world.bob, about=world.bob, organisation=world.ash_house)
    happen("accounts.invitation.sent", by=Anonymous, organisation=world.ash_house)
    happen("accounts.person.left", by=world.charlie, about=world.charlie, organisation=world.birch_farm)

    response = page(sign_in(world.alice), world.ash_house)

    assert shown(response) == [
        ["Somebody who had not signed in", "Invitation sent", "", ""],
        ["Bob", "Left the organisation", "", "Bob"],
        ["The portal", "Organisation’s details changed", "fields: name, share code", "Ash House"],
        ["Alice", "Role given", "Bob; Provider staff", f"Role {membership.pk}"],
    ]
    assert "2 March 2026 at 12:30pm" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, [5, 4, 3, 2, 1, 0]),
        ({"action": "accounts.term.added"}, [1]),
        ({"first": "2/3/2026"}, [5, 4, 3, 2, 1]),
        ({"last": "1 March 2026"}, [0]),
        ({"first": "2026-03-03", "last": "03/03/2026"}, [5, 4, 3]),
        ({"first": "4/3/2026"}, []),
        ({"thing": "accounts.user-7"}, [2]),
        ({"thing": "accounts.user-7'; DROP TABLE"}, [5, 4, 3, 2, 1, 0]),
        ({"person": "bob", "action": "accounts.term.removed"}, [5]),
    ],
)
def test_the_record_can_be_narrowed(world, sign_in, query, numbers):
    there = {"organisation": world.ash_house}
    days = [AT + dt.timedelta(days=n) for n in range(-1, 2)]
    happen("accounts.term.removed", at=days[0].replace(hour=23, minute=59), **there)  # 23:59 in England: still winter
    happen("accounts.term.added", at=days[1].replace(hour=0), **there)
    Event.objects.create(
        at=days[1],
        action="accounts.person.left",
        by_label="system:tests.run",
        about_type="accounts.user",
        about_id=7,
        organisation_id=world.ash_house.pk,
    )
    happen("accounts.term.removed", at=days[2], **there)
    happen("accounts.term.changed", at=days[2], **there)
    happen("accounts.term.removed", at=days[2], by=world.bob, **there)
    first = Event.objects.order_by("id").first().pk
    if query.get("person"):
        query = query | {"person": world.bob.pk}

    response = page(sign_in(world.alice), world.ash_house, **query)

    assert [line.number - first for line in response.context["lines"]] == numbers


def test_days_are_those_of_england_in_summer_too(world, sign_in):
    happen(at=dt.datetime(2026, 6, 1, 23, 30, tzinfo=dt.UTC), organisation=world.ash_house)  # 00:30 on 2 June

    assert page(sign_in(world.alice), world.ash_house, first="2/6/2026", last="2/6/2026").context["page"].count == 1
    assert page(sign_in(world.alice), world.ash_house, first="1/6/2026", last="1/6/2026").context["page"].count == 0


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"first": "yesterday"}, "Enter a day, like 27/3/2026"),
        ({"first": "1/1/0001"}, "Enter a day between 2000 and 2100"),
        ({"last": "31/12/9999"}, "Enter a day between 2000 and 2100"),
        ({"first": "3/3/2026", "last": "2/3/2026"}, "The last day must be the same as or after the first day"),
        ({"person": "999999"}, "Select a valid choice"),
        ({"person": "x" * 10_000}, "Select a valid choice"),
        ({"action": "a\x00b"}, "Select a valid choice"),
        ({"first": "\x00"}, "Enter a day, like 27/3/2026"),
    ],
)
def test_what_cannot_be_read_narrows_nothing_and_says_so(world, sign_in, query, message):
    happen(organisation=world.ash_house)

    response = page(sign_in(world.alice), world.ash_house, **query)

    assert (response.status_code, response.context["page"].count) == (200, 1)
    assert message in response.content.decode()


def test_bad_words_in_a_copys_address_lead_back_to_the_page_that_explains(world, sign_in):
    client = sign_in(world.alice)

    for name in ("audit_csv", "audit_pdf"):
        response = client.get(reverse(name, args=[world.ash_house.pk]), {"first": "yesterday"})
        assert (response.status_code, response.url) == (
            302,
            reverse("audit", args=[world.ash_house.pk]) + "?first=yesterday",
        )
    assert Event.objects.count() == 0


def test_signing_in_is_shown_for_a_chosen_person_while_they_belonged_here(world, sign_in):
    Membership.objects.filter(user=world.bob).update(given_at=AT, ended_at=AT + dt.timedelta(days=2), person_name="")
    for days, by in [(-1, world.bob), (1, world.bob), (1, world.charlie), (3, world.bob)]:
        happen("accounts.session.began", by=by, about=by, at=AT + dt.timedelta(days=days))
    happen("accounts.sign_in.failed", by=Anonymous, about=world.bob, at=AT + dt.timedelta(hours=1))
    happen("accounts.person.left", by=world.bob, about=world.bob, at=AT, organisation=world.birch_farm)
    client = sign_in(world.alice)

    did = page(client, world.ash_house, person=world.bob.pk)
    was_done = page(client, world.ash_house, thing=f"accounts.user-{world.bob.pk}")

    began = ("Signed in", AT + dt.timedelta(days=1))
    failed = ("Sign-in failed", AT + dt.timedelta(hours=1))
    assert [(line.what, line.at) for line in did.context["lines"]] == [began]
    assert [(line.what, line.at) for line in was_done.context["lines"]] == [began, failed]
    assert was_done.context["filter"].only_thing == "Bob"
    assert shown(page(client, world.ash_house)) == []
    assert shown(page(client, world.ash_house, thing=f"accounts.user-{world.charlie.pk}")) == []
    Membership.objects.filter(user=world.bob).update(ended_at=None)
    assert page(client, world.ash_house, person=world.bob.pk).context["page"].count == 2


def test_a_stranger_learns_nothing_of_the_record(world, sign_in):
    happen("accounts.person.left", by=world.alice, about=world.alice, organisation=world.ash_house)

    assert page(sign_in(world.charlie), world.ash_house).status_code == 404
    assert page(sign_in(world.bob), world.ash_house).status_code == 403
    assert shown(page(sign_in(world.charlie), world.birch_farm)) == []
    assert len(shown(page(sign_in(world.olu), world.ash_house))) == 1


@pytest.mark.parametrize("name", ["audit", "audit_copies", "audit_days", "my_record"])
def test_a_page_takes_the_same_queries_for_one_event_and_for_three(world, sign_in, name):
    client = sign_in(world.alice)
    address = reverse(name, args=[] if name == "my_record" else [world.ash_house.pk])
    counts = []
    for person in (world.bob, world.charlie, world.olu):
        happen("accounts.organisation.read", by=person, about=world.ash_house, organisation=world.ash_house)
        happen("accounts.person.removed", by=world.alice, about=person, organisation=world.ash_house)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))

    assert counts[1] == counts[2] <= 8
    assert counts[0] <= counts[1]


def test_fifty_events_stand_on_a_page_and_the_pager_leads_through_all_of_them_once(world, sign_in):
    happen(times=120, organisation=world.ash_house)  # all at the same microsecond
    client = sign_in(world.alice)
    address, seen = reverse("audit", args=[world.ash_house.pk]), []

    query = "?"
    while query:
        response = client.get(address + query)
        seen.append([line.number for line in response.context["lines"]])
        query = response.context["page"].after

    assert [len(numbers) for numbers in seen] == [50, 50, 20]
    assert [number for numbers in seen for number in numbers] == sorted(
        Event.objects.values_list("pk", flat=True), reverse=True
    )


def test_the_csv_holds_everything_and_nothing_that_a_spreadsheet_would_run(world, sign_in):
    world.alice.name = "=HYPERLINK(1)"
    world.alice.save()
    happen(times=1200, by=world.alice, organisation=world.ash_house)

    response = sign_in(world.alice).get(reverse("audit_csv", args=[world.ash_house.pk]))

    assert response.streaming
    text = response.getvalue().decode()
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert text[0] == "\ufeff"
    assert rows[0] == ["When", "Who", "What happened", "About", "Details", "Number"]
    assert len(rows) == 1202
    assert rows[1][2] == "Copy of the record taken"  # this very one: it was written down before it was sent
    assert rows[2][:3] == ["2026-03-02 12:30:00", "'=HYPERLINK(1)", "Invitation sent"]


def test_the_pdf_is_tagged_names_the_last_seal_and_holds_at_most_500(world, sign_in, monkeypatch):
    from accounts.views import audit as views
    from audit import actions

    happen(times=3, by=world.alice, organisation=world.ash_house)
    actions.seal(by=System("audit.seal"), at=AT)
    client = sign_in(world.alice)

    response = client.get(reverse("audit_pdf", args=[world.ash_house.pk]), {"action": "accounts.invitation.sent"})

    assert (response.status_code, response["Content-Type"], response.content[:5]) == (200, "application/pdf", b"%PDF-")
    monkeypatch.setattr(views, "MOST_IN_PDF", 2)
    response = client.get(reverse("audit_pdf", args=[world.ash_house.pk]), follow=True)
    assert "A PDF holds 2 events, and these are more" in response.content.decode()


def test_whoever_takes_a_copy_is_named_where_copies_are_taken(world, sign_in):
    client = sign_in(world.alice)
    copies = reverse("audit_copies", args=[world.ash_house.pk])
    assert client.get(copies).context["seen"] == []

    for name in ("audit_csv", "audit_pdf"):
        client.get(reverse(name, args=[world.ash_house.pk]))

    assert [(event.by, event.data) for event in client.get(copies).context["seen"]] == [
        (world.alice, {"class": "personal", "page": "audit_pdf"}),
        (world.alice, {"class": "personal", "page": "audit_csv"}),
    ]
    assert shown(page(client, world.ash_house))[0][:2] == ["Alice", "Copy of the record taken"]


def test_if_a_reading_cannot_be_written_down_nothing_is_shown(world, sign_in, monkeypatch):
    from audit import actions

    def fail(*_, **__):
        raise OSError("no space left")

    monkeypatch.setattr(actions.audit, "record", fail)

    with pytest.raises(OSError, match="no space left"):
        sign_in(world.alice).get(reverse("audit_csv", args=[world.ash_house.pk]))


def test_the_picture_counts_the_events_of_each_day_in_england(world, sign_in):
    today = timezone.localdate()
    happen(times=2, at=timezone.now(), organisation=world.ash_house)
    happen(at=timezone.now() - dt.timedelta(days=30), organisation=world.ash_house)
    happen(at=timezone.now(), organisation=world.birch_farm)
    client = sign_in(world.alice)

    chart = client.get(reverse("audit_days", args=[world.ash_house.pk])).context["chart"]

    assert chart.series[0].values == (0,) * 13 + (2,)
    assert chart.labels[-1] == f"{today.day} {today:%B}"
    assert chart.alt == f"2 events in all; most on {today.day} {today:%B}, 2."
    picture = client.get(reverse("audit_chart", args=[world.ash_house.pk]))
    assert picture["Content-Type"] == "image/svg+xml"
    quiet = sign_in(world.ada).get(reverse("audit_days", args=[world.larkshire.pk])).context["chart"]
    assert quiet.alt == "Nothing was recorded on these days."


def test_everybody_sees_what_is_recorded_about_them_and_of_nobody_else(world, sign_in):
    happen(
        "accounts.person.roles_changed",
        by=world.alice,
        about=world.bob,
        organisation=world.ash_house,
        data={"given": ["provider_dsl"], "ended": []},
    )
    happen("accounts.session.began", by=world.bob, about=world.bob)
    happen("accounts.session.began", by=world.charlie, about=world.charlie)

    client = sign_in(world.bob)

    assert shown(client.get(reverse("my_record"))) == [["Bob", "Signed in", "", "Bob"]]
    assert shown(client.get(reverse("my_record"), {"others": "yes"})) == [
        ["Bob", "Signed in", "", "Bob"],
        ["Alice", "Roles changed", "given Provider safeguarding lead", "Bob"],
    ]


def test_two_roles_make_one_span(world, sign_in):
    Membership.objects.filter(user=world.sana).delete()
    at = [AT + dt.timedelta(days=n) for n in range(4)]
    for given, ended in [(at[2], at[3]), (at[0], at[1])]:
        Membership.objects.create(
            user=world.sana, organisation=world.elm_grove, role="school_lead", given_at=given, ended_at=ended
        )

    (sana,) = record.people_in_record(world.elm_grove, user=world.olu)

    assert (sana.name, sana.since, sana.until) == ("Sana", at[0], at[3])
    assert record.people_in_record(world.elm_grove, user=world.alice) == []
    assert list(record.events_of(world.elm_grove, user=world.alice)) == []


def test_a_copy_says_what_it_was_narrowed_to(world):
    people = [Person(pk=7, name="Bob", since=AT, until=None)]
    asked = {
        "person": "7",
        "action": "accounts.term.added",
        "first": "1/3/2026",
        "last": "2/3/2026",
        "thing": "accounts.user-7",
    }

    def narrowed(data):
        return RecordFilter(data, events=Event.objects.all(), organisation_id=1, people=people).in_words

    assert narrowed(asked) == "Bob, Term added, from 01/03/2026, to 02/03/2026, Bob"
    assert narrowed({"thing": "accounts.invitation-5"}) == "Invitation 5"
    assert narrowed({}) == narrowed(None) == narrowed({"first": "soon"}) == ""


def test_the_record_says_whom_an_invitation_went_to_though_no_event_holds_the_address(world, sign_in):
    invitation = invitations.send_invitation(
        organisation=world.ash_house, email="hanna@ash.example", roles=["provider_staff"], by=world.alice, at=AT
    )

    response = page(sign_in(world.alice), world.ash_house)

    assert shown(response) == [["Alice", "Invitation sent", "Provider staff", "Invitation to hanna@ash.example"]]
    assert "hanna" not in str(Event.objects.get(about_id=invitation.pk).data)


def test_what_a_provider_does_about_a_bid_is_read_by_whoever_leads_it_and_not_by_operators(world, sign_in):
    for action in ("providers.application.submitted", "accounts.organisation.changed"):
        happen(action, about=world.ash_house, organisation=world.ash_house, by=world.alice)
    ash, queries = world.ash_house, {"person": world.alice.pk, "action": "", "thing": ""}

    seen = {
        who: [line[1] for line in shown(page(sign_in(getattr(world, who)), ash, **queries))] for who in ("alice", "olu")
    }
    copy = b"".join(sign_in(world.olu).get(reverse("audit_csv", args=[ash.pk])).streaming_content).decode()
    counted = record.days(ash, user=world.olu, today=AT.date(), number=1)

    assert seen == {
        "alice": ["Organisation’s details changed", words.happened("providers.application.submitted")],
        "olu": ["Organisation’s details changed"],
    }
    assert words.happened("providers.application.submitted") not in copy
    assert [number for _, number in counted] == [1]
