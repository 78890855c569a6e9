"""Which bidders are connected with each other, from what they submitted and from their numbers in registers. It reads
every bid, whoever asks, and says of each pair of bids nothing but how: it is looked up once, when prices are opened."""

from __future__ import annotations

from collections.abc import Mapping

from core.crypto import SealBroken
from evaluation.models import Bid, Evaluation
from evaluation.rules import connected as rules
from evaluation.rules.connected import Bidder, Pair
from lots.queries.sealing import unseal_each
from providers.queries.bids import SUBMISSION
from providers.rules.frozen import parsed, unpadded

_REGISTERS = ("companies_house", "charity_number", "ukprn", "ppon")


def all_connected(evaluation: Evaluation) -> list[Pair] | None:
    """Every pair of bids. None where the framework's key cannot be read."""
    bids = list(Bid.objects.filter(evaluation=evaluation).select_related("provider", "submission").order_by("pk"))
    documents = _documents(evaluation, bids)
    if documents is None:
        return None
    return rules.pairs(_bidder(bid, documents.get(bid.pk, {})) for bid in bids)


def _documents(evaluation: Evaluation, bids: list[Bid]) -> dict[int, Mapping] | None:
    """What was submitted, by bid, as far as it can be read."""
    sealed = [(bid.submission.sealed, f"{SUBMISSION}:{bid.submission.application_id}") for bid in bids]
    try:
        found = unseal_each(evaluation.framework_id, sealed)
    except SealBroken:
        return None
    return {bid.pk: parsed(unpadded(plain)) for bid, plain in zip(bids, found, strict=True) if plain}


def _bidder(bid: Bid, document: Mapping) -> Bidder:
    firm = bid.provider
    numbers = {(register, getattr(firm, register)) for register in _REGISTERS if getattr(firm, register)}
    numbers |= {(name, str(number)) for name, number in document.get("provider", {}).get("numbers", {}).items()}
    return Bidder(
        bid_id=bid.pk,
        name=bid.provider_name,
        organisation_id=firm.pk,
        parent_id=firm.parent_id,
        numbers=frozenset(numbers),
        persons=rules.persons_in(document),
    )
