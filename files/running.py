"""Scanning what came in, drawing its pages, and sweeping the store of what belongs to nothing.

A room of its own, like `jobs.running`: taking a file up is no act that somebody decides on. A scanner holds a file by a
lease in its row and works outside any transaction; one that dies leaves a lease that runs out. Twice is harmless: the
verdict is written once (`files.actions.judge_file`). When ClamAV is away every file stays as it is, its link waits, and
it is tried again, less often each time. Pages are drawn the same way, three times at most."""

from __future__ import annotations

import datetime as dt
import logging
import tempfile
import time
from collections import Counter
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F

from audit import steps as audit
from core import clock
from core.access import System
from files import actions, queries, scanner, store
from files.look import pages as drawing
from files.models import File, PageImage, PageSet
from files.rules import pages, scans
from files.states import FileState, PagesState, WhyNoPages

log = logging.getLogger("portal.files")
SCAN = System("files.scan")
PAGES = System("files.pages")
SWEEP = System("files.sweep")
KEEP = dt.timedelta(days=1)  # what lies in the store for so long and was never written down belongs to nobody
AT_ONCE = 500


def scan_all(*, seconds: float = 30) -> Counter:
    """Scan what waits, and begin nothing new after about `seconds`. Returns how many had which fate. Harmless beside
    any number of others, and when nothing waits."""
    until, done = time.monotonic() + seconds, Counter()
    while time.monotonic() < until and (batch := claim(at=clock.now())):
        for number, file in enumerate(batch):
            if time.monotonic() >= until:
                _put_back(batch[number:], at=clock.now())
                return done
            try:
                done[_scan(file)] += 1
            except scanner.TooLong:
                log.error("larger than the scanner takes", extra={"file_id": file.pk, "bytes": file.size})
                _wait(file)
            except scanner.Unavailable as error:
                log.warning("not scanned", extra={"file_id": file.pk, "why": str(error)})
                for one in batch[number:]:
                    _wait(one)
                return done
    return done


def claim(*, at: dt.datetime) -> list[File]:
    """Take up a batch of files that wait, oldest first: nobody else scans them until the lease runs out."""
    with transaction.atomic(durable=True):
        rows = File.objects.to_scan(at).order_by("scan_at", "pk").select_for_update(of=("self",), skip_locked=True)
        batch = list(rows[: scans.BATCH])
        ours = File.objects.filter(pk__in=[file.pk for file in batch])
        ours.update(scan_at=lease_end(at), scan_tries=F("scan_tries") + 1)
    for file in batch:
        file.scan_tries += 1
    return batch


def lease_end(at: dt.datetime) -> dt.datetime:
    """Until when a file that was taken up at `at` is ours."""
    return at + dt.timedelta(seconds=scans.LEASE)


def _scan(file: File) -> str:
    """Scan one file and write down what came of it. One without bytes, or whose bytes cannot be had, waits."""
    found = ""
    if settings.CLAMD_URL:
        try:
            with store.opened(file.stored_as) as content:
                found = scanner.scan(content)
        except scanner.Unavailable:
            raise
        except Exception:
            # Each store has faults of its own kind; the others are still scanned.
            log.exception("not scanned", extra={"file_id": file.pk})
            _wait(file)
            return "unread"
    judged = actions.judge_file(file=file, found=found, by=SCAN, at=clock.now())
    if judged.state == FileState.INFECTED:
        for name in (judged.stored_as, *queries.all_page_names(judged)):
            store.remove(name)
    return str(judged.state)


def _wait(file: File) -> None:
    """Have it tried again later, unless it was judged meanwhile."""
    at = clock.now() + dt.timedelta(seconds=scans.wait_after(file.scan_tries))
    File.objects.filter(pk=file.pk, state=FileState.PENDING).update(scan_at=at)


