"""Rounds for tests: a published framework of Larkshire whose deadline is a week ahead, and what is asked, answered and
written in it. Everything goes through the real actions."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Organisation
from accounts.states import OrganisationKind, Role
from jobs.models import Outage
from lots.models import Framework
from providers.actions import deadlines, messages, questions
from providers.models import Answer, Application, BidMessage, DeadlineChange, Question
from providers.rules.deadline_moves import Move
from providers.steps import following
from tests.cast import make_person
from tests.frameworks import AT, make_framework

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


def open_round(world, *, closes_in: dt.timedelta = 7 * DAY, **fields) -> Framework:
    """Published; questions until a day before the deadline. Its own days lie after that."""
    closes_at = timezone.now() + closes_in
    dates = {"closes_at": closes_at, "enquiries_until": closes_at - DAY}
    dates |= {"award_by_on": (closes_at + 60 * DAY).date(), "starts_on": (closes_at + 90 * DAY).date()}
    ends_on = (closes_at + 2000 * DAY).date()
    return make_framework(world, published=True, **{**dates, "ends_on": ends_on, "scheme_ends_on": ends_on, **fields})


def colleague(world, name: str = "mia", role: Role = Role.PROCUREMENT):
    """Somebody else at Larkshire."""
    made = make_person(name)
    Membership.objects.create(user=made, organisation=world.larkshire, role=role, given_at=AT, person_name=name.title())
    return made


def provider_led_by(name: str):
    """A further provider and its lead."""
    lead = make_person(name)
    organisation = Organisation.objects.create(
        kind=OrganisationKind.PROVIDER, name=f"{name.title()} House", name_key=f"{name} house"
    )
    Membership.objects.create(
        user=lead, organisation=organisation, role=Role.PROVIDER_LEAD, given_at=AT, person_name=name.title()
    )
    return organisation, lead


def followed(world, framework: Framework, provider=None, by=None) -> Application:
    """Ash House follows it, or another provider."""
    with transaction.atomic():
        return following.follow(
            framework=framework, provider=provider or world.ash_house, by=by or world.alice, at=timezone.now()
        )


def asked(world, framework: Framework, text: str = "May we teach in a barn?", *, provider=None, by=None) -> Question:
    """A question of Ash House."""
    return questions.ask_question(
        framework=framework, provider=provider or world.ash_house, text=text, by=by or world.alice
    )


def published_answer(world, framework: Framework, *numbers: int, **words) -> Answer:
    """Max answers questions to everybody."""
    given = {"asked": "May one teach in a barn?", "text": "Yes, if it is safe.", "by": world.max, "at": timezone.now()}
    return questions.publish_answer(framework=framework, questions=numbers, **given | words)


def ask_help(world, framework: Framework, text: str = "The page does not load", reach: str = "") -> BidMessage:
    """Ash House asks for help."""
    application = followed(world, framework)
    return messages.ask_for_help(application=application, text=text, reach=reach, by=world.alice)


def out_of_order(
    framework: Framework, *, began: dt.timedelta = 40 * MINUTE, lasted: dt.timedelta = 20 * MINUTE
) -> Outage:
    """The portal was out of order from `began` before the deadline."""
    began_at = framework.closes_at - began
    return Outage.objects.create(what="portal", began_at=began_at, ended_at=began_at + lasted)


def passed_round(world, **fields) -> Framework:
    """A round whose deadline passed two hours ago."""
    return open_round(world, closes_in=-2 * HOUR, **fields)


def later(framework: Framework, days: float = 3) -> Move:
    """A new deadline so many days from now, or from the old one where that is later."""
    return Move(max(framework.closes_at, timezone.now()) + days * DAY)


def proposed(world, framework: Framework | None = None, by=None) -> DeadlineChange:
    """Max proposes to set a deadline again."""
    framework = framework or passed_round(world)
    outage = out_of_order(framework)
    return deadlines.propose_outage_deadline(
        framework=framework, outage=outage, move=later(framework), reason="Nobody could submit", by=by or world.max
    )
