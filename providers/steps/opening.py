"""The opening of a round: what was sealed is decrypted, proved against its hash, and its prices become rows."""

from __future__ import annotations

from dataclasses import dataclass

from audit import steps as audit
from core import clock
from core.crypto import SealBroken
from core.steps import step
from lots.models import Evidence, Framework
from lots.queries.sealing import unseal_each
from lots.states import FrameworkState
from providers.models import Application, BidPrice, ItemVersion, Opening, Submission, SubmittedVersion
from providers.queries.bids import SUBMISSION
from providers.queries.rounds import opened
from providers.rules.frozen import given_for, heaviest, parsed, sha256_of, unpadded
from providers.rules.refusals import Refused
from providers.steps import rounds

_AT_ONCE = 1000


@dataclass(frozen=True)
class Opened:
    """What an opening found. `hashes` are those of the submissions that could be read, by key, and `documents` what
    they hold, prices too: for the caller's transaction alone. `broken` are the references of those whose seal or hash
    does not hold: they stop nothing else, and somebody looks at them."""

    opening: Opening
    hashes: dict[int, str]
    broken: tuple[str, ...]
    prices: int
    documents: dict[int, dict]


@step
def open_round(*, framework: Framework, by) -> Opened:
    """Open every standing submission, once, after the deadline by the database's clock. The round is held alone: what
    was accepted before is in it, nothing is accepted after. Call it before any row of the framework is locked. Raises
    `Refused` before the deadline, for anybody, the second time, and where the framework's key cannot be read: one that
    is lost is brought back first, because a round is opened only once."""
    rounds.alone(framework.pk)
    framework = Framework.objects.locked(framework.pk)
    at = clock.database_now()
    if framework.state != FrameworkState.PUBLISHED or framework.closes_at is None or at <= framework.closes_at:
        raise Refused("The deadline has not passed, so no application can be opened yet")
    if opened(framework):
        raise Refused("The applications to this framework were opened already")
    standing = list(
        Submission.objects.filter(pk__in=Application.objects.filter(framework=framework).values("standing"))
    )
    documents, broken = _read(framework, standing)
    opening = Opening.objects.create(
        framework=framework, opened_at=at, opened_by=by if hasattr(by, "pk") else None, submissions=len(standing)
    )
    prices = BidPrice.objects.bulk_create(_prices(documents), batch_size=_AT_ONCE)
    SubmittedVersion.objects.bulk_create(_versions(documents), batch_size=_AT_ONCE)
    audit.record(
        "providers.round.opened",
        by=by,
        about=framework,
        organisation=framework.buyer_id,
        data={"opening": opening.pk, "submissions": len(standing), "broken": len(broken)},
        at=at,
    )
    hashes = {one.pk: one.sha256 for one in standing if one.pk in documents}
    return Opened(opening, hashes, tuple(one.reference for one in broken), len(prices), documents)


def _read(framework: Framework, standing: list[Submission]) -> tuple[dict[int, dict], list[Submission]]:
    if not standing:
        return {}, []
    sealed = [(one.sealed, f"{SUBMISSION}:{one.application_id}") for one in standing]
    try:
        found = unseal_each(framework.pk, sealed)
    except SealBroken as error:
        raise Refused(
            "The key of this framework cannot be read, so nothing was opened and nothing is lost. Ask whoever runs "
            "the portal to bring the key back from its recovery file, then open the applications"
        ) from error
    documents, broken = {}, []
    for one, plain in zip(standing, found, strict=True):
        raw = plain and unpadded(plain)
        if raw and sha256_of(raw) == one.sha256:
            documents[one.pk] = parsed(raw)
        else:
            broken.append(one)
    return documents, broken


def _prices(documents: dict[int, dict]) -> list[BidPrice]:
    return [
        BidPrice(
            submission_id=pk,
            lot_id=row["lot"],
            sub_lot_id=row["part"],
            line_id=row["line"],
            pence=row["pence"],
            vat=row["vat"],
        )
        for pk, document in documents.items()
        for row in document["prices"]
    ]


def _versions(documents: dict[int, dict]) -> list[SubmittedVersion]:
    """Versions are never deleted, so each that was named is there still."""
    named = {one["version"] for document in documents.values() for one in document["evidence"]}
    there = set(ItemVersion.objects.filter(pk__in=named).values_list("pk", flat=True))
    given = {pk: given_for(document) for pk, document in documents.items()}
    asked = {evidence for one in given.values() for some in one.values() for evidence in some}
    effects = dict(Evidence.objects.filter(pk__in=asked).values_list("pk", "on_expiry"))
    return [
        SubmittedVersion(
            submission_id=pk,
            version_id=one["version"],
            evidence_id=heaviest(given[pk].get(one["version"], ()), effects),
        )
        for pk, document in documents.items()
        for one in document["evidence"]
        if one["version"] in there
    ]
