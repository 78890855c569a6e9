"""Reads about the openings of one scheme: its generations, its days by law, what a switch would leave uncovered."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from django.db.models import Count, Max, Q
from django.utils import timezone

from lots.models import Decision, Framework, Place
from lots.queries.places import ACCEPTED
from lots.rules import places, scheme
from lots.rules.policies import read, said
from lots.rules.policy_list import POLICY
from lots.states import PlaceState, Route

# What a decision is about that is not a policy, in words
_ABOUT = {
    "cap_against_staying_on": "Limit on providers",
    "limit_asked": "Change of limits that waits for a second person",
    "limit_changed": "Limits after they were changed",
    "nobody_may_use_it": "Schools that may use it",
    "term_over_eight_years": "Longer than eight years",
    "term_over_four_years": "Longer than four years",
}


@dataclass(frozen=True)
class Scheme:
    """The days of one scheme. `end` is the last day of all, `next_by` the last day for the next award; both None until
    the first framework is awarded. `beyond` are labels of the framework's own days that lie after `end`."""

    generations: tuple[Framework, ...]
    deadlines: tuple[scheme.Deadline, ...]
    routes: tuple[Route, ...]
    end: dt.date | None
    next_by: dt.date | None
    proposal: scheme.Proposal | None
    beyond: tuple[str, ...]


def generations_of(framework: Framework) -> tuple[Framework, ...]:
    """The whole scheme from the first opening to the last, in one query: all of one buyer. Without those withdrawn."""
    rows = Framework.objects.filter(buyer=framework.buyer_id).only(
        "buyer_id", "previous_id", "generation", "state", "title", "awarded_at", "ended_at", "starts_on", "ends_on"
    )
    rows = {row.pk: row for row in rows}
    followed_by = {row.previous_id: row for row in rows.values() if row.previous_id}
    one = rows[framework.pk]
    while one.previous_id in rows:
        one = rows[one.previous_id]
    found = [one]
    while one := followed_by.get(one.pk):
        found.append(one)
    return tuple(found)


def scheme_of(framework: Framework, *, today: dt.date) -> Scheme:
    """The days that s.49 sets for the scheme of a framework, with how near each is (`Deadline.state`, `.warns`)."""
    chain = generations_of(framework)
    awarded = [one for one in chain if one.awarded_at]
    suppliers = dict(
        Place.objects.filter(framework__in=[one.pk for one in awarded], accepted_at__isnull=False, came_from=None)
        .order_by()
        .values("framework")
        .annotate(suppliers=Count("provider", distinct=True))
        .values_list("framework", "suppliers")
    )
    facts = tuple(scheme.Generation(timezone.localdate(one.awarded_at), suppliers.get(one.pk, 0)) for one in awarded)
    end = scheme.scheme_end(facts)
    own = {"The framework ends": framework.ends_on, "The open framework ends": framework.scheme_ends_on}
    return Scheme(
        generations=chain,
        deadlines=scheme.deadlines(facts, today=today),
        routes=scheme.routes(framework.max_participants),
        end=end,
        next_by=scheme.next_award_by(facts),
        proposal=scheme.proposal(facts, today=today),
        beyond=tuple(label for label, on in own.items() if end and on and on > end),
    )


def uncovered_by_switch(framework: Framework) -> tuple[str, ...]:
    """Labels of parts on which a provider is now, in the generation before `framework`, and nobody that has accepted
    and is not suspended would be after it begins. Empty for a first generation. Parts are matched by number and
    letter."""
    if framework.previous_id is None:
        return ()
    now = _labels(Place.objects.filter(framework=framework.previous_id, state__in=ACCEPTED))
    then = _labels(Place.objects.filter(framework=framework, state__in=[PlaceState.ACCEPTED, PlaceState.ACTIVE]))
    return places.uncovered(now, then)


def _labels(queryset) -> set[str]:
    pairs = queryset.order_by().values_list("lot__number", "sub_lot__letter").distinct()
    return {places.label(number, letter) for number, letter in pairs}


def acknowledged(framework: Framework) -> tuple[str, ...]:
    """The labels that an officer acknowledged as left uncovered."""
    return tuple(json.loads(framework.coverage_acknowledged)) if framework.coverage_acknowledged else ()


@dataclass(frozen=True)
class BeginFacts:
    """How many places are accepted on a framework, when the last of their waiting periods ends, and whether any place
    waits for its award notice to be published."""

    accepted: int
    waits_until: dt.datetime | None
    waits_for_notice: bool


def begin_facts(framework: Framework) -> BeginFacts:
    """What the beginning of a framework waits for, in one query."""
    found = (
        Place.objects.filter(framework=framework)
        .standing()
        .aggregate(
            accepted=Count("pk", filter=Q(state=PlaceState.ACCEPTED)),
            waits_until=Max("waits_until"),
            noticeless=Count("pk", filter=Q(waits_for_notice=True)),
        )
    )
    return BeginFacts(found["accepted"], found["waits_until"], found["noticeless"] > 0)


def decisions_of(framework: Framework) -> list[Decision]:
    """What officers decided about an opening and why, each with what it is about (`said`) and what was chosen
    (`chosen`) in words: shown beside the next one, never copied into it."""
    rows = list(framework.decisions.filter(replaced_at=None).order_by("about"))
    for row in rows:
        policy = POLICY.get(row.about)
        row.chosen = said(policy, read(policy, row.option)) if policy else row.option
        row.said = (policy.label if policy else "") or _ABOUT.get(row.about) or row.about.replace("_", " ").capitalize()
    return rows
