"""Letters about a bid, to whoever leads the provider. Their subject tells nothing, their bodies are sealed until they
are sent, and operators see neither."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from core.steps import step
from core.templatetags.portal import to_the_second
from lots.queries.places import leads_of
from outbox import steps as outbox
from providers.models import Submission

# The same for every letter about a bid: it tells neither which framework nor what was done.
SUBJECT = "A message about your account"


@step
def tell_submitted(*, submission: Submission, at: dt.datetime) -> None:
    """The receipt: when by the database's clock, under which reference, with which hash, where to read it."""
    framework, provider = submission.application.framework, submission.application.provider
    _tell(
        "receipt",
        submission,
        f"The application of {provider.name} to “{framework.title}” ({framework.buyer.name}) was received.\n\n"
        f"Received: {to_the_second(submission.submitted_at)}\n"
        f"Reference: {submission.reference}\n"
        f"SHA-256: {submission.sha256}\n\n"
        "Keep this letter. You can change the application and submit it again until the deadline; until then, and "
        "unless you withdraw it, this one stands.\n\n"
        f"The receipt, and what was submitted: {settings.BASE_URL}{reverse('receipt', args=[submission.pk])}\n",
        at,
    )


@step
def tell_withdrawn(*, submission: Submission, at: dt.datetime) -> None:
    """That the application was taken back."""
    framework, provider = submission.application.framework, submission.application.provider
    _tell(
        "withdrawn",
        submission,
        f"The application of {provider.name} to “{framework.title}” ({framework.buyer.name}) was withdrawn.\n\n"
        f"Withdrawn: {to_the_second(at)}\n"
        f"Reference: {submission.reference}\n\n"
        "Nothing is submitted now. Until the deadline you can submit again; what you wrote is kept.\n\n"
        f"Your application: {settings.BASE_URL}{reverse('application', args=[submission.application_id])}\n",
        at,
    )


def _tell(kind: str, submission: Submission, body: str, at: dt.datetime) -> None:
    provider = submission.application.provider_id
    people = leads_of([provider]).get(provider, ())
    discreetly(people, key=f"{kind}:{submission.pk}", body=body, organisation=provider, at=at)


@step
def discreetly(
    people: Iterable[tuple[int, str]], *, key: str, body: str, at: dt.datetime, organisation: int | None = None
) -> int:
    """One letter to each of these people (key and address), of which nobody else learns anything. Returns how many
    were written."""
    written = [
        outbox.Letter(
            key=f"{key}:{pk}",
            to=address,
            subject=SUBJECT,
            body=body,
            organisation=organisation,
            secret=True,
            discreet=True,
        )
        for pk, address in people
    ]
    return len(outbox.post_many(written, at=at))
