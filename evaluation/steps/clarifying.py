"""Asking one bidder, and the letters about it. No letter says what was asked or answered, none to the bidder says who
asked, and operators see neither to whom they go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db.models import F
from django.urls import reverse

from accounts import queries as people
from audit import steps as audit
from core.steps import step
from core.templatetags.portal import to_the_second
from evaluation.models import Bid, Clarification, Evaluation, Judgement
from evaluation.queries import clarifications as queries
from evaluation.rules import clarifying as rules
from evaluation.states import Outcome
from evaluation.steps.judging import share
from lots.queries.places import leads_of
from lots.rules.refusals import Refused
from providers.steps.letters import discreetly


@step
def ask(*, bid, standard_id, lot_id, evidence_id, judgement, text, by, at: dt.datetime) -> Clarification:
    """Ask the bidder about one standard, and tell its leads. Whoever calls it holds the bid's row, and that of the
    judgement from which it is asked (None in moderation), which then waits for the answer. Raises `Refused`."""
    evaluation = bid.evaluation
    chosen = [one for one in queries.choices(evaluation, standard_id) if one.evidence == evidence_id]
    if not chosen:
        raise Refused("Choose what the question is about", field="evidence")
    before = queries.last_unanswered(bid.pk, standard_id, lot_id, judgement)
    rules.check_ask(
        stage=evaluation.stage,
        bid_state=bid.state,
        cure=chosen[0].cure,
        locked=judgement is not None and judgement.locked_at is not None,
        asked=before.due_at if before else None,
        at=at,
    )
    rules.check_text(text, longest=rules.LONGEST_QUESTION)
    made = Clarification.objects.create(
        bid=bid,
        standard_id=standard_id,
        lot_id=lot_id,
        evidence_id=evidence_id,
        judgement=judgement,
        cure=chosen[0].cure,
        text=text,
        asked_at=at,
        asked_by=by,
        due_at=rules.due_at(at, evaluation.clarify_days),
    )
    if judgement is not None:
        Judgement.objects.filter(pk=judgement.pk).update(
            outcome=Outcome.CLARIFY, saved_at=at, revision=F("revision") + 1
        )
    _to_bidder(
        [made],
        "clarification",
        "{buyer} asks you a question about the application of {provider} to “{framework}”.\n\n"
        "Answer by: {due}\n\n"
        "You can answer once. After that moment no answer is taken, and what you submitted is judged as it is.\n\n"
        "The question, and where to answer it: {url}\n",
        at,
    )
    # Whoever reads the record must not learn from it what somebody thinks of a bid: it names neither bid nor standard.
    audit.record(
        "evaluation.clarification.asked",
        by=by,
        about=made,
        organisation=evaluation.framework.buyer_id,
        data={"evaluation": evaluation.pk},
        at=at,
    )
    return made


@step
def row_locked(clarification, *, by) -> Clarification:
    """The question as it is now, held until the transaction ends, and its bid with it. The evaluation is held together
    with others: bidders do not wait for each other, and whoever freezes quality waits for them."""
    pk = getattr(clarification, "pk", clarification)
    rows = Clarification.objects.filter(pk=pk)
    bid_id, evaluation_id = rows.values_list("bid_id", "bid__evaluation_id").get()
    share(evaluation_id)
    evaluation = Evaluation.objects.select_related("framework__buyer").get(pk=evaluation_id)
    bid = Bid.objects.locked(bid_id)
    bid.evaluation = evaluation
    row = Clarification.objects.locked(pk)
    row.bid = bid
    people.forget_roles(by)
    return row


@step
def tell_answered(*, clarification: Clarification, at: dt.datetime) -> int:
    """That the bidder answered, to whoever waits for it. Returns how many letters were written."""
    says = "A bidder has answered a question that was asked about its application to “{framework}”."
    return _to_panel(clarification, "clarification-answered", says, at)


@step
def tell_lapsed(*, clarification: Clarification, at: dt.datetime) -> int:
    """That the time passed without an answer, to whoever waited for it: once. Returns how many letters were written."""
    says = "A bidder has not answered a question in time that was asked about its application to “{framework}”."
    return _to_panel(clarification, "clarification-lapsed", says, at)


@step
def remind(*, clarifications: Iterable[Clarification], at: dt.datetime) -> int:
    """That the time to answer ends soon, to the bidders' leads: once for each question and person. Returns how many
    letters were written."""
    return _to_bidder(
        clarifications,
        "clarification-soon",
        "{buyer} asked you a question about the application of {provider} to “{framework}”, and it is not answered "
        "yet.\n\n"
        "Answer by: {due}\n\n"
        "After that moment no answer is taken, and what you submitted is judged as it is.\n\n"
        "The question, and where to answer it: {url}\n",
        at,
    )


def _to_bidder(clarifications: Iterable[Clarification], key: str, says: str, at: dt.datetime) -> int:
    clarifications = list(clarifications)
    leads = leads_of({one.bid.provider_id for one in clarifications})
    written = 0
    for one in clarifications:
        framework, provider = one.bid.evaluation.framework, one.bid.provider
        body = says.format(
            buyer=framework.buyer.name,
            provider=provider.name,
            framework=framework.title,
            due=to_the_second(one.due_at),
            url=f"{settings.BASE_URL}{reverse('answer_clarification', args=[one.pk])}",
        )
        people_told = leads.get(provider.pk, ())
        written += discreetly(people_told, key=f"{key}:{one.pk}", body=body, organisation=provider.pk, at=at)
    return written


def _to_panel(clarification: Clarification, key: str, says: str, at: dt.datetime) -> int:
    url = f"{settings.BASE_URL}{reverse('clarification', args=[clarification.pk])}"
    body = f"{says.format(framework=clarification.bid.evaluation.framework.title)}\n\nRead it: {url}\n"
    return discreetly(queries.to_be_told(clarification), key=f"{key}:{clarification.pk}", body=body, at=at)
