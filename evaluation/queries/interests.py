"""What was declared, which interests are known, and who the bidders are by name alone."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Membership, Organisation, User
from accounts.rules.names import name_key
from accounts.states import OrganisationKind
from evaluation.models import Appointment, Bid, Conflict, Declaration, Evaluation
from evaluation.models.evaluations import RUNS
from evaluation.states import When


def bidders(evaluation: Evaluation) -> dict[int, str]:
    """Who was opened, by the provider's key, in the order of their names: nothing but names. Whoever declares their
    interests is shown them, before they see any bid."""
    rows = Bid.objects.filter(evaluation=evaluation).order_by("provider_name", "pk")
    return dict(rows.values_list("provider", "provider_name"))


def declaration_of(user, evaluation: Evaluation, moment: When) -> Declaration | None:
    """What this person declared, as it stands."""
    return Declaration.objects.filter(evaluation=evaluation, person=user, moment=moment, replaced_at=None).first()


def has_declared(user, evaluation: Evaluation, moment: When) -> bool:
    """Whether they did."""
    return declaration_of(user, evaluation, moment) is not None


def declarations_of(evaluation: Evaluation) -> dict[tuple[int, str], Declaration]:
    """What stands, by person and moment. For whoever oversees the evaluation."""
    rows = Declaration.objects.filter(evaluation=evaluation, replaced_at=None)
    return {(row.person_id, row.moment): row for row in rows}


def declared(evaluation: Evaluation, moment: When) -> set[int]:
    """The people who have."""
    rows = Declaration.objects.filter(evaluation=evaluation, moment=moment, replaced_at=None)
    return set(rows.values_list("person", flat=True))


def own_conflicts(user, evaluation: Evaluation) -> list[Conflict]:
    """One's own, mitigated ones too."""
    rows = Conflict.objects.filter(evaluation=evaluation, person=user).select_related("provider", "mitigated_by")
    return list(rows.order_by("provider__name", "pk"))


def conflicts_in(evaluation: Evaluation, *, user) -> QuerySet[Conflict]:
    """All of them, the standing ones first. For whoever oversees the evaluation."""
    rows = Conflict.objects.visible_to(user).filter(evaluation=evaluation)
    return rows.select_related("person", "provider", "noted_by", "mitigated_by").order_by("-pk")


def registered(names: Collection[str]) -> tuple[dict[int, str], list[str]]:
    """The providers in the portal that these names mean, by key, and the names that none has. Compared as names are
    compared when somebody registers: without case, punctuation and legal form."""
    keys = {name_key(name): name for name in names}
    rows = Organisation.objects.filter(kind=OrganisationKind.PROVIDER, name_key__in=keys)
    found = list(rows.order_by("name", "pk").values_list("pk", "name", "name_key"))
    known = {key for _, _, key in found}
    return {pk: name for pk, name, _ in found}, [name for key, name in keys.items() if key not in known]


def blocked_keys(user, evaluation: Evaluation) -> set[int]:
    """The providers from which this person is kept away, by key."""
    rows = Conflict.objects.blocking().filter(evaluation=evaluation, person=user)
    return set(rows.values_list("provider", flat=True))


def who_could_have_one(evaluation: Evaluation) -> dict[int, str]:
    """Everybody who could meet a bid here, by key, with their names: who is appointed, and who oversees."""
    appointed = Appointment.objects.live().filter(evaluation=evaluation, person=OuterRef("pk"))
    oversees = Membership.objects.live().filter(
        organisation=evaluation.framework.buyer_id, role__in=RUNS, user=OuterRef("pk")
    )
    rows = User.objects.filter(Exists(appointed) | Exists(oversees)).order_by("name", "pk")
    return dict(rows.values_list("pk", "name"))


def person(pk: int) -> User | None:
    """Somebody by key. Whether they take part is the action's question."""
    return User.objects.filter(pk=pk).first()


def appointed_in(evaluation: Evaluation) -> dict[int, str]:
    """Everybody who is appointed at this moment, by key, with what they are called."""
    rows = Appointment.objects.filter(evaluation=evaluation, ended_at=None).order_by("person__name", "person_id")
    found = rows.values_list("person", "person__name", "person__email").distinct()
    return {pk: name or email for pk, name, email in found}
