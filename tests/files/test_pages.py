"""Pages to be looked at: drawn once somebody asked, in a process that breaks alone, and given out behind a door."""

from __future__ import annotations

import datetime as dt
import io
import textwrap

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone
from PIL import Image

from audit.models import Event
from core.access import Denied, System
from files import actions, queries, responses, running, steps, tasks
from files.look import pages as drawing
from files.models import File, PageImage, PageSet
from files.rules import pages
from files.states import FileState, PagesState, WhyNoPages
from tests.files import made
from tests.files.received import received

BY = System("files.pages")


def wanted(*files: File) -> int:
    with transaction.atomic():
        return steps.want_pages(files=File.objects.filter(pk__in=[file.pk for file in files]), at=timezone.now())


def stands(file: File) -> tuple:
    asked = PageSet.objects.get(pk=file.pk)
    return asked.state, asked.why, asked.pages, [bool(one.stored_as) for one in queries.images_of([file.pk])[file.pk]]


def shown(file: File, number: int):
    return responses.page_image(RequestFactory().get("/"), File.objects.get(pk=file.pk), number)


def reader(monkeypatch, tmp_path, body: str) -> None:
    """Another reader, which does as `body` says: `number` is the first page that it is asked for."""
    program = "import json, os, sys, time\nfolder, number = sys.argv[1], int(sys.argv[2])\n"
    program += "say = lambda **words: print(json.dumps(words), flush=True)\n" + textwrap.dedent(body)
    path = tmp_path / "reader.py"
    path.write_text(program)
    monkeypatch.setattr(drawing, "READER", path)


ENDS_AT_TWO = """
    say(pages=3)
    for number in range(number, 4):
        say(at=number)
        if number == 2:
            os.abort()
        open(f"{folder}/{number}.jpg", "wb").write(b"picture")
        say(number=number, width=3, height=4)
"""


def test_only_what_was_asked_for_is_drawn_and_twice_is_once(world):
    policy, word = received(world, made.pdf("One\fTwo\fThree")), received(world)
    assert running.draw_all() == {}

    assert (wanted(policy, word), wanted(policy, word)) == (1, 0)
    assert running.draw_all() == {"drawn": 1}
    assert running.draw_all() == {}

    assert stands(policy) == ("made", "", 3, [True, True, True])
    answer = shown(policy, 2)
    headers = ["Content-Type", "Content-Disposition", "X-Content-Type-Options", "Cache-Control"]
    assert [answer.headers[name] for name in headers] == ["image/jpeg", "inline", "nosniff", "private, no-store"]
    picture = Image.open(io.BytesIO(b"".join(answer.streaming_content)))
    [two] = PageImage.objects.filter(number=2)
    assert (picture.format, picture.size) == ("JPEG", (two.width, two.height)) == ("JPEG", (1200, 1699))
    event = Event.objects.get(action="files.pages.drawn")
    assert (event.data, str(event.by_label)) == ({"pages": 3, "drawn": 3}, "system:files.pages")
    answer.close()


@pytest.mark.parametrize(
    ("content", "size"), [(made.picture("PNG", (2400, 600)), (1200, 300)), (made.jpeg(), (40, 30))]
)
def test_a_photograph_is_a_page_of_its_own(world, content, size):
    file = received(world, content, "fire exit.png")
    wanted(file)

    tasks.draw_pages()

    [image] = queries.images_of([file.pk])[file.pk]
    assert (image.width, image.height) == size
    assert queries.images_of([]) == {}


def test_a_page_that_ends_the_program_costs_itself_alone(world, monkeypatch, tmp_path):
    reader(monkeypatch, tmp_path, ENDS_AT_TWO)
    file = received(world, made.pdf(pages=3))
    wanted(file)

    assert running.draw_all() == {"drawn": 1}

    assert stands(file) == ("made", "", 3, [True, False, True])
    with pytest.raises(Http404):
        shown(file, 2)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("os.abort()", None),
        ('say(pages=2); say(at=1); sys.stdout.write(\'{"number": 1, "wid\'); sys.stdout.flush(); os.abort()', None),
        ("say(pages=9); say(at=number); say(number=number, width=1, height=1); os.abort()", [1, 2, 3]),
        ("say(pages=2); say(at=number); say(number=number, width=1, height=1); os.abort()", [1, 2]),
        ("say(pages=70); [say(number=n, width=1, height=1) for n in range(1, 61)]", list(range(1, 61))),
        ("say(pages=2); say(at=1); say(number=1, width=1, height=1); say(at=2); time.sleep(9)", [1]),
    ],
    ids=["at once", "in the middle of a word", "again and again", "at the last", "very long", "hangs"],
)
def test_however_the_program_ends_it_is_not_run_for_ever(monkeypatch, tmp_path, body, found):
    reader(monkeypatch, tmp_path, body)
    monkeypatch.setattr(drawing, "SECONDS", 1.2 if "sleep" in body else 20)
    with (tmp_path / "a.pdf").open("w+b") as file:
        if found is None:
            with pytest.raises(drawing.NotDrawn):
                drawing.draw(file, tmp_path)
        else:
            _, drawn = drawing.draw(file, tmp_path)
            assert [page.number for page in drawn if page.picture] == found


