"""Which applications a provider's leads have begun, and who else of theirs may change them. Nothing sealed is read."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from accounts.models import Membership, Organisation
from accounts.models.organisations import roles_of
from accounts.states import Role
from lots.models import Framework
from lots.states import FrameworkState
from providers.models import Application
from providers.states import ApplicationState

BEGUN = (ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN)
_LISTED = (
    "state", "revision", "standing__revision", "began_at", "framework__title", "framework__state",
    "framework__closes_at", "framework__buyer__name",
)  # fmt: skip


def applications_of(provider: Organisation, *, user) -> QuerySet[Application]:
    """A provider's applications, and the frameworks that it follows, as far as a list shows them."""
    rows = Application.objects.visible_to(user).filter(provider=provider)
    return rows.select_related(None).select_related("framework__buyer", "standing").only(*_LISTED)


def own_applications_to(framework: Framework, *, user) -> dict[int, Application]:
    """The applications to a framework of those providers that the person leads, by provider."""
    return {one.provider_id: one for one in Application.objects.visible_to(user).filter(framework=framework)}


def open_applications(*, user, at: dt.datetime, most: int = 10) -> list[Application]:
    """The person's applications that can still be changed, the first to close first. No query for whoever leads no
    provider."""
    if not any(held.role == Role.PROVIDER_LEAD for held in roles_of(user)):
        return []
    rows = Application.objects.visible_to(user).filter(
        state__in=BEGUN, framework__state=FrameworkState.PUBLISHED, framework__closes_at__gte=at
    )
    return list(rows.order_by("framework__closes_at", "id")[:most])


def colleagues_of(provider: Organisation, *, user) -> list[str]:
    """The names of the other leads of the provider, who may change and submit its applications."""
    rows = Membership.objects.live().visible_to(user).filter(organisation=provider, role=Role.PROVIDER_LEAD)
    return list(rows.exclude(user=user).order_by("person_name", "id").values_list("person_name", flat=True))
