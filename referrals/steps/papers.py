"""The agreement for a pupil is written, replaced and signed. The caller holds the placement's lock."""

from __future__ import annotations

import datetime as dt

from audit import steps as audit
from core.steps import step
from referrals.models import Placement, PlacementPaper
from referrals.queries import papers as queries
from referrals.queries import sealed
from referrals.rules import paper as rules


@step
def replace(*, placement: Placement, at: dt.datetime) -> bool:
    """What stood is no longer what is agreed: nobody signs it any more. Returns whether there was one."""
    return bool(placement.papers.filter(replaced_at=None).update(replaced_at=at))


@step
def make(*, placement: Placement, by, at: dt.datetime) -> PlacementPaper:
    """Write the agreement as the placement stands, in the place of the one before."""
    replace(placement=placement, at=at)
    number = placement.papers.count() + 1
    text = queries.document_for(placement, number=number, at=at)
    made = PlacementPaper.objects.create(placement=placement, number=number, sha256=rules.digest(text), made_at=at)
    made.document = sealed.sealed_text(made, "document", text)
    made.save(update_fields=["document"])
    record(made, "made", by=by, at=at)
    return made


@step
def sign(*, paper: PlacementPaper, side: str, name: str, by, at: dt.datetime) -> None:
    """One side (`provider` or `party`) signs, with the name that was typed."""
    values = {f"{side}_signed_at": at, f"{side}_signed_by": by, f"{side}_signed_name": name}
    for field, value in values.items():
        setattr(paper, field, value)
    paper.save(update_fields=list(values))
    record(paper, f"signed_by_{side}", by=by, at=at)


@step
def record(paper: PlacementPaper, verb: str, *, by, at: dt.datetime) -> None:
    """Write down what happened to an agreement."""
    audit.record(
        f"referrals.paper.{verb}",
        by=by,
        about=paper,
        organisation=paper.placement.commissioner_id,
        data={"placement": paper.placement_id, "number": paper.number},
        at=at,
    )
