"""An interest of somebody on the panel becomes known: they are kept away from that bidder, and what they had not
settled there goes to somebody else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from accounts.models import Membership, User
from audit import steps as audit
from core.steps import step
from evaluation.models import Conflict, Declaration, Evaluation
from evaluation.queries.interests import bidders
from evaluation.rules import interests as rules
from evaluation.rules.interests import Telling
from evaluation.states import Source, Stage, When
from evaluation.steps import allotment

TAKEN_OVER = "An interest in the bidder became known"


@step
def add(
    *, evaluation: Evaluation, person: User, found: Mapping[int, str], source: Source, by, at: dt.datetime
) -> set[int]:
    """Keep the person away from these providers; `found` says why, by the provider's key. What is known already gets
    the new words beside the old ones; what was mitigated stays so unless there are new words. Returns the providers
    from which they were not kept away before."""
    rows = list(Conflict.objects.filter(evaluation=evaluation, person=person, provider__in=found))
    standing = {row.provider_id: row for row in rows if row.mitigated_at is None}
    dealt_with = {(row.provider_id, row.text) for row in rows if row.mitigated_at}
    for provider, row in standing.items():
        if found[provider] not in row.text:
            row.text = f"{row.text}\n\n{found[provider]}"
            row.save(update_fields=["text"])
    made = Conflict.objects.bulk_create(
        Conflict(
            evaluation=evaluation,
            person=person,
            provider_id=provider,
            source=source,
            text=text,
            noted_at=at,
            noted_by=by if hasattr(by, "pk") else None,
        )
        for provider, text in found.items()
        if provider not in standing and (provider, text) not in dealt_with
    )
    audit.record_each(
        "evaluation.conflict.noted",
        by=by,
        rows=[(row, {"evaluation": evaluation.pk, "person": person.pk}) for row in made],
        organisation=evaluation.framework.buyer_id,
        at=at,
    )
    providers = {row.provider_id for row in made}
    if providers and evaluation.stage == Stage.JUDGING:
        allotment.take_over(evaluation=evaluation, person=person, providers=providers, reason=TAKEN_OVER, by=by, at=at)
    return providers


@step
def find(
    *, evaluation: Evaluation, people: Collection[User], by, at: dt.datetime, told: Collection[Telling] = ()
) -> int:
    """What the portal finds by itself once the names are known: people who hold or held a role at a bidder, who named
    it before, or whom the bidder's own words name (`told`). Returns how many interests are new."""
    names = bidders(evaluation)
    keys = [person.pk for person in people]
    roles = set(Membership.objects.filter(user__in=keys, organisation__in=names).values_list("user", "organisation"))
    declared = dict(
        Declaration.objects.filter(
            evaluation=evaluation, person__in=keys, moment=When.BEFORE, replaced_at=None
        ).values_list("person", "text")
    )
    new = 0
    for person in people:
        found = dict(rules.found_of(person.name, told))
        found |= dict.fromkeys(rules.named_in(declared.get(person.pk, ""), names), rules.NAMED_IT)
        found |= {provider: rules.HELD_A_ROLE for key, provider in roles if key == person.pk}
        if found:
            new += len(add(evaluation=evaluation, person=person, found=found, source=Source.FOUND, by=by, at=at))
    return new
