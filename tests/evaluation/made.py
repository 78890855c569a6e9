"""Evaluations for tests, made row by row, as far as a test needs them. Max runs and opens, Ada moderates and opens, Eve
and Tom evaluate, Fay approves. `evaluation(world)` was opened and is judged; `judged` brings it
further; `tests.evaluation.further` to an award set."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping, Sequence

from django.utils import timezone

from accounts.models import Membership, Organisation
from accounts.states import OrganisationKind, Role
from evaluation.models import (
    Appointment,
    Assignment,
    Bid,
    BidLot,
    Declaration,
    Evaluation,
    Judgement,
    OpeningAct,
    Settled,
)
from evaluation.states import Duty, Outcome, Settlement, Slot, Stage, When
from lots.models import Framework, Lot
from lots.queries.sealing import seal_for
from providers.models import Application, BidPrice, Opening, Submission, SubmittedVersion
from providers.queries.bids import SUBMISSION
from providers.rules.frozen import canonical, padded, sha256_of
from providers.states import ApplicationState
from tests.cast import make_people
from tests.evaluation.documents import document, standards_of
from tests.frameworks import AT
from tests.providers.bids import held, open_framework

DAY = dt.timedelta(days=1)
PANEL = {
    "max": [Duty.OPENER],
    "ada": [Duty.MODERATOR, Duty.OPENER],
    "eve": [Duty.EVALUATOR],
    "tom": [Duty.EVALUATOR],
    "fay": [Duty.APPROVER],
}
PRICES = [4000, 4200, 4500, 6000]  # the limit of these is 56.10: the last one fails


def bidders(world, count: int) -> list[Organisation]:
    """Ash House, Birch Farm, and as many more as it takes, each with a lead."""
    found = [world.ash_house, world.birch_farm][:count]
    more = range(3, count + 1)
    new = Organisation.objects.bulk_create(
        Organisation(kind=OrganisationKind.PROVIDER, name=f"Provider {n:03}", name_key=f"provider {n:03}") for n in more
    )
    leads = make_people({f"lead{n}": {} for n in more}, second_step=False)
    Membership.objects.bulk_create(
        Membership(user=person, organisation=provider, role=Role.PROVIDER_LEAD, person_name=person.name, given_at=AT)
        for person, provider in zip(leads, new, strict=True)
    )
    return found + new


def round_closed(world, **fields) -> Framework:
    """A framework with standards 1.1 and 1.2, whose deadline passed yesterday and whose bids were not opened."""
    closes_at = timezone.now() - DAY
    return open_framework(world, **{"closes_at": closes_at, "enquiries_until": closes_at - DAY} | fields)


def preparing(world, framework: Framework | None = None, panel: Mapping[str, Sequence[Duty]] = PANEL) -> Evaluation:
    """An evaluation with its panel, before the opening. Eve and Tom are assigned every standard and have declared."""
    framework = framework or round_closed(world)
    made = Evaluation.objects.create(framework=framework, began_at=AT, began_by=world.max)
    Appointment.objects.bulk_create(
        Appointment(evaluation=made, person=world.people[name], duty=duty, appointed_at=AT, appointed_by=world.max)
        for name, duties in panel.items()
        for duty in duties
    )
    people = [world.people[name] for name, duties in panel.items() if Duty.EVALUATOR in duties]
    Assignment.objects.bulk_create(
        Assignment(evaluation=made, standard=standard, person=person, assigned_at=AT)
        for standard in standards_of(framework)
        for person in people
    )
    _declared(made, [world.people[name] for name in panel], When.BEFORE)
    return made


def evaluation(
    world,
    *,
    count: int = 2,
    prices: Sequence[int] = PRICES,
    framework: Framework | None = None,
    lots: Collection[str] = ("1",),
    read: bool = True,
) -> Evaluation:
    """Opened, with so many bids for these lots (all of their parts), everything complete; the panel has declared again
    and nobody was given anything to judge. Bid n offers the nth of `prices` (pence, over again when they run out) on
    every line. With `read=False` submissions hold no document, which is much faster for many."""
    framework = framework or round_closed(world)
    made = preparing(world, framework)
    at = framework.closes_at + dt.timedelta(hours=2)
    wanted = list(Lot.objects.filter(framework=framework, number__in=lots).prefetch_related("sub_lots", "price_lines"))
    rows = []
    for number, provider in enumerate(bidders(world, count), start=1):
        rows.append(_bid(made, provider, number, wanted, prices[(number - 1) % len(prices)], at=at, read=read))
    opening = Opening.objects.create(framework=framework, opened_at=at, opened_by=world.ada, submissions=count)
    OpeningAct.objects.create(
        evaluation=made,
        opening=opening,
        proposed_at=at,
        proposed_by=world.max,
        opened_at=at,
        opened_by=world.ada,
        submissions=count,
        sha256=hashlib.sha256("".join(bid.sha256 for bid in rows).encode()).hexdigest(),
    )
    made.stage, made.fixed_at, made.seed = Stage.JUDGING, at, "0" * 64
    made.save()
    _declared(made, [world.people[name] for name in PANEL], When.AFTER)
    return made


def bids_of(made: Evaluation) -> list[Bid]:
    """In the order that was drawn."""
    return list(Bid.objects.filter(evaluation=made).select_related("provider").order_by("number"))


def given(made: Evaluation, world, *, slot: Slot = Slot.BLIND, people: Sequence[str] = ("eve", "tom")) -> None:
    """Everything to be judged by both, blind; nothing judged."""
    Judgement.objects.bulk_create(
        Judgement(
            bid=bid,
            standard=standard,
            person=world.people[name],
            number=number,
            slot=slot,
            position=place,
        )
        for place, (bid, standard) in enumerate((b, s) for b in bids_of(made) for s in standards_of(made.framework))
        for number, name in enumerate(people, start=1)
    )


def judged(made: Evaluation, world, *, fails: Collection[tuple[int, str]] = ()) -> Evaluation:
    """Both judged everything, agreed, and it is settled. `fails` are (number of the bid, number of the standard)."""
    if not Judgement.objects.filter(bid__evaluation=made).exists():
        given(made, world)
    at = made.fixed_at + DAY / 4
    for bid in bids_of(made):
        for standard in standards_of(made.framework):
            outcome = Outcome.FAIL if (bid.number, standard.number) in fails else Outcome.PASS
            Judgement.objects.filter(bid=bid, standard=standard).update(
                outcome=outcome, reason="As the policy shows.", pages="2", saved_at=at, locked_at=at, revision=1
            )
            Settled.objects.create(bid=bid, standard=standard, outcome=outcome, how=Settlement.AGREED, at=at)
    return made


def _declared(made: Evaluation, people, moment: When) -> None:
    Declaration.objects.bulk_create(
        Declaration(evaluation=made, person=person, moment=moment, has_interest=False, declared_at=AT)
        for person in people
    )


def _bid(made: Evaluation, provider, number: int, lots, pence: int, *, at: dt.datetime, read: bool) -> Bid:
    framework = made.framework
    application = Application.objects.create(
        framework=framework,
        provider=provider,
        alias=f"Bidder {number:04}",
        state=ApplicationState.DRAFT,
        began_at=AT,
        started_at=AT,
    )
    paper = held(provider) if read else None
    raw = canonical(document(framework, provider, number, lots, pence, paper)) if read else b"{}"
    purpose = f"{SUBMISSION}:{application.pk}"
    submission = Submission.objects.create(
        application=application,
        number=1,
        reference=f"TEST-{framework.pk}-{number}",
        sealed=seal_for(framework.pk, padded(raw), purpose=purpose) if read else b"nothing",
        revision=1,
        sha256=sha256_of(raw),
        content_key=f"{number:064}",
        key=str(number),
        submitted_at=framework.closes_at,
    )
    application.state, application.standing = ApplicationState.SUBMITTED, submission
    application.save()
    if paper:
        SubmittedVersion.objects.create(submission=submission, version=paper)
    BidPrice.objects.bulk_create(
        BidPrice(submission=submission, lot=lot, line=line, pence=pence, vat="exempt")
        for lot in lots
        for line in lot.price_lines.all()
    )
    bid = Bid.objects.create(
        evaluation=made,
        provider=provider,
        provider_name=provider.name,
        submission=submission,
        number=number,
        sha256=submission.sha256,
    )
    BidLot.objects.bulk_create(
        BidLot(bid=bid, lot=lot, sub_lot=part, complete=True)
        for lot in lots
        for part in (list(lot.sub_lots.all()) or [None])
    )
    return bid
