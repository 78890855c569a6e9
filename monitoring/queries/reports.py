"""Reads for a provider's daily report: what is asked, what the records say, what was filed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from accounts.models import Organisation
from accounts.queries import calendars_for
from contracts.models import KpiLine
from contracts.states import Asked as How
from contracts.states import LineKind
from core.calendars import ONE_DAY
from monitoring.models import Alert, Answer, Concern, DailyReport, Drill, Incident, ReportDue, Session, StandingAnswer
from monitoring.queries.terms import terms_of
from monitoring.rules import reporting as rules
from monitoring.rules import standing
from monitoring.rules.reporting import Asked, Figures, Said
from monitoring.rules.times import moment
from monitoring.states import BREACHES, CAME, AlertKind, ConcernKind, Mark
from providers.models import Insurance, ItemVersion
from referrals.models import ProviderEvent, Pupil

TOLD_WITHIN = dt.timedelta(minutes=30)
WHOLE = 0  # the provider's own figures: those of all buyers and of pupils under none of these agreements
_COUNTS = tuple(one.name for one in fields(Figures) if one.name != "drill_on")
_BUYER = "placement__framework__buyer"


@dataclass(frozen=True)
class Day:
    """All that filing a day's report needs: what is asked, what the records say, and what was filed before."""

    dues: tuple[ReportDue, ...]
    asked: tuple[Asked, ...]
    figures: Mapping[int, Figures]
    against: Mapping[int, tuple[str, ...]]
    lines: tuple[standing.Line, ...]
    before: DailyReport | None
    said: Mapping[int, Said]
    stood: Mapping[int, str]

    @property
    def version(self) -> int:
        """The newest version, 0 where none was filed."""
        return self.before.version if self.before else 0

    @property
    def missing(self) -> list[ReportDue]:
        """What no version has answered yet."""
        return [due for due in self.dues if due.report_id is None]


def day_of(provider: Organisation, day: dt.date, dues: Iterable[ReportDue], *, at: dt.datetime, today: dt.date) -> Day:
    """The day as it is at a moment. About fifteen queries, however many KPIs, buyers and pupils."""
    dues = tuple(dues)
    asked, before = tuple(asked_of(dues)), version_of(provider, day)
    figures = figures_of(provider, day, at, {one.buyer for one in asked})
    stood = stood_in(before)
    return Day(
        dues=dues,
        asked=asked,
        figures=figures,
        against=rules.touched(asked, figures, day),
        lines=tuple(lines_asked(provider, dues, again=stood, today=today)),
        before=before,
        said=said_in(before),
        stood=stood,
    )


def asked_of(dues: Iterable[ReportDue]) -> list[Asked]:
    """The KPIs of these dues with their standards, in the order of agreements and numbers. One query."""
    rows = sorted(dues, key=lambda due: (due.buyer.name, due.contract_id, due.kpi.number, due.kpi_id))
    lines = defaultdict(list)
    for line in KpiLine.objects.filter(kpi__in=[one.kpi_id for one in rows], kind=LineKind.STANDARD):
        lines[line.kpi_id].append((line.text, line.fed, line.asked))
    return [Asked(one.kpi_id, one.buyer_id, one.buyer.name, one.kpi.title, tuple(lines[one.kpi_id])) for one in rows]


def dues_of(provider: Organisation, day: dt.date) -> QuerySet[ReportDue]:
    """What the report of a day answers, with KPI and buyer."""
    return ReportDue.objects.of_day(provider.pk, day).select_related("kpi", "buyer")


def standing_lines(kpis: Collection[int]) -> list[tuple[int, str]]:
    """The lines that are asked each term: key and text, in order."""
    rows = KpiLine.objects.filter(kpi__in=kpis, kind=LineKind.STANDARD, asked=How.TERM)
    return list(rows.order_by("kpi__contract__buyer__name", "kpi__number", "position", "pk").values_list("pk", "text"))


def lines_asked(
    provider: Organisation, dues: Iterable[ReportDue], *, again: Collection[int], today: dt.date
) -> list[standing.Line]:
    """The lines that are asked besides: each term, after a change, and what the version before answered.
    Six queries at most."""
    lines = standing_lines([due.kpi_id for due in dues])
    if not lines:
        return []
    term = standing.term_of(today, calendar_terms(provider))
    answered = answered_at([key for key, _ in lines])
    changed_at = last_change(provider, today)
    return standing.asked(lines, answered, term=term, changed_at=changed_at, again=again)


def answered_at(lines: Collection[int]) -> dict[int, dt.datetime]:
    """When each line was answered last."""
    rows = StandingAnswer.objects.filter(line__in=lines).order_by().values("line")
    return dict(rows.annotate(at=Max("report__filed_at")).values_list("line", "at"))


def last_change(provider: Organisation, today: dt.date) -> dt.datetime | None:
    """When something last changed about a provider that lines which stand for a while may speak of: staff, site or
    suspension (`ProviderEvent`), a document or insurance renewed or run out. Three queries."""
    events = ProviderEvent.objects.filter(provider=provider).aggregate(at=Max("written_at"))
    library = ItemVersion.objects.filter(item__provider=provider, item__removed_at=None).aggregate(
        renewed=Max("added_at", filter=Q(number__gt=1)),
        over=Max("expires_on", filter=Q(expires_on__lt=today, item__current=F("pk"))),
    )
    cover = Insurance.objects.held().filter(provider=provider)
    insured = cover.aggregate(
        over=Max("ends_on", filter=Q(ends_on__lt=today)), begun=Max("starts_on", filter=Q(starts_on__lte=today))
    )
    days = [found["over"] + ONE_DAY for found in (library, insured) if found["over"]]
    days += [insured["begun"]] if insured["begun"] else []
    moments = [events["at"], library["renewed"], *(moment(one, dt.time.min) for one in days)]
    return max((one for one in moments if one), default=None)


