"""What was brought in is given back: byte for byte, but for what was changed in the portal."""

from __future__ import annotations

import io
import json
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from hypothesis import HealthCheck, given, settings

from accounts.models import Organisation
from audit.models import Event
from notices.models import NoticeFile, Release
from notices.queries import export
from notices.rules.edits import Edit
from notices.rules.errors import BadNotice
from notices.states import FileState
from tests.frameworks import make_framework
from tests.notices import files
from tests.notices.generated import packages, releases, spelled
from tests.notices.held import hold

ONE = b'{ "ocid": "ocds-1", "id": "1", "n": 1e2, "x": "\\ud800" }'
TWO = b'{"id":"2","ocid":"ocds-1","amount": 5.00}'
PACKAGE = b'{"releases": [' + ONE + b" ,\n" + TWO + b'], "max": 1e9999}\n'
MARK = b"\xef\xbb\xbf"
few = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def given_back(file: NoticeFile) -> bytes:
    return b"".join(export.exported_file(file))


def said(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.fixture
def source(world, monkeypatch):
    """The second release of a package became a framework, and its amount was changed in the portal since."""
    monkeypatch.setattr(export, "facts_of", lambda framework: framework.title)
    monkeypatch.setattr(export, "understand", lambda tree: tree["id"])
    monkeypatch.setattr(
        export, "edits_for", lambda tree, understood, now: [Edit(("amount",), tree["amount"], Decimal(len(now)))]
    )
    file = hold(world.larkshire, PACKAGE)
    framework = make_framework(world, title="Seven!!", ocid="ocds-1")
    Release.objects.filter(file=file, release_id="2").update(is_source=True, framework=framework)
    return Release.objects.get(file=file, release_id="2")


@pytest.mark.parametrize("file", files.NOTICES, ids=files.named)
def test_a_real_notice_comes_back_byte_for_byte(world, file):
    held = hold(world.larkshire, file.read_bytes())

    assert given_back(held) == file.read_bytes()
    for release in held.releases.all():
        assert spelled(export.exported_alone(release)) == spelled(bytes(release.body))


@few
@given(releases)
def test_a_release_by_itself_comes_back_with_the_space_around_it(world, body):
    Release.objects.all().delete()
    held = hold(world.larkshire, b"\r\n" + body + b" \n")

    assert export.exported_alone(held.releases.get()) == b"\r\n" + body + b" \n"
    assert export.exported(held.releases.get()) == body


@few
@given(packages)
def test_a_package_comes_back_whole_and_in_parts(world, package):
    body, made_of = package
    Release.objects.all().delete()
    held = hold(world.larkshire, body)

    assert given_back(held) == body
    assert [export.exported_alone(release) for release in held.releases.order_by("position")] == made_of


def test_a_byte_order_mark_goes_back_with_the_file_and_not_with_the_release(world):
    held = hold(world.larkshire, MARK + ONE + b"\n")

    assert given_back(held) == MARK + ONE + b"\n"
    assert export.exported_alone(held.releases.get()) == ONE + b"\n"


def test_after_a_change_in_the_portal_only_the_changed_path_differs(source):
    changed = TWO.replace(b"5.00", b"7")

    assert export.exported(source) == export.exported_alone(source) == changed
    assert given_back(source.file) == PACKAGE.replace(TWO, changed)
    assert export.exported(source.file.releases.get(release_id="1")) == ONE


def test_a_release_of_a_framework_that_follows_another_stays_as_it_was(source):
    Release.objects.filter(pk=source.pk).update(is_source=False)

    assert export.exported(Release.objects.get(pk=source.pk)) == TWO


def test_max_takes_a_notice_away_and_the_record_says_so(world, sign_in):
    held = hold(world.larkshire, MARK + ONE + b"\n")
    release = held.releases.get()

    response = sign_in(world.max).get(reverse("export_release", args=[release.pk]))

    assert said(response) == ONE + b"\n"
    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"] == 'attachment; filename="1.json"'
    assert response["X-Content-Type-Options"] == "nosniff"
    event = Event.objects.get(action="notices.release.read")
    assert (event.by, event.about_id, event.organisation_id) == (world.max, release.pk, world.larkshire.pk)


def test_max_takes_a_whole_file_away_as_a_stream(world, sign_in):
    held = hold(world.larkshire, PACKAGE, name="find a tender\u202e é.json")

    response = sign_in(world.max).get(reverse("export_file", args=[held.pk]))

    assert response.streaming
    assert said(response) == PACKAGE
    assert response["Content-Disposition"] == 'attachment; filename="find-a-tender.json"'
    assert Event.objects.get(action="notices.noticefile.read").about_id == held.pk


def test_a_file_is_streamed_with_as_many_queries_as_a_short_one(world, django_assert_num_queries):
    parts = b", ".join(b'{"ocid": "o", "id": "%d"}' % number for number in range(45))
    held = hold(world.larkshire, b'{"releases": [' + parts + b"]}")

    with django_assert_num_queries(3):
        assert len(json.loads(given_back(held))["releases"]) == 45


def test_a_long_file_is_read_from_the_database_in_parts(world, monkeypatch):
    monkeypatch.setattr(export, "AT_ONCE", 50)
    parts = [b'{"ocid": "o", "id": "%d", "title": "\xc3\xa9%s"}' % (number, b"x" * number) for number in range(45)]
    body = b'{"releases": [' + b", ".join(parts) + b"]}"

    assert given_back(hold(world.larkshire, body)) == body


def test_a_name_that_says_nothing_becomes_notice(world, sign_in):
    held = hold(world.larkshire, b'{"ocid": "o", "id": "../\\u00e9\\"\\r\\n"}')

    response = sign_in(world.max).get(reverse("export_release", args=[held.releases.get().pk]))

    assert response["Content-Disposition"] == 'attachment; filename="notice.json"'


def refuse(*args):
    raise BadNotice("The notice no longer says what was to be changed here", "amount")


def test_a_change_that_cannot_be_written_is_said_before_anything_is_sent(source, sign_in, world, monkeypatch):
    monkeypatch.setattr(export, "edits_for", refuse)
    client = sign_in(world.max)

    alone = client.get(reverse("export_release", args=[source.pk]))
    whole = client.get(reverse("export_file", args=[source.file_id]))

    assert (alone.status_code, whole.status_code) == (302, 302)
    assert (
        "cannot be written into the notice"
        in client.get(reverse("notice_files", args=[world.larkshire.pk])).content.decode()
    )
    assert Event.objects.filter(action__endswith=".read").count() == 0
    for asked in (["ocds-1"], ["--file", str(source.file_id)]):
        with pytest.raises(CommandError, match=r"no longer says .* \(amount\)"):
            call_command("export_release", *asked)


@pytest.mark.parametrize("state", [FileState.RECEIVED, FileState.REFUSED])
def test_a_file_that_was_not_read_is_not_given_back(world, sign_in, state):
    held = hold(world.larkshire, PACKAGE)
    NoticeFile.objects.filter(pk=held.pk).update(state=state)

    page = sign_in(world.max).get(reverse("export_file", args=[held.pk]), follow=True)

    assert "This file was not read" in page.content.decode()
    with pytest.raises(CommandError, match="no file"):
        call_command("export_release", file=held.pk)


def test_the_command_writes_the_bytes_and_nothing_else(world, capfdbinary):
    held = hold(world.larkshire, PACKAGE)

    call_command("export_release", "ocds-1", release="1")
    assert capfdbinary.readouterr() == (ONE, b"")
    call_command("export_release", "ocds-1", "--release", "2", "--organisation", "Larkshire Council")
    assert capfdbinary.readouterr() == (TWO, b"")
    call_command("export_release", "--file", str(held.pk))
    assert capfdbinary.readouterr() == (PACKAGE, b"")


def test_the_command_gives_text_to_whoever_catches_it(world):
    hold(world.larkshire, '{"ocid": "ocds-2", "id": "é"}'.encode())
    caught = io.StringIO()

    call_command("export_release", "ocds-2", stdout=caught)

    assert caught.getvalue() == '{"ocid": "ocds-2", "id": "é"}'


def test_the_command_gives_the_release_that_the_framework_came_from(source, capfdbinary):
    call_command("export_release", "ocds-1")

    assert capfdbinary.readouterr().out == TWO.replace(b"5.00", b"7")


def test_two_councils_may_hold_the_same_notice(world, capfdbinary):
    hold(world.larkshire, ONE)
    hold(world.mereshire, ONE)

    with pytest.raises(CommandError, match="--organisation: Larkshire Council, Mereshire Council"):
        call_command("export_release", "ocds-1")
    Organisation.objects.filter(pk=world.mereshire.pk).update(ppon="PMER-1111-MERE")
    for name in ("Mereshire Council", "PMER-1111-MERE", str(world.mereshire.pk)):
        call_command("export_release", "ocds-1", organisation=name)
        assert capfdbinary.readouterr().out == ONE


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ([], "Say which"),
        (["ocds-1", "--file", "1"], "Say which"),
        (["ocds-1"], "several releases. Say which with --release: 2, 1"),
        (["ocds-9"], "no release of ocds-9 here"),
        (["ocds-1", "--release", "9"], "no release of ocds-1 here with the id 9"),
        (["ocds-1", "--organisation", "Nobody"], "no release"),
        (["ocds-1", "--organisation", "9" * 30], "no release"),
        (["ocds-\ud800\x00"], "no release"),
        (["--file", "9" * 30], "no file"),
    ],
)
def test_what_the_command_cannot_give_it_says(world, asked, answer):
    hold(world.larkshire, PACKAGE)

    with pytest.raises(CommandError, match=answer):
        call_command("export_release", *asked)
