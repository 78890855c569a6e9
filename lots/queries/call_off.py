"""Who may call off: the frameworks that an organisation may use (Procurement Act 2023, s.45(5)).

An academy is no legal person of its own: its trust contracts for it. So a school and its trust count as one here, in
both directions: a school of a buying or a named trust may use what the trust may, and a trust may use what is open to
the schools of an area in which one of its schools is."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Organisation
from accounts.states import OrganisationKind
from lots.models import Framework, PermittedUser
from lots.states import CallOff, FrameworkState


def all_usable_by(organisation: Organisation) -> QuerySet[Framework]:
    """Running frameworks under which the organisation may call off: its own; those whose buyer named it; those open to
    the schools of the buyer's area, where it is an open school of that area (`la_code`) or the trust of one. No
    providers, nobody who has closed. Whether the person asking belongs to the organisation is the caller's door's."""
    if not organisation.is_open or organisation.kind == OrganisationKind.PROVIDER:
        return Framework.objects.none()
    parties = _parties(organisation)
    named = PermittedUser.objects.filter(framework=OuterRef("pk")).order_by()
    others = Exists(named.filter(organisation__in=parties)) | Exists(named.filter(_of_area(organisation)))
    running = Framework.objects.filter(state=FrameworkState.RUNNING)
    return running.filter(Q(buyer__in=parties) | Q(policies__call_off=CallOff.NAMED) & others)


def may_call_off(organisation: Organisation, framework: Framework | int) -> bool:
    """Whether the organisation may call off under this framework now."""
    return all_usable_by(organisation).filter(pk=getattr(framework, "pk", framework)).exists()


def _parties(organisation: Organisation) -> QuerySet[Organisation]:
    """The organisation and, where it is a school, its trust."""
    own = Q(pk=organisation.pk)
    if organisation.kind == OrganisationKind.SCHOOL and organisation.parent_id:
        own |= Q(pk=organisation.parent_id, kind=OrganisationKind.TRUST, is_open=True)
    return Organisation.objects.filter(own).values("pk")


def _of_area(organisation: Organisation) -> Q:
    """The buyer means the schools of its area, and the organisation is one, or the trust of one."""
    if organisation.kind == OrganisationKind.SCHOOL:
        own = Q(framework__buyer__la_code=organisation.la_code)
    elif organisation.kind == OrganisationKind.TRUST:
        schools = Organisation.objects.filter(parent=organisation.pk, kind=OrganisationKind.SCHOOL, is_open=True)
        own = Q(Exists(schools.filter(la_code=OuterRef("framework__buyer__la_code"))))
    else:
        return Q(pk__in=[])
    council = Q(framework__buyer__kind=OrganisationKind.AUTHORITY)
    return Q(schools_of_area=True) & council & ~Q(framework__buyer__la_code="") & own
