"""What runs out, and when its provider is told: 90, 60, 30, 7 and 0 days before, each once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Organisation
from audit.models import Event
from core import access
from outbox.models import Message
from providers.actions import expiry, library
from providers.models import ExpiryNotice, Insurance
from providers.permissions.profiles import EXPIRY
from providers.rules import library as rules
from providers.rules.library import Standing
from tests.patience import be_patient, found_by
from tests.providers.library import AT, TODAY, add, cover

D = dt.date


def watch(day: D = TODAY) -> int:
    """A pass of the watch in the morning of that day."""
    at = timezone.make_aware(dt.datetime.combine(day, dt.time(6)))
    return expiry.tell_of_expiry(by=access.System(EXPIRY), at=at, today=day)


def after(days: int) -> D:
    return TODAY + dt.timedelta(days=days)


@pytest.mark.parametrize(
    ("left", "days"),
    [
        (4000, None), (91, None), (90, 90), (61, 90), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (1, 7), (0, 0),
        (-1, 0), (-400, 0),
    ],
)  # fmt: skip
def test_the_nearest_notice_is_the_one_that_is_due(world, left, days):
    add(world.alice, expires_on=after(left))
    watch()

    assert list(ExpiryNotice.objects.values_list("days", flat=True)) == ([] if days is None else [days])


@pytest.mark.parametrize(
    ("ends_on", "standing"),
    [
        (None, Standing.UNDATED),
        (D(2026, 5, 11), Standing.ENDED),
        (D(2026, 5, 12), Standing.SOON),
        (D(2026, 8, 10), Standing.SOON),
        (D(2026, 8, 11), Standing.RUNS),
    ],
)
def test_a_document_counts_on_its_last_day_and_not_on_the_next(ends_on, standing):
    assert rules.standing(ends_on, D(2026, 5, 12)) == standing


def test_one_letter_for_each_lead_says_how_many_and_names_nothing(world):
    for title in ("Fire certificate", "First aid of Jo"):
        add(world.alice, title=title, expires_on=after(30))
    cover(world.alice, ends_on=after(7))
    add(world.charlie, expires_on=after(100))

    assert watch() == 3

    letter = Message.objects.get()
    assert letter.to == world.alice.email
    assert letter.body.startswith("3 documents or insurances that you keep on the portal run out within 90 days")
    assert f"/organisations/{world.ash_house.pk}/library/" in letter.body
    for word in ("Fire", "Jo", "Ash House", "Insurer"):
        assert word not in letter.subject + letter.body
    event = Event.objects.get(action="providers.expiry.told")
    assert (event.data["told"], event.data["providers"], event.data["letters"]) == (3, 1, 1)


def test_one_of_them_is_told_of_as_one(world):
    add(world.alice, expires_on=after(0))

    watch()

    assert Message.objects.get().body.startswith("1 document or insurance that you keep on the portal runs out")


def test_twice_on_a_day_is_once(world):
    add(world.alice, expires_on=after(30))

    assert [watch(), watch()] == [1, 0]
    assert Message.objects.count() == 1
    assert Event.objects.filter(action="providers.expiry.told").count() == 1


def test_the_portal_watches_by_itself(world):
    from core import clock
    from providers.tasks import tell_of_expiry

    add(world.alice, expires_on=clock.today())

    tell_of_expiry()

    assert ExpiryNotice.objects.get().days == 0


def test_each_threshold_is_told_once_as_the_days_go_by(world):
    add(world.alice, expires_on=after(91))

    told = [day for day in range(95) if watch(after(day))]

    assert told == [1, 31, 61, 84, 91]
    assert Message.objects.count() == 5


def test_days_that_were_missed_are_caught_up_once_with_the_nearest_alone(world):
    add(world.alice, expires_on=after(91))

    told = [watch(after(day)) for day in (86, 87, 120, 121)]

    assert told == [1, 0, 1, 0]
    assert list(ExpiryNotice.objects.order_by("pk").values_list("days", flat=True)) == [7, 0]


def test_what_comes_up_later_the_same_day_is_told_the_next_morning(world):
    add(world.alice, expires_on=after(30))
    watch()
    add(world.alice, expires_on=after(30))

    assert [watch(), watch(after(1))] == [0, 1]
    assert Message.objects.count() == 2


def test_nothing_is_told_of_what_was_replaced_or_removed(world):
    replaced = add(world.alice, expires_on=after(30))
    library.replace_item(
        item=replaced.item, issued_on=None, expires_on=after(400), kept=replaced.kept, by=world.alice, at=AT
    )
    removed = add(world.alice, expires_on=after(30))
    library.remove_item(item=removed.item, by=world.alice, at=AT)

    assert watch() == 0


def test_an_insurance_is_told_of_by_its_certificate_where_there_is_one(world):
    held = add(world.alice, expires_on=after(100)).item
    row = cover(world.alice, ends_on=after(30), item_id=held.pk)
    assert watch() == 0

    library.remove_item(item=held, by=world.alice, at=AT)
    assert watch() == 1

    Insurance.objects.filter(pk=row.pk).update(removed_at=AT, ends_on=after(7))
    assert watch(after(1)) == 0


def test_an_insurance_that_was_renewed_is_told_of_anew(world):
    row = cover(world.alice, ends_on=after(30))
    assert watch() == 1

    Insurance.objects.filter(pk=row.pk).update(ends_on=after(395))

    assert [watch(after(1)), watch(after(365))] == [0, 1]


def test_a_provider_that_has_closed_is_told_nothing(world):
    add(world.alice, expires_on=after(30))
    Organisation.objects.filter(pk=world.ash_house.pk).update(is_open=False)

    assert watch() == 0


def test_nobody_but_the_portal_itself_watches(world):
    for who in (world.alice, world.olu, access.System("another")):
        with pytest.raises(access.Denied):
            expiry.tell_of_expiry(by=who, at=AT, today=TODAY)


def test_the_database_takes_no_notice_of_two_things_or_of_none(world):
    version = add(world.alice, expires_on=after(30))
    row = cover(world.alice, ends_on=after(30))
    fields = {"provider": world.ash_house, "days": 7, "ends_on": TODAY, "told_on": TODAY, "told_at": AT, "run": "x"}

    for things in ({}, {"version": version.version, "insurance": row}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ExpiryNotice.objects.create(**fields, **things)
    ExpiryNotice.objects.create(**fields, version=version.version)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExpiryNotice.objects.create(**fields, version=version.version)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_passes_at_once_write_one_notice_and_one_letter(meet, monkeypatch):
    """Both are held together before they write; what the database lets one alone do is the unique row."""
    from providers.steps import expiry as steps
    from tests.cast import make_world

    world = make_world()
    add(world.alice, expires_on=after(30))
    be_patient(monkeypatch)
    meet(steps, "_plain")

    told = found_by(watch, watch)

    assert sorted(told) == [0, 1]
    assert (ExpiryNotice.objects.count(), Message.objects.count()) == (1, 1)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_that_unique_row_both_passes_would_write(meet, monkeypatch):
    from django.db import connection

    from providers.steps import expiry as steps
    from tests.cast import make_world

    world = make_world()
    add(world.alice, expires_on=after(30))
    be_patient(monkeypatch)
    meet(steps, "_plain")
    rule = next(one for one in ExpiryNotice._meta.constraints if one.name == "providers_told_once")
    with connection.schema_editor() as editor:
        editor.remove_constraint(ExpiryNotice, rule)
    try:
        told = found_by(watch, watch)
    finally:
        ExpiryNotice.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(ExpiryNotice, rule)

    assert told == [1, 1]
    assert Message.objects.count() == 2
