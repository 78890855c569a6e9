"""The record of an opening."""

from __future__ import annotations

from evaluation.models import Bid, Evaluation


def opened(evaluation: Evaluation, *, user) -> list[Bid]:
    """Every submission that was opened and that this person may see, in the order that was drawn, each with its
    reference, its moment and its hash: without what was sealed."""
    rows = Bid.objects.visible_to(user).filter(evaluation=evaluation).select_related(None)
    return list(
        rows.select_related("submission")
        .only(
            "number",
            "provider_name",
            "sha256",
            "state",
            "evaluation_id",
            "provider_id",
            "submission__reference",
            "submission__submitted_at",
        )
        .order_by("number")
    )
