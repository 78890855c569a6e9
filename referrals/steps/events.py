"""Letters and rows about providers' changes and the decisions that a suspension asks. Letters name the provider and the
kind of change, and lead behind sign-in: no pupil, no fact, no reason."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable

from django.conf import settings
from django.urls import reverse

from accounts.models import Organisation
from accounts.states import Role
from audit import steps as audit
from core.steps import step
from lots.models import Suspension
from lots.queries.places import end_of
from outbox import steps as outbox
from referrals.models import DecisionDue, Placement, ProviderEvent
from referrals.models.own import SEES_PUPILS
from referrals.permissions.events import DECIDES
from referrals.queries import events as queries
from referrals.queries.people import people_of
from referrals.rules import events as rules
from referrals.states import ProviderEventKind

SUBJECTS = {
    ProviderEventKind.STAFF: "Staff have changed at a provider",
    ProviderEventKind.SITE: "A site has changed at a provider",
    ProviderEventKind.INSURANCE: "A provider’s insurance has run out",
    ProviderEventKind.SUSPENDED: "A provider is suspended",
    ProviderEventKind.LIFTED: "A suspension was lifted",
}
MANAGES = frozenset({Role.CONTRACTS})


@step
def tell(*, new: queries.New, by, at: dt.datetime, but: Collection[int] = ()) -> ProviderEvent:
    """Write down a change and tell every commissioner with a running placement there; those in `but` are told by
    another letter. The caller holds the provider's lock, and nobody has written this key."""
    told = queries.commissioners_at(new.provider)
    made = ProviderEvent.objects.create(
        provider_id=new.provider,
        kind=new.kind,
        key=new.key,
        facts=new.facts,
        happened_on=new.happened_on,
        written_at=at,
        written_by=by if hasattr(by, "pk") else None,
        told=len(told),
    )
    people = people_of(told - set(but), SEES_PUPILS)
    provider = Organisation.objects.get(pk=new.provider)
    letters = [
        outbox.Letter(
            key=f"provider-event:{made.pk}:{organisation}:{pk}",
            to=address,
            subject=SUBJECTS[new.kind],
            body=_body(
                f"Something has changed at {provider.name}, where a pupil of yours is placed.",
                reverse("changes_told", args=[organisation]),
            ),
            organisation=organisation,
        )
        for organisation in sorted(people)
        for pk, address in people[organisation]
    ]
    outbox.post_many(letters, at=at)
    data = {"kind": str(new.kind), "commissioners": made.told}
    audit.record("referrals.providerevent.told", by=by, about=made, organisation=new.provider, data=data, at=at)
    return made


@step
def ask(
    *, suspension: Suspension, placements: Iterable[Placement], by, at: dt.datetime, today: dt.date
) -> list[DecisionDue]:
    """Ask for a decision on each of these placements, and tell whoever decides for their commissioners. The caller
    holds the suspension's lock, and none of them was asked for."""
    last = rules.decide_by(suspension.cause, today)
    due_at = end_of(last) - dt.timedelta(seconds=1)
    made = DecisionDue.objects.bulk_create(
        DecisionDue(placement=one, suspension=suspension, opened_at=at, due_at=due_at) for one in placements
    )
    _post(
        made,
        DECIDES,
        what=f"decision-opened:{suspension.pk}:{at.timestamp():.0f}",
        subject="A provider is suspended: decide what happens to your pupils",
        says="{provider} is suspended. Decide for each pupil that you have placed there whether the placement goes on, "
        f"is paused or ends: by the end of {last.day} {last:%B %Y}.",
        at=at,
    )
    for one in made:
        record(one, "opened", by=by, at=at)
    return made


@step
def lapse(*, rows: Iterable[DecisionDue], by, at: dt.datetime) -> None:
    """These locked decisions wait for nothing any more."""
    for one in rows:
        one.lapsed_at = at
        one.save(update_fields=["lapsed_at"])
        record(one, "lapsed", by=by, at=at)


@step
def tell_lifted(*, rows: Iterable[DecisionDue], at: dt.datetime) -> None:
    """Whoever was asked to decide learns that a suspension of which nobody else was told is lifted, once."""
    by_suspension: dict[int, list[DecisionDue]] = {}
    for one in rows:
        by_suspension.setdefault(one.suspension_id, []).append(one)
    for suspension, held in by_suspension.items():
        _post(
            held,
            DECIDES,
            what=f"decision-lifted:{suspension}",
            subject="A suspension was lifted",
            says="A suspension of {provider} was lifted. What was not decided needs no decision any more. A placement "
            "that you paused does not go on by itself.",
            at=at,
        )


@step
def remind(*, rows: Collection[DecisionDue], today: dt.date, at: dt.datetime) -> int:
    """A letter a day, while decisions are late, to whoever decides for the commissioner; and for a framework's buyer to
    its contract managers, with the number alone. A second call on the same day writes nothing. Returns how many letters
    were written."""
    day = today.isoformat()
    written = _post(
        rows,
        DECIDES,
        what=f"decision-late:{day}",
        subject="A decision about a placed pupil is late",
        says="{provider} is suspended, and nobody has decided what happens to every pupil that you have placed there. "
        "You get this letter every day until somebody has.",
        at=at,
    )
    late = Counter((one.placement.framework, one.placement.provider) for one in rows if one.placement.framework_id)
    managers = people_of({framework.buyer_id for framework, _ in late}, MANAGES)
    letters = [
        outbox.Letter(
            key=f"decisions-late:{framework.pk}:{provider.pk}:{day}:{pk}",
            to=address,
            subject="Decisions about placed pupils are late",
            body=_body(
                f"{provider.name} is suspended. Decisions that are late about pupils placed there under "
                f"“{framework.title}”: {number}. The commissioners are told every day.",
                reverse("framework", args=[framework.pk]),
            ),
            organisation=framework.buyer_id,
        )
        for (framework, provider), number in late.items()
        for pk, address in managers[framework.buyer_id]
    ]
    return written + len(outbox.post_many(letters, at=at))


@step
def record(row: DecisionDue, verb: str, *, by, at: dt.datetime, data=None) -> None:
    """Write down what happened to a decision: keys and labels alone."""
    data = {"placement": row.placement_id, "suspension": row.suspension_id} | (data or {})
    organisation = row.placement.commissioner_id
    audit.record(f"referrals.decisiondue.{verb}", by=by, about=row, organisation=organisation, data=data, at=at)


def _post(rows: Iterable[DecisionDue], roles, *, what: str, subject: str, says: str, at: dt.datetime) -> int:
    """One letter for each person of each commissioner and provider among these decisions."""
    pairs = {(one.placement.commissioner_id, one.placement.provider_id): one.placement.provider for one in rows}
    people = people_of({commissioner for commissioner, _ in pairs}, roles)
    letters = [
        outbox.Letter(
            key=f"{what}:{commissioner}:{provider.pk}:{pk}",
            to=address,
            subject=subject,
            body=_body(says.format(provider=provider.name), reverse("decisions", args=[commissioner])),
            organisation=commissioner,
        )
        for (commissioner, _), provider in sorted(pairs.items(), key=lambda pair: pair[0])
        for pk, address in people[commissioner]
    ]
    return len(outbox.post_many(letters, at=at))


def _body(says: str, page: str) -> str:
    return f"{says}\n\nSign in to read more:\n{settings.BASE_URL}{page}\n"
