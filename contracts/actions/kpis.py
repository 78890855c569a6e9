"""What a provider reports on under an agreement: KPIs are put on it, changed, ended, and their questions answered."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts import queries as people
from accounts.models import User
from audit import steps as audit
from contracts import permissions, queries
from contracts.models import Contract, Kpi, KpiLine, QuestionAnswer
from contracts.rules import kpis as rules
from contracts.rules.five_kpis import FIVE
from contracts.steps import kpis as steps
from core import access
from lots.models import Framework
from lots.rules.refusals import Refused


@transaction.atomic(durable=True)
def add_kpi(*, contract: Contract, text: rules.KpiText, days: int, from_on: dt.date, by: User, at: dt.datetime) -> Kpi:
    """One KPI of the buyer's own, under the next number. Raises `Refused`."""
    contract = Contract.objects.locked(contract.pk)
    people.forget_roles(by)
    access.require(permissions.can_set_kpis, by, contract)
    held = queries.held_of(contract)
    _check(contract, days, from_on)
    rules.check_text(text)
    rules.check_title(text.title, held, from_on)
    number = rules.next_number(held)
    made = steps.begin(contract=contract, number=number, text=text, days=days, from_on=from_on, by=by, at=at)
    steps.note(verb="added", contract=contract, data={"kpi": made.pk, "number": number}, by=by, at=at)
    return made


@transaction.atomic(durable=True)
def add_five_kpis(*, contract: Contract, days: int, from_on: dt.date, by: User, at: dt.datetime) -> list[Kpi]:
    """The usual five, on an agreement that has none from that day on. Raises `Refused`."""
    contract = Contract.objects.locked(contract.pk)
    people.forget_roles(by)
    access.require(permissions.can_set_kpis, by, contract)
    held = queries.held_of(contract)
    _check(contract, days, from_on)
    rules.check_none(held, from_on)
    first = rules.next_number(held)
    given = {"contract": contract, "days": days, "from_on": from_on, "by": by, "at": at}
    made = [steps.begin(number=number, text=text, **given) for number, text in enumerate(FIVE, first)]
    steps.note(verb="set", contract=contract, data={"kpis": len(made)}, by=by, at=at)
    return made


@transaction.atomic(durable=True)
def change_kpi(
    *, kpi: Kpi, text: rules.KpiText, days: int, from_on: dt.date, by: User, at: dt.datetime, today: dt.date
) -> Kpi:
    """From a day on, a KPI asks something else: the old one ends the day before and stays as it was, another begins
    under its number. Answers to questions that stay are kept. Raises `Refused`."""
    contract = Contract.objects.locked(kpi.contract_id)
    people.forget_roles(by)
    access.require(permissions.can_set_kpis, by, contract)
    kpi = _still(kpi)
    _check(contract, days, from_on)
    rules.check_text(text)
    not_begun = rules.check_change(_held(kpi), from_on, today=today)
    others = [one for one in queries.held_of(contract) if one.number != kpi.number]
    rules.check_title(text.title, others, from_on)
    answers = list(QuestionAnswer.objects.filter(line__kpi=kpi).select_related("line"))
    number, old = kpi.number, kpi.pk
    if not_begun:
        steps.take_back(kpi=kpi)
    else:
        steps.end(kpi=kpi, until_on=from_on - rules.DAY, by=by, at=at)
    made = steps.begin(contract=contract, number=number, text=text, days=days, from_on=from_on, by=by, at=at)
    steps.keep_answers(answers=answers, to=made)
    steps.note(verb="changed", contract=contract, data={"kpi": made.pk, "before": old, "number": number}, by=by, at=at)
    return made


