"""URLs of checking, submitting, the receipt, the copy, and withdrawing: whoever leads the bidder, and nobody else."""

from __future__ import annotations

from tests.house.matrix import Row
from tests.providers import bids


def _draft(world):
    return (bids.complete(world, bids.applied(world)).pk,)


def _standing(world):
    return (bids.submitted(world).application_id,)


def _submission(world):
    return (bids.submitted(world).pk,)


LEAD = {"alice": 200}

ROWS: dict[str, Row] = {
    "check_application": Row(others=404, roles=LEAD, args=_draft),
    "submit_application": Row(others=404, roles=LEAD, args=_draft, method="post"),
    "withdraw_application": Row(others=404, roles=LEAD, args=_standing),
    "submission": Row(others=404, roles=LEAD, args=_submission),
    "submission_file": Row(others=404, roles=LEAD, args=_submission),
    "receipt": Row(others=404, roles=LEAD, args=_submission),
    "receipt_pdf": Row(others=404, roles=LEAD, args=_submission),
}
