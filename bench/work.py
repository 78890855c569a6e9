"""Work that is no page: writing, sealing and checking the record, taking in the register of schools."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

from django.db import transaction

import accounts
from accounts.actions import schools
from accounts.models import Organisation
from accounts.states import OrganisationKind
from audit import actions, queries
from audit import steps as audit
from audit.models import Event
from core import clock
from core.access import System
from lots.actions import reopening
from lots.models import Place
from lots.states import PlaceState
from tests.lots.places import AT, LATER, published

SAMPLE = Path(accounts.__file__).parent / "samples" / "schools.csv"


@contextmanager
def _timed(what: str, number: int, tell: Callable[[str], None], kept: list):
    wall, processor = time.perf_counter(), time.process_time()
    yield
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    kept.append({"work": what, "number": number, "wall_s": round(wall, 3), "processor_s": round(processor, 3)})
    each = wall / number * 1000 if number else 0
    tell(f"{what:<44}{number:>9,}{wall:>9.2f} s{each:>9.3f} ms each")


def record(world, number: int, tell, kept) -> None:
    """What an event costs inside an action's transaction, and in a transaction of its own."""
    by, about = world.alice, world.bob
    with _timed("audit.record, one transaction", number, tell, kept), transaction.atomic():
        for _ in range(number):
            audit.record("accounts.person.left", by=by, about=about, organisation=world.ash_house, at=clock.now())
    with _timed("audit.record, a transaction each", number // 10, tell, kept):
        for _ in range(number // 10):
            with transaction.atomic():
                audit.record("accounts.person.left", by=by, about=about, organisation=world.ash_house, at=clock.now())


def seal_and_verify(world, number: int, tell, kept) -> None:
    """Sealing everything that waits, then walking all seals."""
    waiting = Event.objects.filter(sealed=None).count()
    with _timed(f"seal, {actions.BATCH:,} events at a time", waiting, tell, kept):
        while actions.seal(by=System("audit.seal"), at=clock.now(), look_back=None):
            pass
    with _timed("seal when nothing waits", 1, tell, kept):
        actions.seal(by=System("audit.seal"), at=clock.now())
    with _timed("verify_audit", waiting, tell, kept):
        found = list(queries.faults(unsealed_before=clock.now()))
    tell(f"  faults found: {len(found)}")


def import_schools(world, number: int, tell, kept) -> None:
    """A register of this many schools, made up, taken in twice: all new, then nothing new."""
    file = _register(number)
    for what in ("import_schools, all new", "import_schools, nothing new"):
        with _timed(what, number, tell, kept):
            schools.import_schools(files=[io.BytesIO(file)], by=System("accounts.import_schools"), at=clock.now())


def award_and_switch(world, number: int, tell, kept) -> None:
    """One award set of this many places on two lots, and the instant that begins the framework with all of them."""
    made = published(world, max_participants=None)
    firms = Organisation.objects.bulk_create(
        Organisation(kind=OrganisationKind.PROVIDER, name=f"Winner {n:05}", name_key=f"winner {n:05}", compared_at=AT)
        for n in range(number // 2)
    )
    given = [made.award(firm, part) for firm in firms for part in ("1B", "2A")]
    with _timed("award set, whole or not at all", number, tell, kept):
        made.give(world, *given)
    Place.objects.filter(framework=made.framework).update(state=PlaceState.ACCEPTED, accepted_at=AT)
    with _timed("switch to a framework", Place.objects.filter(framework=made.framework).count(), tell, kept):
        reopening.switch_framework(framework=made.framework, by=world.max, at=LATER, today=LATER.date())


def _register(number: int) -> bytes:
    """The sample file's first school as often as asked for, each time with numbers and a name of its own."""
    with SAMPLE.open(encoding="cp1252", newline="") as file:
        sample = csv.DictReader(file)
        first = next(sample)
    out = io.StringIO()
    writer = csv.DictWriter(out, sample.fieldnames, quoting=csv.QUOTE_ALL)
    writer.writeheader()
    for n in range(number):
        writer.writerow(
            first
            | {
                "URN": str(300_000 + n),
                "EstablishmentName": f"Made-up School {n}",
                "EstablishmentNumber": str(n % 10_000),
            }
        )
    return out.getvalue().encode("cp1252")