@transaction.atomic(durable=True)
def end_kpi(*, kpi: Kpi, until_on: dt.date, by: User, at: dt.datetime, today: dt.date) -> None:
    """A KPI is reported on until a day, today at the earliest; what was reported stays. One that has not begun by then
    is taken back. Raises `Refused`."""
    contract = Contract.objects.locked(kpi.contract_id)
    people.forget_roles(by)
    access.require(permissions.can_set_kpis, by, contract)
    kpi = _still(kpi)
    data = {"kpi": kpi.pk, "number": kpi.number}
    if rules.check_end(_held(kpi), until_on, today=today, last=contract.ends_on):
        steps.take_back(kpi=kpi)
        steps.note(verb="taken_back", contract=contract, data=data, by=by, at=at)
    else:
        steps.end(kpi=kpi, until_on=until_on, by=by, at=at)
        steps.note(verb="ended", contract=contract, data=data, by=by, at=at)


@transaction.atomic(durable=True)
def answer_kpi_question(
    *, line: KpiLine, yes: bool, words: str, answered_on: dt.date, by: User, at: dt.datetime, today: dt.date
) -> QuestionAnswer:
    """Answer a question of a KPI for one's own side; an earlier answer stays to be read. Raises `Refused`."""
    contract = Contract.objects.locked(line.kpi.contract_id)
    line = queries.line_with_kpi(line.pk)
    if line is None:
        raise Refused(rules.OVER)
    people.forget_roles(by)
    access.require(permissions.can_answer_kpi_question, by, line)
    _still(line.kpi)
    rules.check_agreement(contract.state)
    rules.check_answer(words, yes=yes, answered_on=answered_on, today=today)
    made = QuestionAnswer.objects.create(
        line=line, yes=yes, words=words, answered_on=answered_on, answered_at=at, answered_by=by
    )
    audit.record(
        "contracts.question.answered",
        by=by,
        about=contract,
        organisation=contract.buyer_id if line.side == "buyer" else contract.supplier_id,
        data={"line": line.pk, "answer": made.pk},
        at=at,
    )
    return made


@transaction.atomic(durable=True)
def set_framework_kpis(
    *, framework: Framework, like: Contract | None, days: int, from_on: dt.date, by: User, at: dt.datetime
) -> int:
    """The usual five, or what the agreement `like` has on that day with its own days between reports, on all agreements
    of the framework that are in force and have no KPI from that day on: those that have, keep theirs, so that a second
    run finds nothing. Returns how many agreements got them. Raises `Refused`."""
    framework = Framework.objects.locked(framework.pk)
    people.forget_roles(by)
    access.require(permissions.can_set_framework_kpis, by, framework)
    rules.check_days(days)
    list(queries.all_in_force(framework).select_for_update(of=("self",)).values_list("pk"))
    texts = [(text, days) for text in FIVE]
    if like is not None:
        rows = Kpi.objects.on(from_on).filter(contract=like, contract__framework=framework).prefetch_related("lines")
        texts = [(queries.text_of(kpi), kpi.days) for kpi in rows]
    if not texts:
        raise Refused("That agreement has no measure on that day: choose another one, or another day", field="like")
    bare = list(queries.without_kpis(framework, from_on))
    made = steps.put_on_all(framework=framework, texts=texts, from_on=from_on, by=by, at=at)
    if made:
        event = audit.record(
            "contracts.framework_kpis.set",
            by=by,
            about=framework,
            organisation=framework.buyer_id,
            data={"agreements": made, "kpis": len(texts)},
            at=at,
        )
        steps.tell(contracts=bare, key=f"framework:{event.pk}", at=at)
    return made


def _check(contract: Contract, days: int, from_on: dt.date) -> None:
    rules.check_agreement(contract.state)
    rules.check_days(days)
    rules.check_from(from_on, first=contract.starts_on, last=contract.ends_on)


def _still(kpi: Kpi) -> Kpi:
    """The KPI as it is now, as long as nobody has changed, ended or taken it back. Raises `Refused`."""
    found = Kpi.objects.filter(pk=kpi.pk, ended_at=None).first()
    if found is None:
        raise Refused(rules.OVER)
    return found


def _held(kpi: Kpi) -> rules.Held:
    return rules.Held(kpi.number, kpi.title, kpi.from_on, kpi.until_on)
