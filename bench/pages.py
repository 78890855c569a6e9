"""The pages that are measured. A later app adds its own: a name, the address, who opens it, how rows are made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db.models import Max
from django.urls import reverse

from accounts.models import Membership, Organisation, User
from accounts.states import OrganisationKind, Role
from audit.models import Event
from bench.page import AT, Page, in_chunks, nothing_more, of
from jobs.models import Job
from jobs.states import State as JobState
from lots.models import Document, Framework, KeyDate, Lot, Place, Policies, SubLot
from lots.states import FrameworkState, Phase, PlaceState
from notices.models import NoticeFile, Release
from notices.states import FileKind, FileState
from outbox.models import Message
from outbox.states import Channel, Mode, Queue, State

_CHUNK = 5000
_REGISTER = "The framework of the register"
_PACKAGE = "package.json"


def fill_events(world, first: int, last: int) -> None:
    """Events at Ash House, a minute apart, by its two people in turn and a tenth of them by the portal."""

    def make(number):
        by = None if number % 10 == 0 else (world.alice, world.bob)[number % 2]
        return Event(
            at=AT + dt.timedelta(minutes=number),
            action=("accounts.role.given", "accounts.invitation.sent", "accounts.organisation.changed")[number % 3],
            by=by,
            by_label="" if by else "system:bench",
            about_type=("accounts.user", "accounts.invitation")[number % 2],
            about_id=world.bob.pk if number % 2 == 0 else number,
            organisation_id=world.ash_house.pk,
            data={"role": "provider_staff", "person": world.bob.pk} if number % 3 == 0 else {},
        )

    in_chunks(Event, first, last, make)


def fill_people(world, first: int, last: int) -> None:
    """People at Larkshire Council, each with one role."""
    top = User.objects.aggregate(top=Max("pk"))["top"]
    in_chunks(User, first, last, lambda n: User(email=f"p{n}@bench.example", name=f"Person {n:06}", password="!"))
    made = User.objects.filter(pk__gt=top).order_by("pk").values_list("pk", "name")
    for start in range(0, last - first, _CHUNK):
        Membership.objects.bulk_create(
            Membership(user_id=pk, organisation=world.larkshire, role=Role.COMMISSIONER, person_name=name, given_at=AT)
            for pk, name in made[start : start + _CHUNK]
        )


def fill_schools(world, first: int, last: int) -> None:
    """Schools of the national register."""

    def make(number):
        name = f"School {number:06}"
        return Organisation(
            kind=OrganisationKind.SCHOOL, name=name, name_key=name.lower(), urn=f"{number + 100_000:06}"
        )

    in_chunks(Organisation, first, last, make)


def fill_messages(world, first: int, last: int) -> None:
    """Letters that were sent."""

    def make(number):
        at = AT + dt.timedelta(minutes=number)
        return Message(
            key=f"bench:{number}",
            channel=Channel.EMAIL,
            queue=Queue.MAIL,
            mode=Mode.CLAIM_FIRST,
            to=f"p{number}@bench.example",
            subject="You have been invited",
            body="Sign in to read this",
            created_at=at,
            due_at=at,
            state=State.SENT,
            over_at=at,
            attempts=1,
            token="bench",
        )

    in_chunks(Message, first, last, make)


def fill_frameworks(world, first: int, last: int) -> None:
    """Published frameworks of Larkshire, once for all pages that show them; the last one of all has seven lots."""
    first = max(first, Framework.objects.count())
    if first >= last:
        return

    def make(number):
        at = AT + dt.timedelta(minutes=number)
        return Framework(
            buyer=world.larkshire,
            title=f"Framework {number:06}",
            state=FrameworkState.PUBLISHED,
            net_pence=1_000_000_00,
            created_at=at,
            published_at=at,
            closes_at=at + dt.timedelta(days=90),
        )

    in_chunks(Framework, first, last, make)
    framework = Framework.objects.latest("pk")
    Policies.objects.create(framework=framework)
    for number in range(7):
        lot = Lot.objects.create(framework=framework, number=str(number), title=f"Lot {number}", net_pence=100_000_00)
        for letter, phase in (("A", "primary"), ("B", "secondary")):
            SubLot.objects.create(lot=lot, letter=letter, phase=phase)
        KeyDate.objects.create(framework=framework, kind="other", at=AT)
        Document.objects.create(framework=framework, title=f"Document {number}")


def some_framework(world) -> str:
    """The page of the one with lots."""
    return reverse("framework", args=[Framework.objects.filter(title__startswith="Framework ").latest("pk").pk])


def fill_jobs(world, first: int, last: int) -> None:
    """Long tasks that are done: a tenth of them Larkshire's, the rest another council's."""

    def make(number):
        at = AT + dt.timedelta(minutes=number)
        return Job(
            kind="bench",
            title=f"Read notice-{number:06}.json",
            organisation=world.mereshire if number % 10 else world.larkshire,
            asked_by=world.ines if number % 10 else world.max,
            asked_at=at,
            state=JobState.DONE,
            started_at=at,
            ended_at=at,
            attempts=1,
            result="1 notice was read.",
        )

    in_chunks(Job, first, last, make)


def fill_places(world, first: int, last: int) -> None:
    """Places of made-up providers on the first part of one framework of Larkshire's, which Max may see inside."""
    framework, lot, part = _framework(world)

    def firm(number):
        name = f"Firm {number:06}"
        return Organisation(kind=OrganisationKind.PROVIDER, name=name, name_key=name.lower(), compared_at=AT)

    top = Organisation.objects.aggregate(top=Max("pk"))["top"]
    in_chunks(Organisation, first, last, firm)
    made = list(Organisation.objects.filter(pk__gt=top).order_by("pk").values_list("pk", "name"))
    for start in range(0, last - first, _CHUNK):
        Place.objects.bulk_create(
            Place(
                framework_id=framework,
                lot_id=lot,
                sub_lot_id=part,
                provider_id=pk,
                provider_name=name,
                state=PlaceState.ACTIVE,
                awarded_at=AT,
                accepted_at=AT,
                active_from=AT,
            )
            for pk, name in made[start : start + _CHUNK]
        )


