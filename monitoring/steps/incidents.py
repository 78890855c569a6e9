"""Letters about incidents."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.urls import reverse

from core.steps import step
from monitoring.models import Incident
from monitoring.queries import incidents as queries
from outbox import steps as outbox


@step
def tell_leads(*, incident: Incident, at: dt.datetime) -> int:
    """A letter to the safeguarding leads of the pupil's commissioner and home school: that something was written down
    at a provider, and the way to it. Returns how many."""
    link = f"{settings.BASE_URL}{reverse('incident', args=[incident.pk])}"
    letters = [
        outbox.Letter(
            key=f"incident:{incident.pk}:{pk}",
            to=address,
            subject="A provider has written down an incident",
            body=f"{incident.provider.name} has written down an incident that you should know of today.\n\n"
            f"Sign in to read it:\n{link}\n",
            organisation=incident.organisation_id,
        )
        for pk, address in queries.leads_of(incident.placement)
    ]
    return len(outbox.post_many(letters, at=at))
