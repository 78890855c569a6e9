"""The pages of applications and rounds that are measured: one busy round of Larkshire's, Ash House's library."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.urls import reverse
from django.utils import timezone

from bench.page import AT, Page, in_chunks, nothing_more, of
from bench.pages import fill_frameworks
from files.models import File
from files.states import FileKind, FileState
from lots.models import Framework, Policies
from lots.states import FrameworkState
from providers.models import Answer, AnswerVersion, Application, BidMessage, Item, ItemVersion, Question
from providers.states import ItemKind, MessageKind

_ROUND = "The busy round"
_MINUTE = dt.timedelta(minutes=1)


def _round(world) -> Framework:
    """The framework that everybody asks about, open for another week; made when it is asked for first."""
    now = timezone.now()
    made, is_new = Framework.objects.get_or_create(
        buyer=world.larkshire,
        title=_ROUND,
        defaults={
            "state": FrameworkState.PUBLISHED,
            "created_at": AT,
            "published_at": AT,
            "closes_at": now + dt.timedelta(days=7),
            "enquiries_until": now + dt.timedelta(days=6),
        },
    )
    if is_new:
        Policies.objects.create(framework=made)
    return made


def _bidders(world) -> list[int]:
    """Ash House's application to it and Birch Farm's, by key."""
    framework = _round(world)
    return [
        Application.objects.get_or_create(
            framework=framework, provider=provider, defaults={"alias": f"Bidder {code}", "began_at": AT}
        )[0].pk
        for provider, code in ((world.ash_house, "23456"), (world.birch_farm, "65432"))
    ]


def fill_library(world, first: int, last: int) -> None:
    """Documents in Ash House's library, a tenth of them with a day on which they end."""

    def file(number):
        return File(
            organisation=world.ash_house,
            name=f"document-{number}.pdf",
            kind=FileKind.PDF,
            size=28_000,
            sha256=f"{number:064}",
            stored_as=f"files/bench-{number}",
            state=FileState.CLEAN,
            received_at=AT,
            scanned_at=AT,
        )

    def item(number):
        return Item(provider=world.ash_house, title=f"Document {number:06}", kind=ItemKind.POLICY, added_at=AT)

    files, items = in_chunks(File, first, last, file), in_chunks(Item, first, last, item)

    def version(number):
        ends = None if number % 10 else AT.date() + dt.timedelta(days=number % 1000)
        return ItemVersion(
            item=items[number - first], file=files[number - first], number=1, expires_on=ends, added_at=AT
        )

    for one, its in zip(items, in_chunks(ItemVersion, first, last, version), strict=True):
        one.current = its
    Item.objects.bulk_update(items, ["current"], batch_size=500)


def fill_applications(world, first: int, last: int) -> None:
    """Ash House follows every framework that the other pages show."""
    fill_frameworks(world, first, last)
    keys = list(Framework.objects.exclude(applications__provider=world.ash_house).values_list("pk", flat=True))

    def make(number):
        return Application(framework_id=keys[number], provider=world.ash_house, alias="Bidder ABCDE", began_at=AT)

    in_chunks(Application, 0, len(keys), make)


def fill_questions(world, first: int, last: int) -> None:
    """Questions of two bidders in turn, each answered to all but the last of all, twice as many as answers."""
    framework, bidders = _round(world), _bidders(world)

    def answer(number):
        at = AT + number * _MINUTE
        return Answer(framework=framework, number=number + 1, published_at=at, changed_at=at)

    answers = in_chunks(Answer, first, last, answer)

    def version(number):
        return AnswerVersion(
            answer=answers[number - first],
            number=1,
            asked="May one teach in a barn?",
            text="Yes, if it is safe.",
            published_at=AT + number * _MINUTE,
        )

    in_chunks(AnswerVersion, first, last, version)

    def question(number):
        return Question(
            framework=framework,
            application_id=bidders[number // 2 % 2],
            number=number + 1,
            text="We have a barn. May we teach in it?",
            asked_at=AT + number * _MINUTE,
            answer=None if number % 2 else answers[number // 2 - first],
        )

    in_chunks(Question, 2 * first, 2 * last, question)


def fill_help(world, first: int, last: int) -> None:
    """Requests for help and other messages in turn, of two bidders; every other request was answered."""
    framework, bidders = _round(world), _bidders(world)

    def make(number):
        sent_at, is_help = AT + number * _MINUTE, number % 2 == 0
        return BidMessage(
            framework=framework,
            application_id=bidders[number // 4 % 2],
            kind=MessageKind.HELP if is_help else MessageKind.MESSAGE,
            from_buyer=False,
            text="The page does not load",
            reach="01632 960000" if is_help else "",
            sent_at=sent_at,
            answered_at=sent_at if number % 4 == 2 else None,
        )

    in_chunks(BidMessage, 4 * first, 4 * last, make)


def _in_round(name: str) -> Callable:
    return lambda world: reverse(name, args=[_round(world).pk])


def _own(name: str) -> Callable:
    return lambda world: reverse(name, args=[_bidders(world)[0]])


PAGES = [
    Page("library", "alice", of("library", "ash_house"), fill_library),
    Page("library expired", "alice", lambda w: f"{of('library', 'ash_house')(w)}?stands=ended", nothing_more),
    Page("applications", "alice", of("applications", "ash_house"), fill_applications),
    Page("clarifications", "alice", _in_round("clarifications"), fill_questions),
    Page("my_questions", "alice", _in_round("my_questions"), nothing_more),
    Page("questions", "max", _in_round("questions"), nothing_more),
    Page("help_queue", "max", _in_round("help_queue"), fill_help),
    Page("messages_of_round", "max", _in_round("messages_of_round"), nothing_more),
    Page("bidder_messages", "max", lambda w: reverse("bidder_messages", args=[_round(w).pk, "23456"]), nothing_more),
    Page("bid_messages", "alice", _own("bid_messages"), nothing_more),
    Page("round", "max", _in_round("round"), nothing_more),
]
