"""Larkshire's second round, whose deadline passed some days ago: extended once, two who submitted, one who came three
minutes late, and what bidders keep to read. It waits to be opened."""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from core.calendars import working_day_after
from lots.demo import on, organisation, person, published
from lots.models import Framework
from lots.rules.outline import LotDraft
from providers.actions import applications, deadlines, messages, questions
from providers.demo import answers
from providers.rules.deadline_moves import Move
from providers.rules.refusals import TooLate

WORDS = {
    "description": "Mentoring for pupils who have stopped coming to school: somebody who calls at home, goes with "
    "them, and stays until they have settled. Pupils are placed one by one, and there is no promise of numbers.",
    "reference": "LC-AP-2",
    "net_pence": 300_000_00,
    "gross_pence": 360_000_00,
    "payment_terms": "30 days from receipt.",
    "how_to_apply": "Sign in to this portal as a provider.",
}
DRAFTS = [
    LotDraft("1", "Mentoring at home and in the community", ("A", "B"), net_pence=180_000_00, gross_pence=216_000_00),
    LotDraft("2", "Back to school, step by step", ("B",), net_pence=120_000_00, gross_pence=144_000_00),
]


@contextlib.contextmanager
def at_that_time(moment: dt.datetime):
    """The demo's clock shows this moment while the block runs, then what it showed before."""
    file = Path(settings.DEMO_CLOCK_FILE)
    before = file.read_text() if file.exists() else None
    try:
        file.write_text(str(round((moment - timezone.now()).total_seconds())))
        yield
    finally:
        if before is None:
            file.unlink(missing_ok=True)
        else:
            file.write_text(before)


def load(*, today: dt.date) -> None:
    """From the publication, eight weeks ago, to three minutes after the deadline, which was 3 to 11 days ago."""
    began = today - dt.timedelta(days=56)
    max_ = person("max@larkshire.example")
    framework = published(
        title="Mentoring for pupils who have stopped coming to school",
        words=WORDS,
        drafts=DRAFTS,
        buyer=organisation("Larkshire Council"),
        by=max_,
        second=person("ada@larkshire.example"),
        today=began,
        at=on(began, 9),
    )
    with at_that_time(framework.closes_at - dt.timedelta(days=5)):
        _extend(framework, max_)
    framework = Framework.objects.get(pk=framework.pk)
    with at_that_time(framework.closes_at - dt.timedelta(hours=20)):
        _submit(framework, "Ash House", "alice@ash-house.example", 29_00)
        _submit(framework, "Dovecote Music", "dev@dovecote-music.example", 31_50)
        late = _begin(framework)
    _come_late(framework, late)


def _extend(framework: Framework, max_) -> None:
    """Something is made clear to everybody, late; so there is more time."""
    questions.publish_answer(
        framework=framework,
        questions=[],
        asked="Is the way to the pupil’s home paid for?",
        text="No. The price of a session includes it, whatever the distance inside Larkshire.",
        by=max_,
        at=framework.closes_at - dt.timedelta(days=5),
    )
    closes = timezone.localdate(framework.closes_at)
    deadlines.extend_deadline(
        framework=framework,
        move=Move(closes_at=on(working_day_after(closes, 3), 12)),
        reason="We made clear only now who pays for travel. Everybody has three working days more to think of it.",
        by=max_,
    )


def _submit(framework: Framework, provider: str, lead: str, pence: int) -> None:
    by = person(lead)
    application = applications.start(framework=framework, provider=organisation(provider), by=by)
    answers.save(application, answers.whole(application, pence=pence, lots="12", by=by), by=by)
    answers.submit(application, key=f"demo-past-{application.pk}", by=by)


def _begin(framework: Framework):
    """Birch Farm has all but its prices on the evening before."""
    charlie = person("charlie@birch-farm.example")
    application = applications.start(framework=framework, provider=organisation("Birch Farm"), by=charlie)
    parts = answers.whole(application, pence=27_00, lots="1", by=charlie)
    return answers.save(application, parts, by=charlie, only=[code for code in parts if code != "prices"])


def _come_late(framework: Framework, application) -> None:
    """It asks for help eight minutes before noon, is answered, and comes three minutes late."""
    charlie, max_ = person("charlie@birch-farm.example"), person("max@larkshire.example")
    with at_that_time(framework.closes_at - dt.timedelta(minutes=8)):
        help_ = messages.ask_for_help(
            application=application,
            text="Our line on the farm is down and I am on a telephone. Can somebody put our prices in for us?",
            reach="01632 960 102",
            by=charlie,
        )
        messages.write_to_bidder(
            application=application.pk,
            text="We cannot see or change what you write. You can do it on a telephone: open your application and "
            "choose Prices.",
            answers=help_.pk,
            by=max_,
            at=framework.closes_at - dt.timedelta(minutes=5),
        )
    with at_that_time(framework.closes_at + dt.timedelta(minutes=3)):
        try:
            answers.submit(application, key="demo-late", by=charlie)
        except TooLate as late:
            applications.note_late(application=application, what="submit", at=late.at, by=charlie)