def _put_back(files: list[File], *, at: dt.datetime) -> None:
    """Give files back untried."""
    waiting = File.objects.filter(pk__in=[file.pk for file in files], state=FileState.PENDING)
    waiting.update(scan_at=at, scan_tries=F("scan_tries") - 1)


def draw_all(*, seconds: float = 20) -> Counter:
    """Draw the pages that somebody asked for, and begin no new file after about `seconds`. Returns how many files had
    which fate. Harmless beside any number of others, and when nothing waits."""
    until, done = time.monotonic() + seconds, Counter()
    while time.monotonic() < until and (asked := claim_pages(at=clock.now())):
        done[_draw(asked)] += 1
    return done


def claim_pages(*, at: dt.datetime) -> PageSet | None:
    """Take up the file that has waited longest for its pages: nobody else draws it until the lease runs out."""
    with transaction.atomic(durable=True):
        rows = PageSet.objects.to_draw(at).order_by("try_at", "pk").select_related("file")
        asked = rows.select_for_update(of=("self",), skip_locked=True).first()
        if asked is not None:
            asked.tries, asked.try_at = asked.tries + 1, pages_lease_end(at)
            asked.save(update_fields=["tries", "try_at"])
    return asked


def pages_lease_end(at: dt.datetime) -> dt.datetime:
    """Until when the file that was taken up at `at` is ours."""
    return at + dt.timedelta(seconds=pages.LEASE)


def _draw(asked: PageSet) -> str:
    """Draw the pages of one file and write down what came of it."""
    if pages.given_up(asked.tries):
        return _give_up(asked, WhyNoPages.GONE)
    try:
        with tempfile.TemporaryFile() as copy, tempfile.TemporaryDirectory() as folder:
            if store.fetched(asked.file.stored_as, copy) != asked.file.sha256:
                log.error("a file is not what was uploaded", extra={"file_id": asked.file_id})
                return _give_up(asked, WhyNoPages.CHANGED)
            return _keep(asked, *drawing.draw(copy, Path(folder)))
    except drawing.NotDrawn:
        return _give_up(asked, WhyNoPages.BROKEN)
    except Exception:
        # Each store has faults of its own kind; the others are still drawn.
        log.exception("pages not drawn", extra={"file_id": asked.file_id})
        at = clock.now() + dt.timedelta(seconds=pages.WAIT)
        PageSet.objects.filter(pk=asked.pk, state=PagesState.WAITING).update(try_at=at)
        return "unread"


def _keep(asked: PageSet, number: int, drawn: list[drawing.DrawnPage]) -> str:
    """Put the pictures in the store and write them down, or leave nothing behind."""
    names: dict[int, str] = {}
    kept = False
    try:
        for page in drawn:
            if page.picture:
                names[page.number] = store.keep_page(page.picture)
        images = [
            PageImage(
                file=asked.file,
                number=page.number,
                stored_as=names.get(page.number),
                width=page.width,
                height=page.height,
            )
            for page in drawn
        ]
        kept = actions.keep_pages(file=asked.file, pages=number, images=images, by=PAGES, at=clock.now())
    finally:
        for name in () if kept else names.values():
            store.remove(name)
    return "drawn" if kept else "not ours"


def _give_up(asked: PageSet, why: WhyNoPages) -> str:
    actions.give_up_pages(file=asked.file, why=why, by=PAGES, at=clock.now())
    return str(why)


def sweep_store(*, at: dt.datetime) -> int:
    """Remove what lies in the store for more than a day and belongs to no file (its action was refused, and the server
    died before it could tidy up), and what is left of infected files. Returns how many were removed."""
    removed, names = 0, store.all_names()
    while some := list(islice(names, AT_ONCE)):
        wanted = queries.all_wanted(some)
        for name in some:
            if name not in wanted and (came := store.kept_at(name)) and came <= at - KEEP:
                store.remove(name)
                removed += 1
    if removed:
        with transaction.atomic(durable=True):
            audit.record("files.leftovers.removed", by=SWEEP, data={"files": removed}, at=at)
    return removed
