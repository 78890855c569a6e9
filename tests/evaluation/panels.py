"""Rows about panels for tests: an interest that is known, somebody more on the panel, an evaluation that begins."""

from __future__ import annotations

from collections.abc import Mapping

from evaluation.models import Appointment, Conflict, Declaration, Evaluation
from evaluation.states import Duty, Source, When
from lots.models import Framework, Lot
from lots.queries.sealing import seal_for
from providers.models import Application, Submission
from providers.queries.bids import SUBMISSION
from providers.rules.frozen import canonical, padded, sha256_of
from providers.states import ApplicationState
from tests.evaluation.documents import document
from tests.frameworks import AT
from tests.providers.bids import held


def conflict(made: Evaluation, person, provider, **fields) -> Conflict:
    """They have an interest in this provider, and nothing was decided about it."""
    return Conflict.objects.create(
        **{
            "evaluation": made,
            "person": person,
            "provider": provider,
            "source": Source.DECLARED,
            "text": "My sister works there.",
            "noted_at": AT,
            "noted_by": person,
        }
        | fields
    )


def appointed(made: Evaluation, world, name: str, *duties: Duty) -> None:
    """They hold these duties too."""
    Appointment.objects.bulk_create(
        Appointment(evaluation=made, person=world.people[name], duty=duty, appointed_at=AT, appointed_by=world.max)
        for duty in duties
    )


def declared(made: Evaluation, person, *moments: When) -> None:
    """They have declared that they have no interest."""
    Declaration.objects.bulk_create(
        Declaration(evaluation=made, person=person, moment=moment, has_interest=False, declared_at=AT)
        for moment in moments
    )


def handed_in(
    framework: Framework,
    provider,
    number: int,
    *,
    lots: str = "1",
    pence: int | Mapping[str, int] = 4500,
    paper=None,
    broken: bool = False,
    **said,
) -> Submission:
    """A submission that was sealed and waits for the opening. `pence` is the price on every line, or one for each lot
    by its number; `paper` the document that it names; `said` is put into its own document."""
    wanted = Lot.objects.filter(framework=framework, number__in=lots).prefetch_related("sub_lots", "price_lines")
    application = Application.objects.create(
        framework=framework,
        provider=provider,
        alias=f"Bidder {number:04}",
        state=ApplicationState.DRAFT,
        began_at=AT,
        started_at=AT,
    )
    raw = canonical(document(framework, provider, number, list(wanted), pence, paper or held(provider)) | said)
    made = Submission.objects.create(
        application=application,
        number=1,
        reference=f"TEST-{framework.pk}-{number}",
        sealed=b"broken" if broken else seal_for(framework.pk, padded(raw), purpose=f"{SUBMISSION}:{application.pk}"),
        revision=1,
        sha256=sha256_of(raw),
        content_key=f"{number:064}",
        key=str(number),
        submitted_at=framework.closes_at,
    )
    application.state, application.standing = ApplicationState.SUBMITTED, made
    application.save()
    return made
