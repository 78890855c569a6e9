"""What a provider reports on under an agreement: reading it, for both sides; putting it there, for the buyer."""

from __future__ import annotations

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from contracts import permissions, queries
from contracts.actions import kpis as actions
from contracts.forms.kpis import AnswerForm, EndForm, FiveForm, FrameworkKpisForm, KpiForm, OftenForm
from contracts.models import Contract, Kpi, KpiLine
from contracts.rules import kpis as rules
from contracts.rules.five_kpis import FIVE
from contracts.states import ContractState, LineKind
from core import clock
from core.access import guard
from lots.models import Framework
from lots.views.setting_up import done, tried


@guard(permissions.can_see_kpis, on=Contract)
@require_safe
def contract_kpis(request, contract):
    """Every KPI of an agreement with its lines, its questions and their answers; and those that are over."""
    today, user = clock.today(), request.user
    sets = permissions.can_set_kpis(user, contract) and contract.state == ContractState.IN_FORCE
    shown = [_shown(kpi, contract, user) for kpi in queries.kpis_of(contract)]
    held = [one for one in shown if one["kpi"].until_on is None or one["kpi"].until_on >= today]
    return _page(
        request,
        contract,
        "contracts/contract_kpis.html",
        held=held,
        over=[one for one in shown if one not in held],
        sets=sets,
        in_force=contract.state == ContractState.IN_FORCE,
        today=today,
    )


@guard(permissions.can_set_kpis, on=Contract)
def add_five_kpis(request, contract):
    """The usual five, to be read before they are added."""
    form = FiveForm(posted(request), initial=_first(contract))

    def act():
        told = form.cleaned_data
        actions.add_five_kpis(
            contract=contract, days=told["days"], from_on=told["from_on"], by=request.user, at=clock.now()
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The five measures are on this agreement", "contract_kpis", contract.pk)
    five = [(text.title, [(line, rules.answered_in_words(line)) for line in text.lines]) for text in FIVE]
    return _page(request, contract, "contracts/add_five_kpis.html", form=form, five=five)


@guard(permissions.can_set_kpis, on=Contract)
def add_kpi(request, contract):
    """One of the buyer's own."""
    form = KpiForm(posted(request), initial=_first(contract), submit="Add this measure")

    def act():
        told = form.cleaned_data
        actions.add_kpi(
            contract=contract,
            text=form.text,
            days=told["days"],
            from_on=told["from_on"],
            by=request.user,
            at=clock.now(),
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The measure is on this agreement", "contract_kpis", contract.pk)
    return _page(request, contract, "contracts/add_kpi.html", form=form)


@guard(permissions.can_change_kpi, on=Kpi)
def change_kpi(request, kpi):
    """Another text or another number of days, from a day on."""
    today = clock.today()
    initial = KpiForm.initial_of(queries.text_of(kpi)) | OftenForm.often_of(kpi.days)
    initial["from_on"] = max(today + rules.DAY, kpi.from_on)
    form = KpiForm(posted(request), initial=initial, submit="Change this measure")

    def act():
        told = form.cleaned_data
        given = {"text": form.text, "days": told["days"], "from_on": told["from_on"]}
        actions.change_kpi(kpi=kpi, **given, by=request.user, at=clock.now(), today=today)

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The measure is changed", "contract_kpis", kpi.contract_id)
    return _page(request, kpi.contract, "contracts/change_kpi.html", form=form, kpi=kpi)


@guard(permissions.can_change_kpi, on=Kpi)
def end_kpi(request, kpi):
    """Its last day."""
    today = clock.today()
    form = EndForm(posted(request), initial={"until_on": today})

    def act():
        actions.end_kpi(kpi=kpi, until_on=form.cleaned_data["until_on"], by=request.user, at=clock.now(), today=today)

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The last day of the measure is written down", "contract_kpis", kpi.contract_id)
    return _page(request, kpi.contract, "contracts/end_kpi.html", form=form, kpi=kpi, not_begun=kpi.from_on > today)


@guard(permissions.can_answer_kpi_question, on=KpiLine)
def answer_kpi_question(request, line):
    """The answer to a question, for one's own side, and the earlier ones."""
    today = clock.today()
    form = AnswerForm(posted(request), initial={"answered_on": today})

    def act():
        told = {name: form.cleaned_data[name] for name in ("yes", "words", "answered_on")}
        actions.answer_kpi_question(line=line, **told, by=request.user, at=clock.now(), today=today)

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The answer is saved", "contract_kpis", line.kpi.contract_id)
    answers = line.answers.select_related("answered_by")
    return _page(
        request, line.kpi.contract, "contracts/answer_kpi_question.html", form=form, line=line, answers=answers
    )


@guard(permissions.can_set_framework_kpis, on=Framework)
def framework_kpis(request, framework):
    """One set for all agreements of a framework that have none."""
    today = clock.today()
    form = FrameworkKpisForm(posted(request), patterns=queries.patterns_of(framework, user=request.user), today=today)
    made = []

    def act():
        told = form.cleaned_data
        given = {"like": form.chosen, "days": told["days"], "from_on": told["from_on"]}
        made.append(actions.set_framework_kpis(framework=framework, **given, by=request.user, at=clock.now()))

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, _said(made[0]), "framework_kpis", framework.pk)
    bare = queries.without_kpis(framework, today)
    context = {
        "framework": framework,
        "form": form,
        "agreements": queries.all_in_force(framework).count(),
        "without": bare.count(),
    }
    return render(request, "contracts/framework_kpis.html", context)


def _said(made: int) -> str:
    if not made:
        return "Every agreement that lasts until that day has measures already, so nothing was changed"
    return f"{made} agreement{'' if made == 1 else 's'} got these measures"


def _first(contract: Contract) -> dict:
    """What a form of a new KPI begins with."""
    today = clock.today()
    return {"from_on": max(today, contract.starts_on or today), **OftenForm.often_of(1)}


def _shown(kpi: Kpi, contract: Contract, user) -> dict:
    kpi.contract = contract
    standards, questions = [], []
    for line in kpi.lines.all():
        line.kpi = kpi
        if line.kind == LineKind.QUESTION:
            answer = next(iter(line.answers.all()), None)
            may = kpi.ended_at is None and permissions.can_answer_kpi_question(user, line)
            questions.append((line, answer, may))
        else:
            standards.append((line, rules.answered_in_words(line)))
    return {
        "kpi": kpi,
        "often": rules.days_in_words(kpi.days),
        "standards": standards,
        "questions": questions,
    }


def _page(request, contract: Contract, template: str, **more):
    reads = permissions.can_read_contract(request.user, contract)
    return render(request, template, {"contract": contract, "reads_contract": reads} | more)
