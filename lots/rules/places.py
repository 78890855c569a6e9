"""Places on a framework: how they move, what holds them, what they were on a day, and what may be asked for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from lots.rules.refusals import Refused
from lots.rules.scheme import last_day
from lots.states import PLACE_MOVES, PROVIDER_WIDE, EndReason, PlaceState, PriceReview

# What the buyer ends a place for, or writes down.
BY_BUYER = (EndReason.TERMINATED, EndReason.EXCLUDED, EndReason.WITHDREW)


def label(number: str, letter: str | None) -> str:
    """What a reader calls a lot or its part: `Lot 1, part B`."""
    return f"Lot {number}, part {letter}" if letter else f"Lot {number}"


def check_move(now: str, then: str) -> None:
    """A place moves only as `PLACE_MOVES` says. Raises `Refused`, saying what the place is."""
    if PlaceState(then) not in PLACE_MOVES[PlaceState(now)]:
        raise Refused(
            f"This place is {PlaceState(now).label.lower()} and cannot become {PlaceState(then).label.lower()}. "
            "Look at it again: somebody may have changed it meanwhile"
        )


def reached(accepted_at: dt.datetime | None, active_from: dt.datetime | None) -> PlaceState:
    """How far a place had come, whatever held or ended it: what it returns to when its last suspension is lifted, and
    as what it begins with a successor."""
    if accepted_at is None:
        return PlaceState.AWARDED
    return PlaceState.ACTIVE if active_from else PlaceState.ACCEPTED


def begins_at(*moments: dt.datetime | None) -> dt.datetime:
    """When an accepted place becomes active: the latest of acceptance, end of the waiting period (where there is one),
    start of the framework and the instant at which it began to run."""
    return max(moment for moment in moments if moment is not None)


def check_suspension(cause: str, *, of_one_place: bool) -> None:
    """Safeguarding and an exclusion ground hold all places of a provider with the buyer; the insurance of an activity
    and a commercial cause hold one place. Raises `Refused`."""
    if (cause in PROVIDER_WIDE) == of_one_place:
        raise Refused(
            "For this cause all of the provider’s places are suspended, not one"
            if of_one_place
            else "For this cause one place is suspended, not the provider",
            field="cause",
        )


def end_reason(wanted: str | None, *, by_provider: bool, accepted: bool) -> EndReason:
    """Why a place ends. A provider says no to what it has not accepted, and withdraws from what it has; a buyer ends a
    place, or ends it because its supplier is excluded, or writes down that the provider withdrew. All other reasons are
    the portal's own. Raises `Refused`."""
    if by_provider:
        return EndReason.WITHDREW if accepted else EndReason.DECLINED
    if wanted not in BY_BUYER:
        raise Refused("Select why the place ends", field="end_reason")
    return EndReason(wanted)


@dataclass(frozen=True)
class Life:
    """The moments of a place, and the spans in which something held it (begin, end or None)."""

    awarded_at: dt.datetime
    accepted_at: dt.datetime | None
    active_from: dt.datetime | None
    ended_at: dt.datetime | None
    held: tuple[tuple[dt.datetime, dt.datetime | None], ...] = ()


def state_at(life: Life, moment: dt.datetime) -> PlaceState | None:
    """What a place was just before `moment`, None where it had not been awarded. A suspension that stands when a place
    is accepted holds it from then on."""
    if life.awarded_at >= moment:
        return None
    if life.ended_at is not None and life.ended_at < moment:
        return PlaceState.ENDED
    if life.accepted_at is None or life.accepted_at >= moment:
        return PlaceState.AWARDED
    if any(begin < moment and (end is None or end >= moment) for begin, end in life.held):
        return PlaceState.SUSPENDED
    begun = life.active_from is not None and life.active_from < moment
    return PlaceState.ACTIVE if begun else PlaceState.ACCEPTED


@dataclass(frozen=True)
class Review:
    """How prices are reviewed on a framework: the policy, its cap in whole per cent, and its first day."""

    policy: str
    cap_percent: int | None = None
    on: dt.date | None = None


def review_days(on: dt.date, until: int) -> tuple[dt.date, ...]:
    """The day of the first review and its anniversaries, up to the year `until`. 29 February becomes 1 March."""
    return tuple(last_day(on, years) + dt.timedelta(days=1) for years in range(until - on.year + 1))


