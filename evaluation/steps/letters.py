"""Writes about letters that actions compose: beginning them with an award, sending them, telling what became known."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from audit import steps as audit
from contracts.steps import agreements
from core.calendars import time_in_words
from core.steps import step
from evaluation.models import AwardLine, AwardSet, Bid, Letter
from evaluation.queries import letters as queries
from evaluation.states import LetterKind
from jobs.steps import enqueue
from lots.models import Place
from lots.queries.places import leads_of
from lots.steps import places
from outbox import steps as outbox
from providers.steps.letters import SUBJECT

AT_ONCE = 500


@step
def begin(*, award_set: AwardSet, by, at: dt.datetime) -> int:
    """Write down the letters that an approved award brings, ask for the work of making and sending them, and offer each
    provider that was awarded a place its framework agreement. The evaluation is locked and the set's places are given.
    Once the caller's transaction is through, its view calls `jobs.tasks.start_soon()`. Returns how many letters."""
    wanted = queries.kinds_for(award_set)
    rows = [Letter(award_set=award_set, bid_id=bid, kind=kind) for bid, kinds in wanted.items() for kind in kinds]
    Letter.objects.bulk_create(rows, batch_size=AT_ONCE)
    framework = award_set.evaluation.framework
    agreements.offer(
        framework=framework, suppliers=_suppliers(award_set), not_before=award_set.waits_until, by=by, at=at
    )
    make(award_set=award_set, by=by, at=at)
    audit.record(
        "evaluation.letters.begun",
        by=by,
        about=award_set,
        organisation=framework.buyer_id,
        data={"letters": len(rows)},
        at=at,
    )
    return len(rows)


def _suppliers(award_set: AwardSet) -> dict[int, list[Place]]:
    """The places that the set gave, by provider."""
    found = defaultdict(list)
    for place in Place.objects.filter(award_line__award_set=award_set).order_by("pk"):
        found[place.provider_id].append(place)
    return found


@step
def make(*, award_set: AwardSet, by, at: dt.datetime) -> int:
    """Ask for the work that makes what is not made yet and then sends all, a job for each share, so that it spreads
    over the workers. Work that is under way is not asked for again. Returns how many shares there are."""
    framework = award_set.evaluation.framework
    anchors = queries.anchors_of(award_set)
    for number, anchor in enumerate(anchors, start=1):
        enqueue(
            kind=queries.KIND,
            title=f"Letters of award {award_set.number}, {framework.title}: {number} of {len(anchors)}",
            organisation=framework.buyer_id,
            about=Letter(pk=anchor),
            by=by,
            at=at,
        )
    return len(anchors)


@step
def send(*, award_set: AwardSet, by, at: dt.datetime) -> int:
    """Send the letters of a set, once all of them are made: nobody hears before anybody else. One message for each
    letter and lead, which tells no result. The evaluation is locked. Returns how many letters were sent, 0 where some
    are not made or all were sent."""
    letters = Letter.objects.filter(award_set=award_set, sent_at=None)
    if letters.filter(made_at=None).exists():
        return 0
    rows = list(letters.select_related("bid__submission").order_by("pk"))
    if not rows:
        return 0
    leads = leads_of({row.bid.provider_id for row in rows})
    outbox.post_many((one for row in rows for one in _messages(award_set, row, leads[row.bid.provider_id])), at=at)
    letters.update(sent_at=at)
    places.told(places=[one for several in _suppliers(award_set).values() for one in several])
    audit.record(
        "evaluation.letters.sent",
        by=by,
        about=award_set,
        organisation=award_set.evaluation.framework.buyer_id,
        data={"letters": len(rows)},
        at=at,
    )
    return len(rows)


_WHAT = {
    LetterKind.SUMMARY: "your assessment summary: how your application was assessed, standard by standard",
    LetterKind.AWARD: "our decision about your application",
    LetterKind.NOT_AWARDED: "our decision about your application",
}


def _messages(award_set: AwardSet, letter: Letter, people: Iterable[tuple[int, str]]) -> Iterable[outbox.Letter]:
    body = f"A letter is in the portal for you: {_WHAT[letter.kind]}."
    return _discreet(award_set, letter.bid, body, people, key=f"evaluation-letter:{letter.pk}")


def _discreet(award_set: AwardSet, bid: Bid, body: str, people, *, key: str) -> list[outbox.Letter]:
    """One message to each lead of a bidder. It shows operators neither receiver nor purpose, and tells no result."""
    framework = award_set.evaluation.framework
    url = f"{settings.BASE_URL}{reverse('bidder_evaluation', args=[bid.submission.application_id])}"
    head = f"About the application of {bid.provider_name} to “{framework.title}” ({framework.buyer.name}):"
    return [
        outbox.Letter(
            key=f"{key}:{pk}",
            to=address,
            subject=SUBJECT,
            body=f"{head}\n\n{body}\n\nSign in to read it:\n{url}\n",
            secret=True,
            discreet=True,
        )
        for pk, address in people
    ]


@step
def waiting_known(*, award_set: AwardSet, by, at: dt.datetime) -> int:
    """The award notice was published, so the end of the waiting period is known, or it was put right: agreements can be
    signed from then on, and every bidder with a letter of this award is told. Returns how many bidders."""
    until, framework = award_set.waits_until, award_set.evaluation.framework
    suppliers = list(_suppliers(award_set))
    agreements.waits_until(framework=framework, suppliers=suppliers, until=until, by=by, at=at)
    words = "The award notice was published on Find a Tender."
    if award_set.standstill:
        words += f" The waiting period before we sign ends at {_in_words(until)} (UK time)."
    return _tell_all(award_set, words, key=f"evaluation-notice:{award_set.pk}:{at.timestamp():.6f}", at=at)


def _in_words(at: dt.datetime) -> str:
    local = timezone.localtime(at)
    return f"{time_in_words(local)} on {local.day} {local:%B %Y}"


def _tell_all(award_set: AwardSet, body: str, *, key: str, at: dt.datetime) -> int:
    bids = list(Bid.objects.filter(letters__award_set=award_set).distinct().select_related("submission"))
    leads = leads_of({bid.provider_id for bid in bids})
    written = [
        one for bid in bids for one in _discreet(award_set, bid, body, leads[bid.provider_id], key=f"{key}:{bid.pk}")
    ]
    outbox.post_many(written, at=at)
    return len(bids)


@step
def tell_taken_back(*, line: AwardLine, at: dt.datetime) -> None:
    """An award was taken back: its bidder is told that something about its places was decided, and reads what on the
    page. Nobody else hears of it."""
    bid = Bid.objects.select_related("submission").get(pk=line.bid_id)
    body = "Something was decided about your places since our last letter. It and its reason are among your places."
    people = leads_of([bid.provider_id])[bid.provider_id]
    outbox.post_many(_discreet(line.award_set, bid, body, people, key=f"evaluation-taken-back:{line.pk}"), at=at)