def test_the_reader_leaves_out_a_page_that_breaks_and_stops_at_one_that_takes_too_long(tmp_path):
    broken = made.pdf(pages=2).replace(b"/Count 2", b"/Count 3").replace(b"6 0 R] /Count", b"6 0 R 3 0 R] /Count")
    with (tmp_path / "a.pdf").open("w+b") as file:
        file.write(broken)
        file.flush()
        number, drawn = drawing.draw(file, tmp_path)

    assert (number, [bool(page.picture) for page in drawn]) == (3, [True, True, False])


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7 and nothing else", made.png_that_says(60_000, 60_000)], ids=["PDF", "PNG"]
)
def test_what_cannot_be_drawn_is_given_up_once(world, content, monkeypatch):
    file = received(world, made.pdf())
    default_storage.delete(file.stored_as)
    default_storage.save(file.stored_as, io.BytesIO(content))
    File.objects.update(sha256=running.store.fetched(file.stored_as, io.BytesIO()))
    wanted(file)

    assert running.draw_all() == {"broken": 1}
    assert running.draw_all() == {}

    actions.give_up_pages(file=file, why=WhyNoPages.GONE, by=BY, at=timezone.now())
    assert PageSet.objects.get().why == "broken"
    assert Event.objects.filter(action="files.pages.given_up").count() == 1


def test_bytes_that_are_not_those_that_were_uploaded_are_never_drawn(world):
    file = received(world, made.pdf())
    File.objects.update(sha256="0" * 64)
    wanted(file)

    assert running.draw_all() == {"changed": 1}


def test_a_store_that_is_away_is_tried_again_and_not_for_ever(world):
    file = received(world, made.pdf())
    wanted(file)
    default_storage.delete(file.stored_as)

    fates = []
    for _ in range(pages.TRIES + 2):
        fates += running.draw_all()
        PageSet.objects.update(try_at=timezone.now())

    assert fates == ["unread"] * pages.TRIES + ["gone"]
    with pytest.raises(Http404):
        shown(file, 1)


def test_a_worker_that_died_leaves_its_file_to_the_next(world):
    file, at = received(world, made.pdf()), timezone.now()
    wanted(file)
    at = timezone.now()

    assert running.claim_pages(at=at).pk == file.pk
    assert running.claim_pages(at=at + dt.timedelta(seconds=pages.LEASE - 1)) is None
    assert running.claim_pages(at=at + dt.timedelta(seconds=pages.LEASE)).tries == 2


def test_a_file_waits_for_its_scan_and_an_infected_one_shows_nothing(world, clamd):
    waits, bad = received(world, made.pdf()), received(world, made.infected())
    wanted(waits, bad)
    assert running.draw_all() == {}

    running.scan_all()
    assert running.draw_all() == {"drawn": 1}

    assert stands(waits)[0] == "made"
    assert (PageSet.objects.get(pk=bad.pk).state, wanted(bad)) == (PagesState.WAITING, 0)


def test_pictures_go_with_their_file(world, clamd):
    file = received(world, made.pdf())
    running.scan_all()
    wanted(file)
    running.draw_all()
    [name] = queries.all_page_names(file)
    later = timezone.now() + dt.timedelta(days=2)
    assert running.sweep_store(at=later) == 0

    actions.judge_file(file=file, found="Late-Find", by=System("files.scan"), at=timezone.now())
    with pytest.raises(Http404):
        shown(file, 1)
    assert running.sweep_store(at=later) == 2
    assert not default_storage.exists(name)


def test_a_scan_that_finds_a_virus_later_takes_the_pictures_away_at_once(world, clamd):
    file = received(world, made.infected())
    name = default_storage.save("files/page", io.BytesIO(b"picture"))
    PageImage.objects.create(file=file, number=1, stored_as=name)

    assert running.scan_all() == {"infected": 1}

    assert not default_storage.exists(name)


def test_a_picture_that_the_store_lost_is_no_page(world, caplog):
    file = received(world, made.pdf())
    wanted(file)
    running.draw_all()
    default_storage.delete(queries.all_page_names(file)[0])

    with pytest.raises(Http404):
        shown(file, 1)
    assert "cannot be had" in caplog.text


def test_who_comes_second_leaves_nothing_behind(world, monkeypatch):
    file = received(world, made.pdf())
    wanted(file)
    asked = running.claim_pages(at=timezone.now())
    File.objects.update(state=FileState.INFECTED)

    assert running._draw(asked) == "not ours"

    assert [*running.store.all_names()] == [file.stored_as]
    assert (str(asked), PageImage.objects.count()) == (f"Pages of {file.pk}", 0)
    assert str(PageImage(file=file, number=3)) == f"Page 3 of {file.pk}"


def test_nobody_draws_by_hand(world):
    file = received(world, made.pdf())
    wanted(file)

    with pytest.raises(Denied):
        actions.keep_pages(file=file, pages=1, images=[], by=world.olu, at=timezone.now())
    with pytest.raises(Denied):
        actions.give_up_pages(file=file, why=WhyNoPages.GONE, by=world.olu, at=timezone.now())


# --- What was frozen -------------------------------------------------------------------------------------------------


def downloaded(world, file, frozen):
    request = RequestFactory().get("/")
    request.user = world.eve
    return responses.download(request, file, frozen=frozen)


def test_what_was_frozen_is_given_out_as_it_was(world):
    content = made.pdf("Our induction")
    file = received(world, content)

    answer = downloaded(world, file, file.sha256)

    assert b"".join(answer.streaming_content) == content
    assert answer.headers["Content-Length"] == str(len(content))
    answer.close()


def test_what_is_not_what_was_frozen_is_not_given_out_and_said_calmly(world, caplog):
    file = received(world, made.pdf())

    answer = downloaded(world, file, "0" * 64)

    assert answer.status_code == 409
    assert "This file is not what was submitted" in answer.content.decode()
    assert [line.file_id for line in caplog.records if line.name == "portal.files"] == [file.pk]
