"""What a bidder submitted, as the panel reads it. This is the panel's one way to what was sealed (docs/adr/0022): only
for a bid that the person's queryset shows, and never with its prices."""

from __future__ import annotations

from collections.abc import Iterator

from core.access import Denied
from evaluation.models import Bid
from lots.queries.sealing import unseal_for
from providers.queries.bids import SUBMISSION
from providers.rules.frozen import parsed, unpadded


def document_of(bid: Bid, *, user) -> dict:
    """The frozen document without its prices, which are rows of their own and open later. Raises `Denied` for a bid
    that the person does not meet, `SealBroken` for one that cannot be read."""
    if not Bid.objects.visible_to(user).filter(pk=bid.pk).exists():
        raise Denied
    submission = bid.submission
    purpose = f"{SUBMISSION}:{submission.application_id}"
    document = parsed(unpadded(unseal_for(bid.evaluation.framework_id, submission.sealed, purpose=purpose)))
    return document | {"prices": []}


def standard_in(document: dict, standard_id: int) -> dict:
    """What was said to one standard; empty where it was not asked."""
    return next((one for one in document["standards"] if one["standard"] == standard_id), {})


def evidence_for(document: dict, standard_id: int) -> Iterator[dict]:
    """The documents that were given for one standard: each as it was frozen (`version`, `sha256`, `name`, dates), with
    `for` naming what it shows."""
    said = standard_in(document, standard_id)
    held = {one["version"]: one for one in document["evidence"]}
    rows = [*said.get("evidence", ()), *(row for own in said.get("for_lots", {}).values() for row in own["evidence"])]
    seen = set()
    for row in rows:
        if row["version"] in held and row["version"] not in seen:
            seen.add(row["version"])
            yield held[row["version"]] | {"for": row["title"]}
