"""Registers, alarms, reports, visits and concerns for tests, as rows. The canary of `tests.referrals.made` is placed at
Ash House by Elm Grove under Larkshire's framework (`placed.made_placement`): Monday and Wednesday, 09:30 to 14:30."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, User
from accounts.states import Role
from contracts.models import Contract, Kpi, KpiLine
from contracts.states import Asked, ContractState, Fed, LineKind, Side
from core import crypto
from lots.models import Framework
from monitoring.models import (
    Alert,
    Answer,
    Concern,
    DailyReport,
    Drill,
    Finding,
    Incident,
    RegisterEntry,
    ReportDay,
    ReportDue,
    Session,
    Visit,
    VisitAction,
    VisitSchedule,
)
from monitoring.states import AlertKind, Mark
from monitoring.steps import board
from referrals.models import Placement
from tests.cast import make_people
from tests.referrals.placed import made_placement

DAY = dt.date(2026, 10, 5)  # a Monday on which the placement has its second week; British Summer Time
NINE = dt.datetime(2026, 10, 5, 8, 0, tzinfo=dt.UTC)  # 09:00 in England, half an hour before the session
STARTS = dt.datetime(2026, 10, 5, 8, 30, tzinfo=dt.UTC)  # 09:30 in England
KPIS = [
    ("Safeguarding", Fed.CONCERNS, Asked.DAILY),
    ("Health and safety", Fed.INCIDENTS, Asked.DAILY),
    ("Admissions, guidance and support", Fed.REGISTERS, Asked.DAILY),
    ("Quality of education", Fed.SAID, Asked.TERM),
    ("Outcomes", Fed.SAID, Asked.TERM),
]


def local(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """A time on England's clocks as UTC."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute))).astimezone(dt.UTC)


def made_member(world, name: str, organisation, role: Role) -> User:
    """One more person with one role: Dina, `made_member(world, "dina", world.ash_house, Role.PROVIDER_DSL)`."""
    [user] = make_people({name: {}})
    Membership.objects.create(
        user=user, organisation=organisation, role=role, person_name=user.name, given_at=timezone.now()
    )
    world.people[name] = user
    return user


def made_contract(world, framework: Framework, *, provider=None, state=ContractState.IN_FORCE, **fields) -> Contract:
    """The framework agreement with Ash House, signed by both."""
    supplier = provider or world.ash_house
    at = dt.datetime(2026, 8, 24, 9, tzinfo=dt.UTC)
    fields = {
        "reference": f"FA-{framework.pk}-{supplier.pk}",
        "title": "Framework agreement",
        "starts_on": dt.date(2026, 9, 1),
        "ends_on": dt.date(2030, 8, 31),
        "document": "{}",
        "sha256": "0" * 64,
        "offered_at": at,
        "signed_at": at,
        "countersigned_at": at,
    } | fields
    return Contract.objects.create(buyer=framework.buyer, supplier=supplier, framework=framework, state=state, **fields)


def made_kpis(contract: Contract, *, titles: int = 5, days: int = 1, **fields) -> list[Kpi]:
    """The first of the five, each with one line and, for safeguarding, a question of each side."""
    fields = {"from_on": contract.starts_on, "written_at": contract.offered_at} | fields
    kpis = Kpi.objects.bulk_create(
        Kpi(contract=contract, number=number, title=title, days=days, **fields)
        for number, (title, _, _) in enumerate(KPIS[:titles], start=1)
    )
    lines = [
        KpiLine(kpi=kpi, position=1, text=f"{kpi.title} is as it should be", fed=fed, asked=asked)
        for kpi, (_, fed, asked) in zip(kpis, KPIS, strict=False)
    ]
    lines += [
        KpiLine(kpi=kpis[0], position=2, text="Has the council checked it?", kind=LineKind.QUESTION, side=Side.BUYER),
        KpiLine(kpi=kpis[0], position=3, text="Are visits accepted?", kind=LineKind.QUESTION, side=Side.SUPPLIER),
    ]
    KpiLine.objects.bulk_create(lines)
    return kpis


