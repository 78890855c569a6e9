"""What there is to give out, and to whom it would go."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from accounts.models import User
from evaluation.models import Bid, BidLot, Conflict, Declaration, Evaluation, Judgement, Settled
from evaluation.queries.panel import assigned
from evaluation.rules import allotment as rules
from evaluation.rules.allotment import Held, Place, Plan
from evaluation.states import BidState, When
from lots.models import Standard
from lots.states import Evaluators, QualityScope


@dataclass(frozen=True)
class Offered:
    """Somebody who is assigned something: how many judgements they have, and how many they would get."""

    name: str
    has: int
    gets: int
    declared: bool


@dataclass(frozen=True)
class Preview:
    """What giving out would do. `bids` is how many are in the evaluation."""

    people: list[Offered]
    missing: int
    gaps: list[Place]
    bids: int


def preview(evaluation: Evaluation) -> Preview:
    """Before it is done: who would get how much, who has not declared their interests, what nobody can judge."""
    found = planned(evaluation)
    gets = Counter(share.person for share in found.shares)
    has = Counter(Judgement.objects.live().filter(bid__evaluation=evaluation).values_list("person", flat=True))
    known = {person for several in assigned(evaluation).values() for person in several} | set(has)
    declared = declared_after(evaluation)
    people = [
        Offered(name, has[pk], gets[pk], pk in declared)
        for pk, name in User.objects.filter(pk__in=known).order_by("name", "pk").values_list("pk", "name")
    ]
    bids = Bid.objects.filter(evaluation=evaluation).counting().count()
    return Preview(people, len(found.shares), found.gaps, bids)


@dataclass(frozen=True)
class _Asked:
    """The places to fill, in their order, and whose bid each is."""

    places: list[Place]
    provider: dict[int, int]


def planned(evaluation: Evaluation) -> Plan:
    """What is missing, and who would get it: people who are assigned the standard, have declared their interests after
    the names were known, and have none in that bidder. Nine queries, whatever the size."""
    asked = _asked(evaluation)
    held: dict[rules.Key, list[Held]] = {}
    rows = Judgement.objects.live().filter(bid__evaluation=evaluation)
    for bid, standard, lot, person, number, locked, outcome in rows.values_list(
        "bid", "standard", "lot", "person", "number", "locked_at", "outcome"
    ):
        held.setdefault((bid, standard, lot), []).append(Held(person, number, outcome if locked else ""))
    people, blocked = assigned(evaluation), _blocked(evaluation)
    declared = declared_after(evaluation)
    able = {standard: [one for one in several if one in declared] for standard, several in people.items()}
    found: dict[tuple[int, int], tuple[int, ...]] = {}

    def able_to(place: Place) -> tuple[int, ...]:
        pair = place.bid, place.standard
        if pair not in found:
            away = blocked.get(asked.provider[place.bid], set())
            found[pair] = tuple(one for one in able.get(place.standard, ()) if one not in away)
        return found[pair]

    percent = evaluation.framework.policies.blind_percent
    return rules.plan(asked.places, able=able_to, held=held, seed=evaluation.seed, percent=percent)


def declared_after(evaluation: Evaluation) -> set[int]:
    """The people who have declared their interests since the names are known."""
    rows = Declaration.objects.filter(evaluation=evaluation, moment=When.AFTER, replaced_at=None)
    return set(rows.values_list("person", flat=True))


def _blocked(evaluation: Evaluation) -> dict[int, set[int]]:
    """The people who are kept away from each provider."""
    found: dict[int, set[int]] = {}
    rows = Conflict.objects.blocking().filter(evaluation=evaluation).values_list("provider", "person")
    for provider, person in rows:
        found.setdefault(provider, set()).add(person)
    return found


def _asked(evaluation: Evaluation) -> _Asked:
    """Theme by theme, in it bid by bid: whoever judges stays with one bid's papers for one theme, and meets the same
    theme of all bids one after another. The place is the same in every queue and never changes."""
    policies = evaluation.framework.policies
    bids = list(
        Bid.objects.filter(evaluation=evaluation).order_by("number").values_list("pk", "number", "provider", "state")
    )
    themes: dict[int, list[tuple[int, str, bool]]] = {}
    standards = Standard.objects.filter(theme__version__framework=evaluation.framework_id)
    for pk, theme, label, safeguarding in standards.order_by(
        "theme__position", "theme_id", "position", "id"
    ).values_list("pk", "theme", "number", "safeguarding"):
        themes.setdefault(theme, []).append((pk, label, safeguarding))
    lots: dict[int, list[int | None]] = {pk: [None] for pk, *_ in bids}
    if policies.quality == QualityScope.LOT:
        lots = {pk: [] for pk in lots}
        pairs = BidLot.objects.filter(bid__evaluation=evaluation).order_by("bid", "lot__position", "lot")
        for bid, lot in dict.fromkeys(pairs.values_list("bid", "lot")):
            lots[bid].append(lot)
    settled = set(
        Settled.objects.filter(bid__evaluation=evaluation, replaced_at=None).values_list("bid", "standard", "lot")
    )
    everywhere = policies.evaluators == Evaluators.TWO
    places, position = [], 0
    for theme, several in themes.items():
        for bid, number, _, state in bids:
            for standard, label, safeguarding in several:
                for lot in lots[bid]:
                    position += 1
                    if state == BidState.IN and (bid, standard, lot) not in settled:
                        two = everywhere or safeguarding
                        places.append(Place(bid, standard, lot, number, label, theme, two, position))
    return _Asked(places, {bid: provider for bid, _, provider, _ in bids})