def _framework(world) -> tuple[int, int, int]:
    """Keys of the one framework, its lot and its part; made when they are asked for first."""
    known = SubLot.objects.filter(lot__framework__title=_REGISTER).first()
    if known is None:
        made = Framework.objects.create(
            buyer=world.larkshire,
            title=_REGISTER,
            state=FrameworkState.RUNNING,
            created_at=AT,
            published_at=AT,
            awarded_at=AT,
        )
        lot = Lot.objects.create(framework=made, number="1", title="Vocational")
        known = SubLot.objects.create(lot=lot, letter="B", phase=Phase.SECONDARY)
    return known.lot.framework_id, known.lot_id, known.pk


def _register(name: str) -> Callable:
    return lambda world: reverse(name, args=[_framework(world)[0]])


def fill_files(world, first: int, last: int) -> None:
    """Files of notices that Larkshire brought in."""

    def make(number):
        return NoticeFile(
            organisation=world.larkshire,
            name=f"notice-{number}.json",
            size=28_000,
            sha256=f"{number:064}",
            kind=FileKind.RELEASE,
            state=FileState.READ,
            releases_count=1,
            received_at=AT + dt.timedelta(minutes=number),
            received_by=world.max,
        )

    in_chunks(NoticeFile, first, last, make)


def fill_releases(world, first: int, last: int) -> None:
    """Releases in one file of Larkshire's, a tenth of them frameworks."""
    file = _package(world)

    def make(number):
        return Release(
            file_id=file,
            organisation=world.larkshire,
            position=number,
            starts_at=number * 4000,
            body=b"{}",
            sha256=f"{number:064}",
            release_id=f"{number:06}-2026",
            ocid=f"ocds-h6vhtk-{number:06x}",
            date="2026-03-18T08:28:08Z",
            notice_type="UK4",
            title=f"Notice {number:06}",
            buyer_name="Larkshire Council",
            is_framework=number % 10 == 0,
        )

    in_chunks(Release, first, last, make)


def _package(world) -> int:
    """Key of the file that the releases are in; made when it is asked for first."""
    made, _ = NoticeFile.objects.get_or_create(
        organisation=world.larkshire,
        name=_PACKAGE,
        defaults={
            "size": 1,
            "kind": FileKind.RELEASE_PACKAGE,
            "state": FileState.READ,
            "releases_count": 2,
            "received_at": AT,
        },
    )
    return made.pk


PAGES = [
    Page("audit", "alice", of("audit", "ash_house"), nothing_more),
    Page("audit by a person", "alice", lambda w: f"{of('audit', 'ash_house')(w)}?person={w.bob.pk}", nothing_more),
    Page("audit to a day", "alice", lambda w: f"{of('audit', 'ash_house')(w)}?last=5/1/2026", nothing_more),
    Page("my_record", "alice", of("my_record"), nothing_more),
    Page("people", "ada", of("people", "larkshire"), fill_people),
    Page("organisations", "olu", of("organisations"), fill_schools),
    Page("outbox", "olu", of("outbox"), fill_messages),
    Page("places", "max", _register("places"), fill_places),
    Page("places on a day", "max", lambda w: f"{_register('places')(w)}?on=1/6/2026", nothing_more),
    Page("on_framework", "alice", _register("on_framework"), nothing_more),
    Page("jobs", "max", of("jobs"), fill_jobs),
    Page("jobs of everybody", "olu", of("jobs"), nothing_more),
    Page("frameworks", "alice", of("frameworks"), fill_frameworks),
    Page("framework", "alice", some_framework, fill_frameworks),  # dates, lots, rules and papers: some fifty lines
    Page("organisation_frameworks", "max", of("organisation_frameworks", "larkshire"), fill_frameworks, rows=20),
    Page("notice_files", "max", of("notice_files", "larkshire"), fill_files),
    Page("notice_file", "max", lambda w: reverse("notice_file", args=[_package(w)]), fill_releases),
]
