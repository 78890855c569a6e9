"""A notice's file comes in: it is read in the background into releases, or refused with what is wrong and where."""

from __future__ import annotations

import json
from itertools import chain

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from audit.models import Event
from core import access
from core.access import System
from jobs import running
from jobs.models import Job
from jobs.states import State
from lots.permissions import can_start_framework
from notices import store, work
from notices.actions import files
from notices.models import NoticeFile, Release
from notices.queries.files import only_release_of
from notices.rules import contents, split
from notices.rules.contents import Read
from notices.rules.errors import BadNotice
from notices.states import FileState
from tests.notices.made import CONTACT, award, body, brought_in, framework, lot, package, received, upload

pytestmark = pytest.mark.django_db


def whole_again(file: NoticeFile) -> bytes:
    rows = file.releases.order_by("position")
    return b"".join(split.rebuild(bytes(file.envelope), [(r.starts_at, len(r.body), bytes(r.body)) for r in rows]))


def kept_files() -> list[str]:
    try:
        return default_storage.listdir("notices")[1]
    except FileNotFoundError:
        return []


@pytest.fixture(autouse=True)
def empty_store(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }


def test_max_brings_a_notice_in_and_it_is_read_in_the_background(world):
    sent = body(framework())

    file = received(world, sent)

    assert (file.state, file.size, file.received_by) == (FileState.RECEIVED, len(sent), world.max)
    assert (file.job.kind, file.job.about_id, file.job.title) == ("notices.read", file.pk, "Read notice.json")
    assert len(kept_files()) == 1

    running.sweep()

    file.refresh_from_db()
    found = Release.objects.get()
    assert (file.state, file.kind, file.releases_count) == (FileState.READ, "release", 1)
    assert (bytes(found.body), found.release_id, found.ocid) == (sent, "000001-2026", "ocds-h6vhtk-0d0d0d")
    assert (found.title, found.buyer_name, found.notice_type, found.tags, found.is_framework) == (
        "Alternative provision",
        "Larkshire Council",
        "UK4",
        "tender",
        True,
    )
    assert Job.objects.get().result == "1 release read."
    assert kept_files() == []
    assert [event.action for event in Event.objects.filter(action__startswith="notices").order_by("id")] == [
        "notices.file.received",
        "notices.file.read",
    ]
    assert Event.objects.get(action="notices.file.read").by_label == "system:notices.read"


def test_a_package_is_kept_release_by_release_and_can_be_given_back_whole(world):
    sent = body(package(framework(), award(), award(id="000003-2026", title="Vans")), indent=3)

    file = brought_in(world, sent)

    assert (file.kind, file.releases_count) == ("release_package", 3)
    assert list(file.releases.order_by("position").values_list("release_id", "is_framework")) == [
        ("000001-2026", True),
        ("000002-2026", False),
        ("000003-2026", False),
    ]
    assert whole_again(file) == sent
    assert Job.objects.get().result == "3 releases read."


def test_the_same_bytes_lead_to_the_file_that_is_here(world):
    first = brought_in(world, framework())

    kept = store.keep(upload(framework(), "again.json"))
    again, is_new = files.receive_file(organisation=world.larkshire, kept=kept, by=world.max, at=timezone.now())

    assert (again.pk, is_new) == (first.pk, False)
    assert Job.objects.count() == 1


def test_the_same_bytes_at_another_organisation_are_another_file(world):
    first = brought_in(world, framework())
    second = brought_in(world, framework(), organisation=world.oak_trust, by=world.tariq)

    assert first.pk != second.pk
    assert Release.objects.count() == 2


def test_a_file_that_could_not_be_used_may_come_again(world):
    first = brought_in(world, b"{")
    second = brought_in(world, b"{")

    assert first.pk != second.pk
    assert {first.state, second.state} == {FileState.REFUSED}


def test_a_release_that_is_here_in_other_spelling_stays_with_the_file_that_brought_it(world):
    first = brought_in(world, body(framework(), indent=1))
    spaced = brought_in(world, body(framework(), indent=4))
    more = body(package(framework(), award()), indent=2)
    package_file = brought_in(world, more)

    assert Release.objects.get(ocid="ocds-h6vhtk-0d0d0d").file == first
    assert (spaced.state, spaced.releases_count) == (FileState.READ, 0)
    assert whole_again(spaced) == body(framework(), indent=4)
    assert spaced.job.result == "Everything in the file was already here."
    assert only_release_of(spaced, user=world.max) == first.releases.get()
    assert package_file.releases_count == 1
    assert whole_again(package_file) == more
    assert only_release_of(package_file, user=world.max) == package_file.releases.get()