def watched(world, **fields) -> Placement:
    """The canary's placement, live, under a framework agreement with five KPIs that are reported every day."""
    placement = made_placement(world, **fields)
    made_kpis(made_contract(world, placement.framework, provider=placement.provider))
    return placement


def made_session(placement: Placement, *, day: dt.date = DAY, mark: str = "", **fields) -> Session:
    """The placement's session of that day, with its register entry where there is a mark."""
    weekly = placement.sessions.order_by("starts").filter(weekday=day.weekday()).first()
    starts, ends = (weekly.starts, weekly.ends) if weekly else (dt.time(9, 30), dt.time(14, 30))
    contract = Contract.objects.filter(framework=placement.framework_id, supplier=placement.provider_id).first()
    fields = {
        "weekly": weekly,
        "provider": placement.provider,
        "commissioner": placement.commissioner,
        "contract": contract if placement.framework_id else None,
        "site": weekly.site if weekly else None,
        "day": day,
        "starts_at": local(day, starts.hour, starts.minute),
        "ends_at": local(day, ends.hour, ends.minute),
    } | fields
    if mark:
        fields = {"marked_at": fields["starts_at"] + dt.timedelta(minutes=5), "entries_made": 1} | fields
    session = Session.objects.create(placement=placement, mark=mark, **fields)
    if mark:
        RegisterEntry.objects.create(
            session=session, number=1, key=uuid.uuid4(), mark=mark, reason=session.reason, made_at=session.marked_at
        )
    return session


def made_alert(session: Session, *, kind: str = AlertKind.ABSENT, **fields) -> Alert:
    """An alert of this kind, of its minute, not answered; the first person was told."""
    late = session.starts_at + dt.timedelta(minutes=30)
    raised = session.marked_at or late if kind == AlertKind.ABSENT else late
    fields = {"raised_at": raised, "written_at": raised, "told_at": raised, "rung": 1} | fields
    done = fields.pop("done", "")
    alert = Alert.objects.create(session=session, commissioner=session.commissioner, kind=kind, **fields)
    if done:
        alert.done = crypto.sealed_text(alert, "done", done)
        alert.save(update_fields=["done"])
    return alert


def made_dues(contract: Contract, *, day: dt.date = DAY, **fields) -> list[ReportDue]:
    """Everything that is reported on under an agreement for a day."""
    ReportDay.objects.get_or_create(contract=contract, day=day)
    fields = {"made_at": local(day, 5)} | fields
    made = ReportDue.objects.bulk_create(
        ReportDue(kpi=kpi, contract=contract, provider=contract.supplier, buyer=contract.buyer, day=day, **fields)
        for kpi in contract.kpis.on(day)
    )
    counted(contract.supplier, day)
    return made


@transaction.atomic
def counted(provider, *days: dt.date) -> None:
    """The board is told of what a test wrote by hand for these days."""
    for day in days:
        board.recount(day=day, provider=provider)
        for report in DailyReport.objects.filter(provider=provider, day=day):
            board.reopen(report=report)


def made_report(contract: Contract, *, day: dt.date = DAY, by=None, exception: str = "", **fields) -> DailyReport:
    """What was reported for a day: everything as it should be, or `exception` about the first KPI. Its dues are met."""
    version = DailyReport.objects.filter(provider=contract.supplier, day=day).count() + 1
    fields = {"filed_at": local(day, 16), "quiet": not exception} | fields
    report = DailyReport.objects.create(provider=contract.supplier, day=day, version=version, filed_by=by, **fields)
    kpis = list(contract.kpis.on(day))
    told = {"what": exception, "action": "We put it right", "action_by_on": day + dt.timedelta(days=7)}
    Answer.objects.bulk_create(
        Answer(report=report, kpi=kpi, status="exception", **told)
        if exception and kpi == kpis[0]
        else Answer(report=report, kpi=kpi, status="well")
        for kpi in kpis
    )
    ReportDue.objects.filter(contract=contract, day=day, report=None).update(report=report, late=report.late)
    counted(contract.supplier, day)
    return report


