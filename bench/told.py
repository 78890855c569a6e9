"""Telling many at once: what everybody who follows a framework gets, and what runs out. Statements are counted: their
number may grow by one or two for each 500 letters, and not otherwise."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Organisation, User
from accounts.states import OrganisationKind, Role
from bench.page import AT, in_chunks
from core import clock
from core.access import System
from lots.models import Framework
from lots.states import FrameworkState
from providers.actions import expiry, questions, rounds
from providers.models import Application, Insurance
from providers.permissions import profiles
from providers.states import InsuranceKind
from tests.frameworks import make_framework


def tell_of_round(world, number: int, tell: Callable[[str], None], kept: list) -> None:
    """An answer to so many followers, each with one lead and one insurance that runs out; then the framework is
    withdrawn, and the day of the insurances comes."""
    framework = make_framework(world, published=True, closes_at=clock.now() + dt.timedelta(days=7))
    _followers(framework, number)
    at = clock.now()

    def answer():
        words = {"asked": "May one teach in a barn?", "text": "Yes, if it is safe.", "by": world.max, "at": at}
        questions.publish_answer(framework=framework, questions=[], **words)

    _counted("an answer, told to its followers", number, answer, tell, kept)
    Framework.objects.filter(pk=framework.pk).update(state=FrameworkState.WITHDRAWN, withdrawn_at=at)
    by = System("providers.tell_of_withdrawals")
    _counted(
        "a withdrawal, told to its followers",
        number,
        lambda: rounds.tell_of_withdrawal(framework=framework, by=by, at=at),
        tell,
        kept,
    )
    _counted(
        "what runs out, told to its providers",
        number,
        lambda: expiry.tell_of_expiry(by=System(profiles.EXPIRY), at=at, today=clock.today()),
        tell,
        kept,
    )


def _followers(framework: Framework, number: int) -> None:
    def firm(n):
        name = f"Follower {n:05}"
        return Organisation(kind=OrganisationKind.PROVIDER, name=name, name_key=name.lower(), compared_at=AT)

    firms = in_chunks(Organisation, 0, number, firm)
    leads = in_chunks(User, 0, number, lambda n: User(email=f"f{n}@bench.example", name=f"Lead {n}", password="!"))

    def member(n):
        return Membership(
            user=leads[n], organisation=firms[n], role=Role.PROVIDER_LEAD, person_name=leads[n].name, given_at=AT
        )

    def application(n):
        return Application(framework=framework, provider=firms[n], alias=f"Bidder {n}", began_at=AT)

    def insurance(n):
        return Insurance(
            provider=firms[n],
            kind=InsuranceKind.PUBLIC,
            insurer="Insurer",
            policy_number=f"P{n}",
            cover_pence=5_000_000_00,
            ends_on=clock.today() + dt.timedelta(days=20),
        )

    in_chunks(Membership, 0, number, member)
    in_chunks(Application, 0, number, application)
    in_chunks(Insurance, 0, number, insurance)


def _counted(what: str, number: int, act: Callable[[], object], tell, kept: list) -> None:
    wall, processor = time.perf_counter(), time.process_time()
    with CaptureQueriesContext(connection) as queries:
        act()
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    kept.append(
        {
            "work": what,
            "number": number,
            "wall_s": round(wall, 3),
            "processor_s": round(processor, 3),
            "statements": len(queries),
        }
    )
    each = wall / number * 1000 if number else 0
    tell(f"{what:<44}{number:>9,}{wall:>9.2f} s{each:>9.3f} ms each; {len(queries)} statements")
