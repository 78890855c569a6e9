"""The opening: when, by whom, and the one hash over what was opened; and what follows when a bid leaves."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping

from evaluation.states import BID_MOVES, BidState, Stage
from lots.rules.refusals import Refused


def not_asked(documents: Mapping[int, Mapping | None]) -> list[tuple[int, int]]:
    """(bid, standard) for every standard that its document says was not asked of that provider. `documents` are by the
    key of the bid; one that could not be read is None."""
    return [
        (bid, one["standard"])
        for bid, document in documents.items()
        if document
        for one in document["standards"]
        if one.get("not_asked")
    ]


def shown_seed(seed: str, stage: str) -> str:
    """What the record shows of the seed. While quality is judged its SHA-256: whoever had the seed itself could work
    the blind sample out, and from it who proposed a fail; the hash proves afterwards that it was drawn at the opening.
    """
    return hashlib.sha256(seed.encode()).hexdigest() if stage in {Stage.PREPARING, Stage.JUDGING} else seed


def check_time(*, published: bool, closes_at: dt.datetime | None, at: dt.datetime) -> None:
    """Nothing is opened before the deadline has passed, the deadline itself included, for anybody. Raises `Refused`."""
    if not published or closes_at is None or at <= closes_at:
        raise Refused("The deadline has not passed. Until then nobody can open anything, whoever asks")


def check_not_opened(opened_at: dt.datetime | None) -> None:
    """Once. Raises `Refused`."""
    if opened_at is not None:
        raise Refused("The applications were opened already")


def check_proposal(*, needs_two: bool, proposed_by: int | None, proposer_opens: bool, by: int) -> None:
    """Where two people are needed the first proposes. A proposal waits for somebody else; one of a person who opens no
    longer waits for nobody. Raises `Refused`."""
    if not needs_two:
        raise Refused("One person is enough for this opening: open the applications")
    if proposed_by is not None and proposer_opens:
        who = "You have" if proposed_by == by else "A colleague has"
        then = "Somebody else must confirm it" if proposed_by == by else "Confirm it"
        raise Refused(f"{who} proposed the opening already. {then}")


def check_second(*, needs_two: bool, proposed_by: int | None, proposer_opens: bool, by: int) -> None:
    """Where two people are needed the one who opens is not the one who proposed. Raises `Refused`."""
    if not needs_two:
        return
    if proposed_by is None or not proposer_opens:
        raise Refused("Two openers are needed: one proposes the opening, another confirms it. Propose it first")
    if proposed_by == by:
        raise Refused("You proposed the opening, so somebody else must confirm it")


def hash_over(hashes: Iterable[str]) -> str:
    """SHA-256 over the submissions' own, sorted and written after each other: whoever has the receipts works it out
    again."""
    return hashlib.sha256("".join(sorted(hashes)).encode()).hexdigest()


def parts_of(document: Mapping) -> Iterator[tuple[int, int | None, bool, str]]:
    """(lot, part or None, complete, what is missing in words) for everything that a document bids for. What is missing
    for every lot stands at each."""
    read = {one["lot"]: one for one in document["read"]["lots"]}
    common = document["read"]["missing"]
    for lot in document["lots"]:
        of_lot = read[lot["lot"]]
        complete = of_lot["complete"] and not common
        missing = "\n".join([*common, *of_lot["missing"]])
        for part in [one["part"] for one in lot["parts"]] or [None]:
            yield lot["lot"], part, complete, missing


def check_bid_move(now: str, then: str) -> None:
    """A bid leaves and comes back as `BID_MOVES` says. Raises `Refused`."""
    if BidState(then) not in BID_MOVES[BidState(now)]:
        raise Refused(
            f"This bid is “{BidState(now).label}” and cannot become “{BidState(then).label}”. "
            "Look at it again: somebody may have changed it meanwhile"
        )


def follows(then: str, stage: str) -> list[str]:
    """What follows from a bid leaving or coming back at this stage, in words: nothing later changes by itself."""
    back = then == BidState.IN
    said = [
        "It is judged again where judging goes on" if back else "It is not judged any further. What was judged stays"
    ]
    if stage in {Stage.FROZEN, Stage.PRICES, Stage.CHECKED, Stage.AWARDED}:
        said.append("The frozen result of quality stays as it is. To change it, quality is opened again by two people")
    if stage in {Stage.PRICES, Stage.CHECKED, Stage.AWARDED}:
        said.append(
            "Price checks that were worked out stay as they are, with or without this price. Ask for a new price check "
            "if its price should count differently"
        )
    if stage == Stage.AWARDED:
        said.append(
            "The award that was approved stands, and so do its places and letters. Taking an award back is a decision "
            "of its own, by two people"
        )
    return said