def figures_of(provider: Organisation, day: dt.date, at: dt.datetime, buyers: Collection[int]) -> dict[int, Figures]:
    """What the records say of a day at a moment: under `WHOLE` everything, under the key of each of these buyers what
    its own pupils did, and what concerns no pupil. Concerns about an adult stand in no count, nor one about somebody
    who has an account. Four queries, however many pupils."""
    found: dict[int | None, dict] = defaultdict(lambda: dict.fromkeys(_COUNTS, 0))
    for row in _sessions(provider, day, at):
        found[row.pop("contract__buyer")] = dict.fromkeys(_COUNTS, 0) | row
    begins, ends = moment(day, dt.time.min), moment(day + ONE_DAY, dt.time.min)
    children = Concern.objects.filter(provider=provider, kind=ConcernKind.CHILD, about_user=None)
    for buyer, number in _by_buyer(children.filter(raised_at__gte=begins, raised_at__lt=ends)):
        found[buyer]["concerns"] += number
    everybody = dict.fromkeys(_COUNTS, 0)
    happened = Incident.objects.filter(provider=provider, replaced_by=None, happened_at__gte=begins)
    happened = happened.filter(happened_at__lt=ends).order_by().values_list(_BUYER, "placement")
    aid = Count("pk", filter=Q(first_aid=True))
    for buyer, placement, number, first_aid in happened.annotate(number=Count("pk"), aid=aid):
        mine = found[buyer] if placement else everybody
        mine["incidents"] += number
        mine["first_aid"] += first_aid
    last = Drill.objects.filter(provider=provider, held_on__lte=day).aggregate(on=Max("held_on"))["on"]
    drill = last.isoformat() if last else ""
    whole = [*found.values(), everybody]
    figures = {
        buyer: Figures(drill_on=drill, **{name: found[buyer][name] + everybody[name] for name in _COUNTS})
        for buyer in buyers
    }
    return {WHOLE: Figures(drill_on=drill, **{name: sum(one[name] for one in whole) for name in _COUNTS})} | figures


def _sessions(provider: Organisation, day: dt.date, at: dt.datetime):
    alerts = Alert.objects.standing().filter(session=OuterRef("pk"))
    in_time = alerts.filter(kind=AlertKind.ABSENT, told_at__lte=OuterRef("starts_at") + TOLD_WITHIN)
    rows = Session.objects.expected().filter(provider=provider, day=day).order_by().values("contract__buyer")
    return rows.annotate(
        expected=Count("pk"),
        taken=Count("pk", filter=~Q(mark="")),
        to_come=Count("pk", filter=Q(mark="", starts_at__gt=at)),
        present=Count("pk", filter=Q(mark__in=CAME)),
        late=Count("pk", filter=Q(mark=Mark.LATE)),
        absent=Count("pk", filter=Q(mark=Mark.ABSENT)),
        told=Count("pk", filter=Q(Exists(in_time), mark=Mark.ABSENT)),
        breaches=Count("pk", filter=Q(Exists(alerts.filter(kind__in=BREACHES)))),
    )


def _by_buyer(rows: QuerySet):
    return rows.order_by().values_list(_BUYER).annotate(number=Count("pk"))


def people_of_day(provider: Organisation, day: dt.date) -> list[str]:
    """Names, now and before, of the pupils who have a session there on a day. One query each."""
    there = Session.objects.filter(provider=provider, day=day).order_by().values("placement__pupil")
    rows = Pupil.objects.filter(pk__in=there)
    now = rows.values_list("first_names", "last_name", "known_as")
    before = rows.filter(former_names__isnull=False).values_list("former_names__first_names", "former_names__last_name")
    return [name for names in (*now, *before) for name in names if name]


def version_of(provider: Organisation, day: dt.date) -> DailyReport | None:
    """The newest version of a day's report."""
    return DailyReport.objects.filter(provider=provider, day=day).order_by("-version").first()


def said_in(report: DailyReport | None) -> dict[int, Said]:
    """What a version says of each KPI."""
    rows = Answer.objects.filter(report=report) if report else ()
    return {one.kpi_id: Said(one.status, one.what, one.action, one.action_by_on) for one in rows}


def stood_in(report: DailyReport | None) -> dict[int, str]:
    """What a version says of lines that stand for a while: words where something changed."""
    rows = StandingAnswer.objects.filter(report=report) if report else ()
    return {one.line_id: one.words for one in rows}


def calendar_terms(provider: Organisation):
    """The provider's terms as they were written down, or those of its council."""
    return calendars_for([provider])[provider.pk].terms


def cut_off_of(day: Day) -> dt.time | None:
    """The earliest cut-off of the buyers who wait for the report."""
    terms = terms_of({due.buyer_id for due in day.missing})
    return min((one.cut_off for one in terms.values()), default=None)
