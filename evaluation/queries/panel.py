"""Who is on a panel, for which standards, and from which providers they are kept away."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from accounts import queries as accounts
from accounts.models import Membership, User
from evaluation.models import (
    Appointment,
    Assignment,
    Bid,
    CureRule,
    Evaluation,
    OpeningAct,
    PriceOpening,
)
from evaluation.models.evaluations import RUNS
from evaluation.queries.interests import blocked_keys, declarations_of, declared
from evaluation.rules.panel import CURES, Asked, Coverage, Record, coverage
from evaluation.states import Duty, When
from lots.models import Standard, Theme
from providers.models import Application
from providers.states import ApplicationState


def blocked(user, evaluation: Evaluation) -> set[int]:
    """The providers in which this person has an interest that was not mitigated, by key."""
    return blocked_keys(user, evaluation)


def assigned(evaluation: Evaluation) -> dict[int, list[int]]:
    """Who judges each standard at this moment: the keys of its evaluators, lowest first, by the standard's key.
    Somebody whose appointment as an evaluator has ended judges nothing; a standard that nobody judges is not in it."""
    evaluates = Appointment.objects.live().filter(evaluation=evaluation, person=OuterRef("person"), duty=Duty.EVALUATOR)
    rows = Assignment.objects.filter(Exists(evaluates), evaluation=evaluation, ended_at=None)
    found: dict[int, list[int]] = {}
    for standard, person in rows.order_by("person").values_list("standard", "person"):
        found.setdefault(standard, []).append(person)
    return found


def candidates(evaluation: Evaluation) -> QuerySet[User]:
    """Whom one can appoint: people who hold a role at the buyer and have set up a second step, by name."""
    held = Membership.objects.live().filter(user=OuterRef("pk"), organisation=evaluation.framework.buyer_id)
    return accounts.with_second_step(User.objects.filter(Exists(held), is_active=True)).order_by("name", "pk")


def without_second_step(evaluation: Evaluation) -> int:
    """How many of the buyer's people cannot be appointed because they have set up no second step."""
    held = Membership.objects.live().filter(user=OuterRef("pk"), organisation=evaluation.framework.buyer_id)
    return User.objects.filter(Exists(held), is_active=True).exclude(pk__in=candidates(evaluation).values("pk")).count()


def record_of(person: User, evaluation: Evaluation) -> Record:
    """What somebody holds and held here, as the rules of separation ask it. What ended before the opening is held
    against nobody but an approver, who must never have evaluated."""
    rows = list(Appointment.objects.filter(evaluation=evaluation, person=person).values_list("duty", "ended_at"))
    holds = {duty for duty, ended_at in rows if ended_at is None}
    fixed_at = evaluation.fixed_at
    held = {duty for duty, ended_at in rows if duty == Duty.EVALUATOR or _counts(ended_at, fixed_at)}
    opens = bool({Duty.OPENER, Duty.APPROVER} & held) or any(
        one.organisation_id == evaluation.framework.buyer_id and one.role in RUNS for one in accounts.roles_of(person)
    )
    prices = PriceOpening.objects.filter(freeze__evaluation=evaluation).exists()
    return Record(holds=holds, held=held, opened=fixed_at is not None, sees_prices=prices and opens)


def _counts(ended_at, fixed_at) -> bool:
    return ended_at is None or (fixed_at is not None and ended_at >= fixed_at)


@dataclass(frozen=True)
class Appointed:
    """Somebody on the panel: all their duties here, and how far they are."""

    person: User
    appointments: tuple[Appointment, ...]
    standards: int
    declared_before: bool
    declared_after: bool
    belongs: bool

    @property
    def evaluates(self) -> bool:
        """Judges standards."""
        return any(one.duty == Duty.EVALUATOR for one in self.appointments)


