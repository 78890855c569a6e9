"""Concerns, visits and a rating: what people made of what they saw."""

from __future__ import annotations

import datetime as dt
import uuid

from contracts.models import Contract
from lots.demo import on, organisation, person
from lots.models import Standard
from monitoring.actions import concerns, ratings, visits
from monitoring.actions.concerns import Said
from monitoring.models import Visit, VisitAction
from monitoring.queries import ratings as figures
from monitoring.rules import ratings as rules
from monitoring.rules.visits import Seen, ToDo, Written
from monitoring.states import ConcernKind, Found, Grade, Owner, VisitKind
from referrals.models import Placement

EVE, TOM, CON = "eve@larkshire.example", "tom@larkshire.example", "con@larkshire.example"
DAY = dt.timedelta(days=1)
RATED_DAYS = 14


def load(contract: Contract, pupils: list[Placement], *, first: dt.date, at: dt.datetime, today: dt.date) -> None:
    """Each on a day of its own of the story."""
    _about_a_child(pupils[1], first + 8 * DAY)
    _about_an_adult(first + 15 * DAY)
    _visits(contract, first, today)
    _rated(contract, first, today)


def _about_a_child(placement: Placement, day: dt.date) -> None:
    """Bob is worried; Tom says that it came and hands it over."""
    said = Said(
        key=uuid.uuid4(),
        kind=ConcernKind.CHILD,
        provider=placement.provider,
        placement=placement,
        authority=organisation("Larkshire Council"),
        detail="Came without a coat and had not eaten since yesterday, for the second time this week. Said that nobody "
        "is at home in the evenings.",
    )
    raised = concerns.raise_concern(
        organisation=placement.provider, said=said, by=person("bob@ash-house.example"), at=on(day, 10, 40), today=day
    )
    concerns.receive_concern(concern=raised, by=person(TOM), at=on(day, 11, 5))
    concerns.hand_over_concern(
        concern=raised,
        to="Elm Grove School’s safeguarding record",
        reference="EG-SG-118",
        by=person(TOM),
        at=on(day, 14, 30),
    )


def _about_an_adult(day: dt.date) -> None:
    """The school’s SENCO is worried; the council’s officer has received it. Nobody of Ash House sees it anywhere."""
    said = Said(
        key=uuid.uuid4(),
        kind=ConcernKind.ADULT,
        provider=organisation("Ash House"),
        placement=None,
        authority=organisation("Larkshire Council"),
        about="Robin Tarrant",
        detail="Gave a pupil a lift home alone, against what was agreed, and asked the pupil not to mention it.",
    )
    raised = concerns.raise_concern(
        organisation=organisation("Elm Grove School"),
        said=said,
        by=person("sian@elm-grove.example"),
        at=on(day, 15, 50),
        today=day,
    )
    concerns.receive_concern(concern=raised, by=person(TOM), at=on(day, 16, 20))


def _visits(contract: Contract, first: dt.date, today: dt.date) -> None:
    """Ash House was visited, and that is shared; the next visit there is planned and not announced. Nobody has been to
    Birch Farm."""
    for provider in ("Ash House", "Birch Farm"):
        visits.schedule_visits(
            owner=organisation("Larkshire Council"),
            provider=organisation(provider).pk,
            placement=None,
            kind=VisitKind.UNANNOUNCED,
            from_on=today - 70 * DAY,
            until_on=None,
            by=person(EVE),
            at=on(first - 3 * DAY, 10),
        )
    _held(contract, first + 10 * DAY, today)
    _planned("Ash House", VisitKind.UNANNOUNCED, today + 3 * DAY, today - DAY)
    _planned("Birch Farm", VisitKind.QUALITY, today - 6 * DAY, today - 20 * DAY)


def _planned(provider: str, kind: str, on_day: dt.date, today: dt.date) -> Visit:
    return visits.plan_visit(
        owner=organisation("Larkshire Council"),
        provider=organisation(provider).pk,
        placement=None,
        kind=kind,
        planned_on=on_day,
        by=person(EVE),
        at=on(today, 8),
        today=today,
    )


def _held(contract: Contract, day: dt.date, today: dt.date) -> None:
    """Three standards looked at, two things to be done, one of them done."""
    visit = _planned("Ash House", VisitKind.UNANNOUNCED, day, day)
    rows = Standard.objects.filter(theme__version__framework=contract.framework).order_by("pk")
    found = [
        (Found.MET, ""),
        (Found.PARTLY, "One of the references of a new tutor was still awaited"),
        (Found.MET, "Everybody who was asked knew whom to tell, and how"),
    ]
    written = Written(
        held_on=day,
        arrived=dt.time(10, 5),
        left=dt.time(11, 40),
        words="Calm and busy: one group cooked, one repaired bicycles. Every pupil could say what they were working "
        "towards. The register had been taken by ten.",
        seen="",
        findings=tuple(
            Seen(row.number, row.title, how, words, row.pk) for row, (how, words) in zip(rows, found, strict=False)
        ),
        actions=(
            ToDo("Get the second reference of the new tutor and put it on the central record", Owner.PROVIDER,
                 day + 7 * DAY),
            ToDo("Put the evacuation plan up in the workshop too", Owner.PROVIDER, today + 9 * DAY),
        ),
    )  # fmt: skip
    visits.write_visit(
        visit=visit, written=written, seen=visit.revision, finished=True, by=person(EVE), at=on(day, 16), today=day
    )
    visits.share_visit(visit=Visit.objects.get(pk=visit.pk), share=True, by=person(EVE), at=on(day, 16, 5))
    visits.do_action(
        action=VisitAction.objects.filter(visit=visit).earliest("due_on"),
        done_on=day + 5 * DAY,
        words="The reference came and is on the record",
        by=person("alice@ash-house.example"),
        at=on(day + 5 * DAY, 9),
        today=day + 5 * DAY,
    )


def _rated(contract: Contract, first: dt.date, today: dt.date) -> None:
    """Con looks back at the first two weeks of one measure."""
    last = first + (RATED_DAYS - 1) * DAY
    kpi = contract.kpis.on(first).order_by("number").first()
    at = on(last + 3 * DAY, 14)
    seen = rules.mark_of(None, figures.figures_of(kpi, first, last, at=at, today=last + 3 * DAY))
    ratings.rate_kpi(
        kpi=kpi,
        first=first,
        last=last,
        grade=Grade.APPROACHING,
        reason="One report is missing. It was explained on the phone, every other one came in time, and the visit "
        "found staff who know what to do.",
        seen=seen,
        by=person(CON),
        at=at,
        today=last + 3 * DAY,
    )