def test_a_release_that_is_here_in_the_same_bytes_needs_no_reading(world, monkeypatch):
    first = brought_in(world, body(framework(), indent=None))
    monkeypatch.setattr(contents, "check_same", lambda *words: pytest.fail("they are the same bytes"))

    file = brought_in(world, body(package(framework(), award()), indent=None))

    assert list(file.releases.values_list("release_id", flat=True)) == ["000002-2026"]
    assert first.releases.count() == 1


def test_only_one_release_is_led_to_straight(world):
    many = brought_in(world, package(framework(), award()))
    none = brought_in(world, body(package(framework(), award()), indent=5))

    assert only_release_of(many, user=world.max) is None
    assert only_release_of(none, user=world.max) is None


def test_a_release_told_twice_in_the_same_words_is_one(world):
    sent = body(package(framework(), framework()))

    file = brought_in(world, sent)

    assert file.releases_count == 1
    assert whole_again(file) == sent


DEEP = b'{"ocid": "ocds-1", "id": "1", "tender": ' + b"[" * 10_000 + b"]" * 10_000 + b"}"


def changed(**tender) -> dict:
    return framework(**tender)


def without(key: str, whole: dict) -> dict:
    return {name: value for name, value in whole.items() if name != key}


def lots(*changes) -> dict:
    return framework(lots=[lot("1", "Vocational", 300000) | change for change in changes])


def priced(spelled: bytes) -> bytes:
    return body(framework()).replace(b'"amount": 300000', b'"amount": ' + spelled)


