"""The scan for viruses: what it says, what happens while it is away, and that nothing is lost meanwhile."""

from __future__ import annotations

import datetime as dt
import socketserver
import threading
from types import SimpleNamespace

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from apframework import health, preflight
from audit.models import Event
from core.access import Denied, System
from files import actions, running, scanner, tasks
from files.models import File
from files.rules import scans
from files.states import FileState
from outbox.models import Message
from tests.files import made
from tests.files.received import received

NOBODY_THERE = "tcp://127.0.0.1:1"
BY = System("files.scan")


def now(file: File) -> File:
    """The file as it stands."""
    return File.objects.get(pk=file.pk)


def happened() -> list[str]:
    return list(Event.objects.order_by("pk").filter(action__startswith="files.").values_list("action", flat=True))


def test_without_a_scanner_a_file_is_there_at_once(world):
    file = received(world)

    assert (file.state, file.found, file.scan_at) == (FileState.CLEAN, "", None)
    assert file.scanned_at == file.received_at
    assert running.scan_all() == {}


def test_a_file_waits_is_scanned_whole_and_is_clean(world, clamd):
    file = received(world, made.pdf("Our induction"))
    assert (file.state, file.scanned_at) == (FileState.PENDING, None)

    assert running.scan_all() == {"clean": 1}

    assert (now(file).state, now(file).found, now(file).scan_at) == (FileState.CLEAN, "", None)
    assert clamd.scanned == [made.pdf("Our induction")]
    assert happened() == ["files.file.received", "files.file.checked"]
    assert running.scan_all() == {}


def test_an_infected_file_is_removed_kept_on_record_and_its_leads_are_told_without_its_name(world, clamd):
    file = received(world, made.infected(), "Risk assessment.pdf")
    other = received(world)

    assert running.scan_all() == {"infected": 1, "clean": 1}

    assert (now(file).state, now(file).found) == (FileState.INFECTED, "Eicar-Test-Signature")
    assert not default_storage.exists(file.stored_as)
    assert default_storage.exists(other.stored_as)
    assert happened()[-2:] == ["files.file.infected", "files.file.checked"]
    letters = Message.objects.all()
    assert [letter.to for letter in letters] == [world.alice.email]
    assert "virus" in letters[0].body
    assert "Risk" not in letters[0].subject + letters[0].body
    assert "Risk" not in str(list(Event.objects.values_list("data", flat=True)))


def test_while_the_scanner_is_away_every_file_waits_and_is_tried_again_less_often(world, settings):
    settings.CLAMD_URL = NOBODY_THERE
    first, second = received(world), received(world)

    waits = []
    for _ in range(3):
        File.objects.update(scan_at=timezone.now())
        assert running.scan_all() == {}
        waits.append(round((now(first).scan_at - timezone.now()).total_seconds(), -1))
        assert now(second).state == FileState.PENDING

    assert waits == [10, 20, 40]
    assert running.scan_all() == {}
    assert now(first).scan_tries == 3


def test_when_the_scanner_is_back_all_are_scanned(world, settings, clamd):
    there, settings.CLAMD_URL = clamd.url, NOBODY_THERE
    file = received(world)
    running.scan_all()
    settings.CLAMD_URL = there
    File.objects.update(scan_at=timezone.now())

    tasks.scan()

    assert (now(file).state, now(file).scan_tries) == (FileState.CLEAN, 2)


@pytest.mark.parametrize(
    "says",
    [b"\n", b"rubbish\n", b"stream: nothing ERROR\n", b"\xff\xfe\n", b"INSTREAM size limit exceeded. ERROR\n"],
)
def test_whatever_else_the_scanner_says_the_file_waits(world, clamd, says):
    clamd.says = says
    file = received(world)

    assert running.scan_all() == {}
    assert now(file).state == FileState.PENDING
    assert now(file).scan_at > timezone.now()


def test_a_file_that_is_too_long_for_the_scanner_holds_up_no_other(world, clamd, monkeypatch):
    first, second = received(world), received(world)
    scan = scanner.scan

    def too_long_once(content):
        monkeypatch.setattr(scanner, "scan", scan)
        raise scanner.TooLong

    monkeypatch.setattr(scanner, "scan", too_long_once)

    assert running.scan_all() == {"clean": 1}
    assert (now(first).state, now(second).state) == (FileState.PENDING, FileState.CLEAN)


def test_a_file_whose_bytes_are_gone_waits_and_holds_up_no_other(world, clamd):
    gone, there = received(world), received(world)
    default_storage.delete(gone.stored_as)

    assert running.scan_all() == {"unread": 1, "clean": 1}
    assert (now(gone).state, now(there).state) == (FileState.PENDING, FileState.CLEAN)


def test_what_there_is_no_time_for_is_given_back_untried(world, clamd, monkeypatch):
    files = [received(world) for _ in range(2)]
    moments = iter([0, 0, 0, 100])
    monkeypatch.setattr(running, "time", SimpleNamespace(monotonic=lambda: next(moments)))

    assert running.scan_all() == {"clean": 1}
    assert [now(file).scan_tries for file in files] == [1, 0]
    assert now(files[1]).scan_at <= timezone.now()