def made_schedule(world, **fields) -> VisitSchedule:
    fields = {
        "owner": world.larkshire,
        "provider": world.ash_house,
        "kind": "unannounced",
        "every": "half_term",
        "from_on": dt.date(2026, 9, 7),
        "written_at": NINE,
    } | fields
    return VisitSchedule.objects.create(**fields)


def made_visit(world, *, state: str = "planned", **fields) -> Visit:
    """Larkshire visits Ash House without saying so; held, it has a finding and an action of the provider's."""
    fields = {
        "owner": world.larkshire,
        "provider": world.ash_house,
        "kind": "unannounced",
        "planned_on": DAY,
        "planned_at": NINE,
        "visitor": world.eve,
    } | fields
    if state == "held":
        fields = {"held_on": fields["planned_on"], "written_at": NINE, "words": "Calm and well run"} | fields
    if state == "cancelled":
        fields = {"cancel_reason": "Snow"} | fields
    visit = Visit.objects.create(state=state, **fields)
    if state == "held":
        finding = Finding.objects.create(
            visit=visit, number="1.1", title="Checks on staff", found="partly", words="One reference was missing"
        )
        VisitAction.objects.create(
            visit=visit, finding=finding, what="Ask for the reference", owner="provider", due_on=dt.date(2026, 10, 19)
        )
    return visit


def made_concern(world, placement: Placement | None = None, *, kind: str = "child", **fields) -> Concern:
    """Bob is worried about the canary (or, with `kind="adult"`, about a colleague)."""
    words = fields.pop("words", "Zephyrine Quillsworth said something about saxophone phobia")
    fields = {
        "provider": world.ash_house,
        "commissioner": placement.commissioner if placement else None,
        "authority": world.larkshire,
        "placement": placement,
        "raised_at": NINE,
        "raised_by": world.bob,
        "raised_for": world.ash_house,
        "acknowledge_by": NINE + dt.timedelta(hours=4),
    } | fields
    if fields.get("state", "raised") != "raised":
        fields = {"acknowledged_at": NINE + dt.timedelta(hours=1), "acknowledged_by": world.tom} | fields
    if fields.get("state") in {"handed", "closed"}:
        at = NINE + dt.timedelta(hours=2)
        fields = {"handed_at": at, "handed_by": world.tom, "handed_reference": "SG-2041"} | fields
    if fields.get("state") == "closed":
        fields = {"outcome": "support", "outcome_at": NINE + dt.timedelta(days=1), "outcome_by": world.tom} | fields
    concern = Concern.objects.create(kind=kind, **fields)
    if concern.removed_at is None:
        concern.detail = crypto.sealed_text(concern, "detail", words)
        concern.save(update_fields=["detail"])
    return concern


def made_incident(world, placement: Placement | None = None, **fields) -> Incident:
    fields = {
        "provider": world.ash_house,
        "placement": placement,
        "kind": "accident",
        "happened_at": NINE + dt.timedelta(hours=2),
        "first_aid": True,
        "written_at": NINE + dt.timedelta(hours=3),
        "written_by": world.bob,
    } | fields
    incident = Incident.objects.create(**fields)
    incident.words = crypto.sealed_text(incident, "words", "Quillon cut a finger in the workshop")
    incident.save(update_fields=["words"])
    return incident


def made_drill(world, **fields) -> Drill:
    fields = {
        "provider": world.ash_house,
        "held_on": dt.date(2026, 9, 30),
        "seconds": 140,
        "people": 12,
        "written_at": NINE,
        "written_by": world.bob,
    } | fields
    return Drill.objects.create(**fields)


def absent(placement: Placement, **fields) -> Session:
    """The canary did not come, and nobody knows why."""
    return made_session(placement, **{"mark": Mark.ABSENT, "reason": "unknown"} | fields)