def panel_of(evaluation: Evaluation) -> list[Appointed]:
    """Everybody who is appointed at this moment, by name. Four queries."""
    rows = list(
        Appointment.objects.filter(evaluation=evaluation, ended_at=None)
        .select_related("person")
        .order_by("person__name", "person_id", "pk")
    )
    standing = declarations_of(evaluation)
    number: dict[int, int] = {}
    for people in assigned(evaluation).values():
        for person in people:
            number[person] = number.get(person, 0) + 1
    live = set(Appointment.objects.live().filter(evaluation=evaluation).values_list("person", flat=True))
    held: dict[int, list[Appointment]] = {}
    for row in rows:
        held.setdefault(row.person_id, []).append(row)
    return [
        Appointed(
            person=mine[0].person,
            appointments=tuple(mine),
            standards=number.get(pk, 0),
            declared_before=(pk, When.BEFORE) in standing,
            declared_after=(pk, When.AFTER) in standing,
            belongs=pk in live,
        )
        for pk, mine in held.items()
    ]


def ended(evaluation: Evaluation) -> list[Appointment]:
    """Appointments that ended, the last one first."""
    rows = Appointment.objects.filter(evaluation=evaluation).exclude(ended_at=None)
    return list(rows.select_related("person", "ended_by").order_by("-ended_at", "-pk")[:100])


def themes_of(evaluation: Evaluation) -> list[tuple[Theme, list[Standard]]]:
    """The framework's themes with their standards, in their order. Two queries."""
    version = {"version__framework": evaluation.framework_id}
    themes = list(Theme.objects.filter(**version).order_by("position", "pk"))
    of: dict[int, list[Standard]] = {}
    rows = Standard.objects.filter(theme__version__framework=evaluation.framework_id)
    for standard in rows.order_by("theme__position", "theme_id", "position", "pk"):
        of.setdefault(standard.theme_id, []).append(standard)
    return [(theme, of.get(theme.pk, [])) for theme in themes]


def coverage_of(evaluation: Evaluation) -> Coverage:
    """Standards × evaluators, for as many bids as there are, or were submitted."""
    standards = [
        Asked(one.pk, one.number, one.title, one.safeguarding) for _, some in themes_of(evaluation) for one in some
    ]
    people = Appointment.objects.live().filter(evaluation=evaluation, duty=Duty.EVALUATOR)
    return coverage(
        standards,
        list(people.order_by("person__name", "person_id").values_list("person", flat=True)),
        assigned(evaluation),
        declared(evaluation, When.BEFORE),
        bids=bids_expected(evaluation),
    )


def bids_expected(evaluation: Evaluation) -> int:
    """How many bids there are in the evaluation; before the opening how many were submitted so far."""
    if evaluation.fixed_at:
        return Bid.objects.filter(evaluation=evaluation).counting().count()
    return Application.objects.filter(framework=evaluation.framework_id, state=ApplicationState.SUBMITTED).count()


def cures_of(evaluation: Evaluation) -> dict[str, str]:
    """What may be sent for each kind of evidence, pre-selected where nothing was chosen."""
    return {str(kind): str(cure) for kind, cure in CURES.items()} | dict(
        CureRule.objects.filter(evaluation=evaluation).values_list("kind", "cure")
    )


def opening_act(evaluation: Evaluation) -> OpeningAct | None:
    """The opening, proposed or done."""
    rows = OpeningAct.objects.filter(evaluation=evaluation)
    return rows.select_related("proposed_by", "opened_by", "opening").first()


def opens_still(person_id: int | None, evaluation: Evaluation) -> bool:
    """Whether this person is an opener at this moment."""
    return Appointment.objects.live().filter(evaluation=evaluation, person=person_id, duty=Duty.OPENER).exists()


def evaluation_of(framework, *, user) -> Evaluation | None:
    """The framework's evaluation, if this person may see it."""
    return Evaluation.objects.visible_to(user).filter(framework=framework).first()


def assigned_to(person_id: int, evaluation: Evaluation) -> set[int]:
    """The standards that this person is assigned, by key."""
    rows = Assignment.objects.filter(evaluation=evaluation, person=person_id, ended_at=None)
    return set(rows.values_list("standard", flat=True))


def left_thin(appointment: Appointment) -> list[str]:
    """The numbers of the standards that fewer than two would judge if this evaluator left."""
    if appointment.duty != Duty.EVALUATOR:
        return []
    found = assigned(appointment.evaluation)
    thin = [pk for pk, people in found.items() if appointment.person_id in people and len(people) <= 2]
    rows = Standard.objects.filter(pk__in=thin).order_by("theme__position", "theme_id", "position", "pk")
    return list(rows.values_list("number", flat=True))
