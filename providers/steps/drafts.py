"""Writing a draft down: whole, and sealed."""

from __future__ import annotations

import datetime as dt

from core.steps import step
from lots.queries.sealing import seal_for
from providers.models import Application
from providers.queries.bids import DRAFT
from providers.rules.draft import LARGEST_DRAFT, Draft, to_bytes
from providers.rules.frozen import padded
from providers.rules.refusals import Refused


@step
def keep_draft(*, application: Application, draft: Draft, at: dt.datetime) -> Application:
    """Seal the draft and count its revision up. The application is locked by the caller. Raises `Refused` for one that
    is longer than a draft may be."""
    raw = to_bytes(draft)
    if len(raw) > LARGEST_DRAFT:
        raise Refused(
            "This makes your application longer than the portal can keep (2 MB of text). Nothing was saved just now, "
            "and everything saved before is kept. Shorten your answer, or attach a document instead"
        )
    purpose = f"{DRAFT}:{application.pk}"
    application.draft_sealed = seal_for(application.framework_id, padded(raw), purpose=purpose)
    application.revision += 1
    application.saved_at = at
    application.save(update_fields=["draft_sealed", "revision", "saved_at"])
    return application