def test_a_scanner_that_died_leaves_its_files_to_the_next_once_its_lease_has_run_out(world, clamd):
    file, at = received(world), timezone.now()

    assert [one.pk for one in running.claim(at=at)] == [file.pk]
    assert running.claim(at=at + dt.timedelta(seconds=scans.LEASE - 1)) == []
    assert [one.pk for one in running.claim(at=at + dt.timedelta(seconds=scans.LEASE))] == [file.pk]


def test_twice_is_harmless(world, clamd):
    file = received(world)
    for found in ("", "", "Late-Find", "Late-Find", ""):
        actions.judge_file(file=file, found=found, by=BY, at=timezone.now())

    assert (now(file).state, now(file).found) == (FileState.INFECTED, "Late-Find")
    assert happened() == ["files.file.received", "files.file.checked", "files.file.infected"]
    assert Message.objects.count() == 1


def test_nobody_judges_a_file_by_hand(world):
    with pytest.raises(Denied):
        actions.judge_file(file=received(world), found="", by=world.olu, at=timezone.now())


def test_a_file_moves_only_where_its_table_lets_it(world):
    file = received(world)

    with pytest.raises(ValueError, match="does not go from clean to pending"):
        file.move(FileState.PENDING, at=timezone.now())


def test_nobody_reaches_a_file_but_through_what_it_belongs_to(world):
    file = received(world)

    assert str(file) == "policy.docx"
    assert list(File.objects.visible_to(world.alice)) == []


def test_a_scanner_behind_a_socket_of_this_machine(world, settings, tmp_path, clamd):
    path = tmp_path / "clamd"

    class Unix(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
        daemon_threads = True
        scanned, says, before_it_answers = [], b"", staticmethod(lambda: None)

    with Unix(str(path), clamd.RequestHandlerClass) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        settings.CLAMD_URL = f"unix://{path}"
        received(world, made.infected())
        assert running.scan_all() == {"infected": 1}
        server.shutdown()


# --- What people who run it see ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "says"), [(0, "ok"), (590, "ok"), (700, "one waits for 700 seconds")])
def test_readyz_is_red_when_a_file_waits_long(world, settings, seconds, says):
    settings.CLAMD_URL = NOBODY_THERE
    received(world, at=timezone.now() - dt.timedelta(seconds=seconds))

    assert health.files() == says


@pytest.mark.parametrize(
    ("url", "off", "ids"), [("", False, ["files.W001"]), ("", True, []), ("tcp://clamav", False, [])]
)
def test_production_starts_without_a_scanner_only_where_that_was_said(settings, url, off, ids):
    settings.CLAMD_URL, settings.CLAMD_OFF = url, off

    assert [message.id for message in preflight.files_are_scanned(None)] == ids


# --- The store's sweep ---------------------------------------------------------------------------------------------


def test_the_store_is_swept_of_what_belongs_to_nothing_after_a_day(world):
    from files import store

    file = received(world)
    lost = store.keep(made.upload(made.docx()))
    later = timezone.now() + dt.timedelta(days=1, minutes=1)

    assert running.sweep_store(at=timezone.now()) == 0
    assert running.sweep_store(at=later) == 1

    assert default_storage.exists(file.stored_as)
    assert not default_storage.exists(lost.stored_as)
    assert happened() == ["files.file.received", "files.leftovers.removed"]


def test_the_sweep_ends_what_a_crash_left_of_an_infected_file(world, clamd):
    file = received(world, made.infected())
    actions.judge_file(file=file, found="Eicar", by=BY, at=timezone.now())
    assert default_storage.exists(file.stored_as)

    assert running.sweep_store(at=timezone.now() + dt.timedelta(days=2)) == 1
    assert not default_storage.exists(file.stored_as)


def test_an_empty_store_is_swept_too_and_once_a_day_is_enough(db, monkeypatch):
    assert running.sweep_store(at=timezone.now()) == 0

    swept = []
    monkeypatch.setattr(running, "sweep_store", lambda at: swept.append(at))
    tasks.sweep_store()
    tasks.sweep_store()
    assert len(swept) == 1


def test_a_sweep_that_broke_off_is_made_again_soon(db, monkeypatch):
    def away(*, at):
        raise OSError("away")

    monkeypatch.setattr(running, "sweep_store", away)
    with pytest.raises(OSError, match="away"):
        tasks.sweep_store()

    swept = []
    monkeypatch.setattr(running, "sweep_store", lambda at: swept.append(at))
    tasks.sweep_store()
    assert len(swept) == 1


def test_what_vanishes_while_the_store_is_swept_is_gone(db, monkeypatch):
    monkeypatch.setattr(running.store, "all_names", lambda: iter(["files/gone"]))

    assert running.sweep_store(at=timezone.now()) == 0


@pytest.mark.django_db(transaction=True)
def test_tick_scans_without_any_broker(world, clamd):
    file = received(world)

    call_command("tick")

    assert now(file).state == FileState.CLEAN