def check_new_price(
    review: Review, *, now_pence: int, new_pence: int, from_on: dt.date, last_from_on: dt.date, today: dt.date
) -> None:
    """A price can be changed from a day on as the policy says: never (until the framework is opened again); on a review
    day by at most the cap, up or down as the index goes; or on request, from any day. Never for a day that has passed,
    and never before a price that was already set. Raises `Refused`."""
    if review.policy == PriceReview.NONE:
        raise Refused("Prices on this framework stay as they are until it is opened again")
    if new_pence < 1:
        raise Refused("The price must be at least a penny", field="pence")
    if from_on < today:
        raise Refused("A price cannot change for days that have passed", field="from_on")
    if from_on <= last_from_on:
        raise Refused(
            f"A price from {last_from_on.day} {last_from_on:%B %Y} is already set: enter a later day", field="from_on"
        )
    if review.policy == PriceReview.CPI:
        _check_indexed(review, now_pence, new_pence, from_on)


def _check_indexed(review: Review, now_pence: int, new_pence: int, from_on: dt.date) -> None:
    if review.on is None or review.cap_percent is None:
        raise Refused("The day and the cap of the price review were never set, so prices stay as they are")
    if from_on not in review_days(review.on, from_on.year):
        raise Refused(f"Prices are reviewed on {review.on.day} {review.on:%B} of each year only", field="from_on")
    if 100 * new_pence > (100 + review.cap_percent) * now_pence:
        raise Refused(f"The price can rise by {review.cap_percent}% at most", field="pence")


def may_offer(price_pence: int, offered_pence: int) -> bool:
    """What a provider may offer for one pupil: its price on the framework, or less, at any time."""
    return 0 < offered_pence <= price_pence


def check_transfer(*, outcome: str, checked_on: dt.date, today: dt.date, held: bool, same: bool) -> None:
    """Places move to another firm that was checked for exclusion, by the day of the move and no more than 30 days
    before, and is not an excluded supplier (s.45(6)(a): nothing may be awarded to one); never while a suspension
    holds any of them, which would be left behind. Raises `Refused`."""
    if same:
        raise Refused("Select another provider than the one whose places move", field="successor")
    if outcome == "excluded":
        raise Refused(
            "An excluded supplier cannot be on the framework. The places stay where they are", field="outcome"
        )
    if checked_on > today:
        raise Refused("The check for exclusion must have been made", field="checked_on")
    if today - checked_on > dt.timedelta(days=30):
        raise Refused("The check for exclusion is older than 30 days. Make it again", field="checked_on")
    if held:
        raise Refused("A suspension holds these places. Lift it, or end the places, before they move")


def uncovered(covered_now: Collection[str], covered_next: Collection[str]) -> tuple[str, ...]:
    """The parts, by label, on which somebody is now and nobody would be after the switch, in order."""
    return tuple(sorted(set(covered_now) - set(covered_next)))


def check_switch(
    *,
    state: str,
    today: dt.date,
    at: dt.datetime,
    closes_at: dt.datetime | None,
    waits_until: dt.datetime | None,
    waits_for_notice: bool,
    accepted: int,
    previous_runs: bool | None,
    end: dt.date | None,
) -> None:
    """A generation begins to run once: after its time to apply, after its award notice was published
    (`waits_for_notice` is false; Procurement Act 2023, s.50) and its waiting period, with at least one place accepted,
    while the one before it runs (`previous_runs` is None for the first), by the scheme's last day. Raises `Refused`.
    """
    if state != "published":
        raise Refused("Only a framework that is published and does not run yet can begin")
    if closes_at is not None and at <= closes_at:
        raise Refused("The time to apply has not ended")
    if waits_for_notice:
        raise Refused(
            "The award notice was not recorded as published, so the framework cannot begin yet. Record it first"
        )
    if waits_until is not None and at < waits_until:
        raise Refused("The waiting period before we sign has not ended")
    if previous_runs is False:
        raise Refused("The opening before this one does not run")
    if end is not None and today > end:
        raise Refused(
            f"All frameworks of this scheme had to end by {end.day} {end:%B %Y} (Procurement Act 2023, section 49)"
        )
    if not accepted:
        raise Refused("Nobody has accepted a place yet")


def check_acknowledged(left: Collection[str], acknowledged: Collection[str]) -> None:
    """Every part that the switch would leave without a provider was on the list that an officer acknowledged. Raises
    `Refused`, naming what is not."""
    new = [label for label in left if label not in set(acknowledged)]
    if new:
        raise Refused(
            f"Nobody would be on {'; '.join(new)} after the switch, and the list that was acknowledged does not say "
            "so. Look at the list again and acknowledge it"
        )
