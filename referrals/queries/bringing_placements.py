"""A list of placements held against a commissioner's pupils, agreements to share data, and placements. A few queries,
however long the list is."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts.models import Organisation
from accounts.queries import calendars_for
from accounts.states import OrganisationKind
from core.calendars import Calendar
from lots.rules.refusals import Refused
from providers.models import Site
from referrals.models import Enrolment, Placement, Pupil
from referrals.queries import outside, placements, sealed
from referrals.queries.outside import Draft
from referrals.queries.placing import Part
from referrals.queries.pupils import numbers_taken
from referrals.queries.running import last_day_of, weekly_of
from referrals.rules import assurance, overlaps, placing
from referrals.rules import outside as rules
from referrals.rules.csv_placements import List, Listed, Problem
from referrals.rules.overlaps import Held
from referrals.rules.running import Weekly
from referrals.states import RUNNING, PlacementState, Runs

HERE = "another row of the list"


@dataclass(frozen=True)
class Checked:
    """What would come of a list: the new placements, the rows of those that are written down already and stay as they
    are (same pupil, provider and first day), and what is wrong with the others."""

    new: tuple[Draft, ...]
    already: tuple[int, ...]
    problems: tuple[Problem, ...]
    passed_over: tuple[str, ...]
    rows: int

    @property
    def bad_rows(self) -> int:
        return len({problem.row for problem in self.problems})

    @property
    def started(self) -> int:
        """How many of the new ones run already."""
        return sum(one.started for one in self.new)


@dataclass
class _Known:
    """All that the rows of a list are held against."""

    commissioner: Organisation
    today: dt.date
    by_upn: dict[str, int]
    pupils: set[int]
    schools: dict[int, list[Enrolment]]
    providers: list[Organisation]
    sites: dict[int, list[Site]]
    parties: list[Organisation]
    payers: list[Organisation]
    there: dict[tuple[int, int], list[tuple[dt.date, dt.date]]]
    held: dict[int, list[Held]]
    calendars: dict[int, Calendar]


def held_against(found: List, *, commissioner: Organisation, today: dt.date) -> Checked:
    """Hold a list against what the commissioner has, and no other: a pupil, provider or payer that is not found is told
    in the same words whether it exists or not."""
    known = _known(found.placements, commissioner, today)
    new, already, problems = [], [], list(found.problems)
    for one in found.placements:
        try:
            draft = _draft(one, known)
        except Refused as refusal:
            problems.append(Problem(one.row, refusal.field, str(refusal)))
            continue
        if draft is None:
            already.append(one.row)
        else:
            new.append(draft)
    problems.sort(key=lambda problem: problem.row)
    return Checked(tuple(new), tuple(already), tuple(problems), found.passed_over, found.rows)


def _draft(one: Listed, known: _Known) -> Draft | None:
    """The placement of a row; None where it is written down already. Raises `Refused`."""
    pupil = _pupil(one, known)
    provider = _provider(one, known)
    for first, last in known.there[pupil, provider.pk]:
        if first == one.starts_on:
            return None
        if first <= one.ends_on and one.starts_on <= last:
            raise Refused("The pupil has a placement at this provider on some of these days already", field="starts_on")
    party = _named(one.party, known.parties, "party", "is not one that can sign for you") or known.commissioner
    payer = _named(one.funder, known.payers, "funder", "is no open school, trust or council by name or URN")
    school = _school(pupil, max(one.starts_on, known.today), known)
    parts = _parts(one, provider, known)
    whose = known.calendars[(school or known.commissioner).pk]
    units, total = placing.worked_out(
        [(part.session, part.runs) for part in parts],
        unit=one.unit,
        pence=one.pence,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        calendars={Runs.SCHOOL: whose, Runs.PROVIDER: known.calendars[provider.pk]},
    )
    _check_week(one, pupil, known)
    known.there[pupil, provider.pk].append((one.starts_on, one.ends_on))
    return Draft(
        pupil=pupil,
        provider=provider.pk,
        contracting_party=party.pk,
        home_school=school.pk if school else None,
        unit=one.unit,
        pence=one.pence,
        units=units,
        total_pence=total,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        agreed_on=one.agreed_on or min(one.starts_on, known.today),
        reason=one.reason,
        basis=one.basis,
        outside_reason=one.outside_reason,
        hours_reason=one.hours_reason,
        parts=parts,
        shares=[((payer or known.commissioner).pk, placing.WHOLE)],
        due_on=assurance.due_after(known.today, whose),
        started=one.starts_on <= known.today,
    )


def _pupil(one: Listed, known: _Known) -> int:
    found = known.by_upn.get(sealed.hash_of(one.upn, what="upn")) if one.upn else one.number
    if found is None or (not one.upn and found not in known.pupils):
        raise Refused("is no pupil of yours. Bring the pupils in first", field="upn" if one.upn else "number")
    if one.upn and one.number and one.number != found:
        raise Refused("is not the pupil with this UPN", field="number")
    return found


def _provider(one: Listed, known: _Known) -> Organisation:
    field = "provider_number" if one.provider_number else "provider"
    if one.provider_number:
        found = [p for p in known.providers if one.provider_number in {p.urn, p.ukprn, p.companies_house} - {"", None}]
    else:
        found = [p for p in known.providers if p.name.casefold() == one.provider.casefold()]
    if len(found) != 1:
        raise Refused(
            "is no provider with which you have an agreement to share pupil data in force. Write it down under “Data "
            "sharing” first, or check the name or number",
            field=field,
        )
    return found[0]


def _named(text: str, among: Iterable[Organisation], field: str, words: str) -> Organisation | None:
    if not text:
        return None
    found = [one for one in among if text in {one.urn, one.name} or one.name.casefold() == text.casefold()]
    if len(found) != 1:
        raise Refused(words, field=field)
    return found[0]


def _school(pupil: int, day: dt.date, known: _Known) -> Organisation | None:
    """The main school on a day; another one where there is no main one."""
    rows = [one for one in known.schools[pupil] if one.from_on <= day and (one.until_on is None or one.until_on >= day)]
    rows.sort(key=lambda one: (one.kind != "main", one.pk))
    return rows[0].school if rows else None


def _parts(one: Listed, provider: Organisation, known: _Known) -> list[Part]:
    site = _site(one, known.sites[provider.pk])
    return [
        Part(session.weekday, session.starts, session.ends, site, one.runs, one.address if site is None else "")
        for session in one.sessions
    ]


def _site(one: Listed, sites: list[Site]) -> Site | None:
    """The site named by name or postcode; the only one where neither it nor an address is named. Raises `Refused`."""
    if one.site:
        said = one.site.casefold()
        found = [site for site in sites if said in {site.name.casefold(), site.postcode.casefold()} - {""}]
    else:
        found = sites if not one.address else []
    if one.site and one.address:
        raise Refused("and address are both there. Enter one of the two", field="site")
    if len(found) != 1 and not one.address:
        raise Refused("must be one of the provider’s sites by name or postcode, or enter an address", field="site")
    return found[0] if found else None


def _check_week(one: Listed, pupil: int, known: _Known) -> None:
    """The pupil is at no two places at once, and a long week has its reason; then the row counts for the next ones."""
    wanted = [
        Weekly(at, session.weekday, session.starts, session.ends, one.runs, one.starts_on, None)
        for at, session in enumerate(one.sessions)
    ]
    overlaps.check_free(wanted, one.starts_on, one.ends_on, known.held[pupil])
    others = [
        held for held in known.held[pupil] if held.session.until_on is None
        and held.first <= one.ends_on and held.last >= one.starts_on
    ]  # fmt: skip
    minutes = sum(session.minutes for session in wanted) + sum(held.session.minutes for held in others)
    placing.check_hours(minutes, one.hours_reason)
    known.held[pupil] += [Held(session, one.starts_on, one.ends_on, HERE) for session in wanted]


def pupils_of(found: List, commissioner: Organisation) -> set[int]:
    """Keys of the commissioner's pupils whom a list names."""
    return _pupils(found.placements, commissioner)[1]