BAD = {
    "not JSON": (b"Dear council, please find attached", "This is not JSON", ""),
    "a spreadsheet": (b"PK\x03\x04....", "ZIP, Word or Excel", ""),
    "cut off": (body(framework())[:-40], "ends before it is complete", "tender"),
    "JSON that is not OCDS": ({"name": "Alternative provision", "lots": []}, "no procurement notice", ""),
    "a list": ([framework()], "This is a list", ""),
    "another encoding": (json.dumps(framework(title="Café"), ensure_ascii=False).encode("cp1252"), "not in UTF-8", ""),
    "an empty package": (package(), "no notice in this file", ""),
    "a package of numbers": (package(1), "has to be an object", "releases[0]"),
    "a release without ocid": (package(without("ocid", framework())), "has no ocid", "releases[0].ocid"),
    "a release without id": (without("id", framework()), "has no id", "id"),
    "an id that is a number": (framework() | {"id": 7}, "id of a release has to be text", "id"),
    "an id with a NUL": (framework() | {"id": "1\x00"}, "cannot be one", "id"),
    "an endless ocid": (framework() | {"ocid": "o" * 201}, "cannot be one", "ocid"),
    "nesting 10,000 deep": (DEEP, "more than 100 lists and objects", "tender"),
    "two releases with one id": (
        package(framework(), framework(title="Something else")),
        "two releases with the id 000001-2026",
        "releases[1].id",
    ),
    "a lot without id": (lots({"id": None}), "", "tender.lots[0].id"),
    "a day that does not exist": (
        changed(tenderPeriod={"endDate": "2026-02-30T12:00:00Z"}),
        "",
        "tender.tenderPeriod.endDate",
    ),
    "dirhams": (lots({"value": {"amount": 1, "currency": "AED"}}), "AED", "tender.lots[0].value.currency"),
    "an amount as text": (lots({"value": {"amount": "1", "currency": "GBP"}}), "", "tender.lots[0].value.amount"),
    "an amount below nothing": (priced(b"-1"), "", "tender.lots[0].value.amount"),
    "an amount without end": (priced(b"1e400"), "", "tender.lots[0].value.amount"),
    "an amount that nothing holds": (priced(b"1e9999999999999999999999"), "", "tender.lots[0].value.amount"),
    "NaN": (priced(b"NaN"), "NaN is not a number", "tender.lots[0].value.amount"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_refused_with_the_place_and_nothing_is_written(world, kind):
    sent, words, path = BAD[kind]

    file = brought_in(world, sent)

    assert file.state == FileState.REFUSED
    assert words in file.problem
    assert file.problem_path.startswith(path)
    assert bool(file.problem_path) == bool(path)
    job = Job.objects.get()
    assert job.state == State.FAILED
    assert file.problem.rstrip(".")[:100] in job.problem
    assert "Nothing was taken" in job.problem
    assert (Release.objects.count(), kept_files()) == (0, [])
    assert Event.objects.get(action="notices.file.refused").data == {}


def test_among_many_a_framework_told_wrongly_does_not_stop_the_others(world):
    file = brought_in(world, package(lots({"id": None}), award()))

    assert (file.state, file.releases_count) == (FileState.READ, 2)
    assert file.releases.get(position=0).is_framework


def test_a_release_that_is_held_cannot_come_with_other_words(world):
    brought_in(world, framework())

    file = brought_in(world, package(award(), framework(title="Something else")))

    assert file.state == FileState.REFUSED
    assert "two releases with the id 000001-2026" in file.problem
    assert file.problem_path == "releases[1].id"
    assert Release.objects.count() == 1


def test_the_message_to_read_may_come_twice(world):
    file = brought_in(world, framework())

    said = work.read(file.job, lambda *told: None)

    assert said == "1 release read."
    assert Release.objects.count() == 1
    assert Event.objects.filter(action="notices.file.read").count() == 1


@pytest.mark.parametrize("act", ["read", "refuse"])
def test_a_file_that_is_over_is_left_as_it_is(world, act):
    file = brought_in(world, framework())
    by, at = System("notices.read"), timezone.now()

    if act == "read":
        files.take_in(file=file, read=Read("release", ()), buffer=b"", by=by, at=at)
    else:
        files.refuse_file(file=file, problem=BadNotice("no"), by=by, at=at)

    file.refresh_from_db()
    assert (file.state, file.releases_count, file.problem) == (FileState.READ, 1, "")


def test_bytes_that_are_gone_are_asked_for_again(world):
    file = received(world, framework())
    store.forget(file.stored_as)

    running.sweep()

    file.refresh_from_db()
    assert file.state == FileState.REFUSED
    assert "Bring it in again" in Job.objects.get().problem


@pytest.mark.parametrize("who", ["ada", "eve", "alice", "olu", "ines"])
def test_only_buyers_bring_notices_in(world, who):
    with pytest.raises(access.Denied):
        received(world, framework(), by=getattr(world, who))

    assert NoticeFile.objects.count() == 0


def test_whoever_lost_the_role_is_refused_at_the_lock(world):
    assert can_start_framework(world.max, world.larkshire)
    world.max.memberships.all().delete()

    with pytest.raises(access.Denied):
        received(world, framework())


def test_progress_is_told_release_by_release(world):
    told = []

    contents.read(body(package(framework(), award())), progress=lambda *words: told.append(words))

    assert told == [(1, 2, "release 1 of 2"), (2, 2, "release 2 of 2")]


def test_a_large_file_is_written_in_batches(world, monkeypatch):
    monkeypatch.setattr(files, "BATCH_BYTES", 1000)
    many = package(*[award(ocid=f"ocds-{n}", id=str(n)) for n in range(9)])

    file = brought_in(world, many)

    assert file.releases_count == 9
    assert whole_again(file) == body(many)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("notice.json", "notice.json"),
        ("../../etc/passwd", "passwd"),
        ("a\u202eb\x00.json", None),
        ("x" * 300 + ".json", None),
        ("   ", "notice.json"),
    ],
)
def test_a_files_name_is_made_fit_to_be_shown(world, name, shown):
    file = received(world, framework(), name=name)

    assert len(file.name) <= 200
    assert "\x00" not in file.name
    assert shown in {None, file.name}


def test_titles_of_awards_and_contracts_stand_in(world):
    contract = without("tender", award(ocid="ocds-2")) | {"awards": [7, {"title": "Cameras"}]}
    nameless = without("tender", award(ocid="ocds-3")) | {"awards": None, "contracts": [{}], "tag": ["a", 1]}

    file = brought_in(world, package(contract, nameless))

    assert list(file.releases.order_by("position").values_list("title", "tags")) == [
        ("Cameras", "award, contract"),
        ("", "a"),
    ]


def test_nothing_of_the_contact_person_goes_anywhere_but_into_the_release(world):
    brought_in(world, framework())
    brought_in(world, package(framework(ocid="ocds-9"), framework(ocid="ocds-9", title="Other")))

    held = [json.dumps(event.data) for event in Event.objects.all()]
    held += [f"{job.title} {job.progress} {job.result} {job.problem}" for job in Job.objects.all()]
    assert [text for text in held if any(word in text.lower() for word in CONTACT.values())] == []
    with connection.cursor() as cursor:
        for model in (NoticeFile, Event, Job):
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            text = " ".join(map(str, chain.from_iterable(cursor.fetchall()))).lower()
            assert "canarina" not in text
