"""Freezing a bid."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db.models import Max

from core import crypto
from core.steps import step
from lots.queries.sealing import seal_for
from providers.models import Application, Submission
from providers.queries.bids import SUBMISSION
from providers.queries.profiles import frozen_profile
from providers.rules.bid import Bid
from providers.rules.frozen import canonical, content_of, padded, sha256_of
from providers.rules.reference import reference


@step
def freeze(*, application: Application, bid: Bid, key: str, by, at: dt.datetime) -> Submission | None:
    """Make the next submission of an application that the caller has locked; None where the one that stands says the
    same already. A nonce of 128 bits goes into what is hashed, so that nobody can try prices out against the hash. The
    provider's profile is frozen with it: sites, insurances, who leads safeguarding."""
    document = bid.document() | {"profile": frozen_profile(application.provider_id, user=by)}
    content_key = crypto.fingerprint(content_of(document), purpose=f"providers.content:{application.pk}")
    if application.standing is not None and application.standing.content_key == content_key:
        return None
    number = (application.submissions.aggregate(last=Max("number"))["last"] or 0) + 1
    named = reference(secrets.choice)
    raw = canonical(
        document
        | {
            "nonce": secrets.token_hex(16),
            "submitted_at": at.isoformat(timespec="microseconds"),
            "reference": named,
            "submission": number,
        }
    )
    return Submission.objects.create(
        application=application,
        number=number,
        reference=named,
        sealed=seal_for(application.framework_id, padded(raw), purpose=f"{SUBMISSION}:{application.pk}"),
        revision=application.revision,
        sha256=sha256_of(raw),
        content_key=content_key,
        key=key,
        submitted_at=at,
        submitted_by=by,
    )