def _pupils(found: Sequence[Listed], commissioner: Organisation) -> tuple[dict[str, int], set[int]]:
    by_upn = numbers_taken(commissioner.pk, [sealed.hash_of(one.upn, what="upn") for one in found])
    numbers = {one.number for one in found if one.number}
    rows = Pupil.objects.standing().filter(commissioner=commissioner, pk__in=numbers)
    return by_upn, set(rows.values_list("pk", flat=True)) | set(by_upn.values())


def _known(found: Sequence[Listed], commissioner: Organisation, today: dt.date) -> _Known:
    by_upn, pupils = _pupils(found, commissioner)
    schools = defaultdict(list)
    for row in Enrolment.objects.filter(pupil__in=pupils, school__isnull=False).select_related("school"):
        schools[row.pupil_id].append(row)
    providers = list(outside.providers_for(commissioner.pk, today))
    sites = defaultdict(list)
    for site in Site.objects.open().filter(provider__in=[one.pk for one in providers]):
        sites[site.provider_id].append(site)
    there, held = _running(pupils)
    home = {row.school_id: row.school for rows in schools.values() for row in rows}
    calendars = calendars_for([commissioner, *providers, *home.values()])
    days = sorted({today} | {day for one in found for day in (one.starts_on, one.ends_on)})
    return _Known(
        commissioner=commissioner,
        today=today,
        by_upn=by_upn,
        pupils=pupils,
        schools=schools,
        providers=providers,
        sites=sites,
        parties=placements.parties_for(commissioner, None),
        payers=_payers(found),
        there=there,
        held=held,
        calendars={pk: rules.counted(one, days[0], days[-1]) for pk, one in calendars.items()},
    )


def _payers(found: Sequence[Listed]) -> list[Organisation]:
    said = {one.funder for one in found} - {""}
    open_ones = Organisation.objects.filter(is_open=True).exclude(kind=OrganisationKind.PROVIDER)
    return [*open_ones.filter(urn__in=said), *open_ones.filter(name__in=said).exclude(urn__in=said)] if said else []


def _running(pupils: set[int]):
    """Of these pupils the days of every placement that was not cancelled, and the sessions of those that run."""
    there, held = defaultdict(list), defaultdict(list)
    rows = Placement.objects.filter(pupil__in=pupils).exclude(state=PlacementState.CANCELLED)
    for one in rows.prefetch_related("sessions"):
        there[one.pupil_id, one.provider_id].append((one.starts_on, last_day_of(one)))
        if one.state in RUNNING:
            held[one.pupil_id] += [
                Held(weekly_of(row), one.starts_on, last_day_of(one), placements.ELSEWHERE)
                for row in one.sessions.all()
            ]
    return there, held
