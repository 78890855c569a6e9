"""KPIs of an agreement: put there, changed, ended, their questions answered; and one set for a whole framework."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse

from audit.models import Event
from contracts import permissions
from contracts.actions import kpis as actions
from contracts.models import Contract, Kpi, KpiLine, QuestionAnswer
from contracts.rules.five_kpis import FIVE
from contracts.rules.kpis import OVER, KpiText, LineText
from contracts.states import ContractState, LineKind, Side
from core import clock
from core.access import Denied
from lots.rules.refusals import Refused
from outbox.models import Message
from tests.lots.places import published
from tests.monitoring.made import made_contract, made_kpis

TODAY, NOW = dt.date(2026, 10, 5), dt.datetime(2026, 10, 5, 9, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
ASKS = LineText("Are visits accepted?", LineKind.QUESTION, side=Side.SUPPLIER)
GATES = KpiText("Gates", (LineText("The gate is locked"), ASKS))


@pytest.fixture
def today(monkeypatch):
    """The pages' today is that of the tests."""
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def contract(world) -> Contract:
    return made_contract(world, published(world).framework)


def add(world, contract, *, text=GATES, days=1, from_on=TODAY, by=None) -> Kpi:
    return actions.add_kpi(contract=contract, text=text, days=days, from_on=from_on, by=by or world.eve, at=NOW)


def change(world, kpi, *, text=GATES, from_on=TODAY + DAY, by=None) -> Kpi:
    return actions.change_kpi(kpi=kpi, text=text, days=5, from_on=from_on, by=by or world.eve, at=NOW, today=TODAY)


def end(world, kpi, until_on=TODAY, by=None) -> None:
    actions.end_kpi(kpi=kpi, until_on=until_on, by=by or world.eve, at=NOW, today=TODAY)


def answer(world, kpi, *, yes=True, words="", by=None) -> QuestionAnswer:
    line = kpi.lines.exclude(side="").get()
    told = {"yes": yes, "words": words, "answered_on": TODAY}
    return actions.answer_kpi_question(line=line, **told, by=by or world.alice, at=NOW, today=TODAY)


def for_all(world, framework, *, like=None, from_on=TODAY) -> int:
    return actions.set_framework_kpis(framework=framework, like=like, days=1, from_on=from_on, by=world.max, at=NOW)


def verbs() -> list[str]:
    rows = Event.objects.filter(action__startswith="contracts.").order_by("id")
    return [action.removeprefix("contracts.") for action in rows.values_list("action", flat=True)]


class TestOne:
    def test_it_is_added_with_its_lines_and_the_provider_is_told(self, world, contract):
        kpi = add(world, contract)

        assert (kpi.number, kpi.days, kpi.from_on, kpi.until_on) == (1, 1, TODAY, None)
        assert [(one.position, one.text, one.side) for one in kpi.lines.all()] == [
            (1, "The gate is locked", ""),
            (2, "Are visits accepted?", "supplier"),
        ]
        assert kpi.description == "The gate is locked\nAre visits accepted?"
        assert verbs() == ["kpi.added"]
        letter = Message.objects.get()
        assert letter.to == world.alice.email
        assert reverse("contract_kpis", args=[contract.pk]) in letter.body

    def test_it_may_begin_with_the_agreement_and_not_before(self, world, contract):
        add(world, contract, from_on=contract.starts_on)
        with pytest.raises(Refused, match="starts on 1 September"):
            add(world, contract, text=KpiText("Bikes", GATES.lines), from_on=contract.starts_on - DAY)
        with pytest.raises(Refused, match="with this title"):
            add(world, contract)

    def test_only_on_an_agreement_in_force_and_only_by_the_buyers_people(self, world, contract):
        for name in ("ada", "alice", "fay", "ines", "olu"):
            with pytest.raises(Denied):
                add(world, contract, by=world.people[name])
        Contract.objects.update(state=ContractState.ENDED)
        with pytest.raises(Refused, match="Ended"):
            add(world, contract)
        assert not Kpi.objects.exists()

    def test_the_five_are_added_to_an_agreement_that_has_none(self, world, contract):
        def five():
            return actions.add_five_kpis(contract=contract, days=1, from_on=TODAY, by=world.max, at=NOW)

        assert [(one.number, one.title) for one in five()] == list(enumerate((one.title for one in FIVE), 1))
        assert KpiLine.objects.count() == 32
        with pytest.raises(Refused, match="has measures"):
            five()
        with pytest.raises(Denied):
            actions.add_five_kpis(contract=contract, days=1, from_on=TODAY, by=world.alice, at=NOW)
        assert verbs() == ["kpi.set"]


class TestChanging:
    def test_the_old_one_stays_as_it_was_and_the_answers_go_along(self, world, contract):
        old = add(world, contract)
        answer(world, old)

        new = change(world, old, text=KpiText("Gates and doors", (LineText("All is locked"), ASKS)))

        old.refresh_from_db()
        assert (old.until_on, old.ended_by, old.title, old.days) == (TODAY, world.eve, "Gates", 1)
        assert (new.number, new.from_on, new.title, new.days) == (1, TODAY + DAY, "Gates and doors", 5)
        assert next(one.text for one in old.lines.all()) == "The gate is locked"
        assert QuestionAnswer.objects.get(line__kpi=new).answered_by == world.alice
        assert list(Kpi.objects.on(TODAY)) == [old]
        assert list(Kpi.objects.on(TODAY + DAY)) == [new]

    def test_an_answer_to_a_question_that_is_gone_stays_with_the_old(self, world, contract):
        old = add(world, contract)
        answer(world, old)
        new = change(world, old, text=KpiText("Gates", (LineText("All is locked"),)))

        assert QuestionAnswer.objects.get().line.kpi == old
        assert new.lines.count() == 1

    def test_for_today_it_was_asked_already(self, world, contract):
        with pytest.raises(Refused, match="6 October"):
            change(world, add(world, contract), from_on=TODAY)

    def test_one_that_has_not_begun_is_taken_back(self, world, contract):
        old = add(world, contract, from_on=TODAY + 7 * DAY)
        answer(world, old)
        new = change(world, old)

        assert list(Kpi.objects.all()) == [new]
        assert QuestionAnswer.objects.get().line.kpi == new

    def test_what_somebody_changed_meanwhile_is_not_changed_again(self, world, contract):
        old = add(world, contract)
        change(world, old)
        for act in (change, end, answer):
            with pytest.raises(Refused, match=OVER):
                act(world, old)
        assert Kpi.objects.count() == 2

    def test_and_not_by_a_stranger(self, world, contract):
        kpi = add(world, contract)
        for act in (change, end):
            with pytest.raises(Denied):
                act(world, kpi, by=world.alice)


class TestEnding:
    def test_it_is_reported_on_until_its_last_day_and_its_title_is_free_then(self, world, contract):
        kpi = add(world, contract)
        end(world, kpi)

        assert list(Kpi.objects.on(TODAY)) == [kpi]
        assert not Kpi.objects.on(TODAY + DAY).exists()
        assert add(world, contract, from_on=TODAY + DAY).number == 2
        assert verbs() == ["kpi.added", "kpi.ended", "kpi.added"]

    def test_one_that_has_not_begun_is_taken_back(self, world, contract):
        end(world, add(world, contract, from_on=TODAY + DAY))

        assert not Kpi.objects.exists()
        assert not KpiLine.objects.exists()
        assert verbs() == ["kpi.added", "kpi.taken_back"]

    def test_a_line_that_is_gone_is_not_answered(self, world, contract):
        kpi = add(world, contract, from_on=TODAY + DAY)
        line = kpi.lines.select_related("kpi").exclude(side="").get()
        end(world, kpi)
        with pytest.raises(Refused, match=OVER):
            actions.answer_kpi_question(
                line=line, yes=True, words="", answered_on=TODAY, by=world.alice, at=NOW, today=TODAY
            )


class TestQuestions:
    def test_each_side_answers_its_own_and_earlier_answers_stay(self, world, contract):
        kpi = add(world, contract)
        answer(world, kpi, yes=False, words="No room on Fridays")
        answer(world, kpi)

        line = kpi.lines.exclude(side="").get()
        assert [one.yes for one in line.answers.all()] == [True, False]
        for name in ("eve", "bob", "charlie"):
            with pytest.raises(Denied):
                answer(world, kpi, by=world.people[name])
        assert (
            Event.objects.filter(action="contracts.question.answered", organisation_id=world.ash_house.pk).count() == 2
        )

    def test_the_buyers_question_is_the_buyers_and_a_standard_is_nobodys(self, world, contract):
        [kpi, *_] = made_kpis(contract)
        standard, buyers, _ = kpi.lines.select_related("kpi__contract__supplier")
        assert permissions.can_answer_kpi_question(world.eve, buyers)
        assert not permissions.can_answer_kpi_question(world.alice, buyers)
        assert not permissions.can_answer_kpi_question(world.alice, standard)


class TestAFramework:
    def test_all_in_force_without_kpis_get_them_once(self, world, contract):
        framework = contract.framework
        birch = made_contract(world, framework, provider=world.birch_farm, starts_on=TODAY + DAY)
        oak = made_contract(world, framework, provider=world.oak_trust, state=ContractState.OFFERED)

        assert for_all(world, framework) == 2
        assert for_all(world, framework) == 0

        for one, first in ((contract, TODAY), (birch, TODAY + DAY)):
            kpis = list(one.kpis.prefetch_related("lines"))
            assert [(kpi.number, kpi.title, len(kpi.lines.all())) for kpi in kpis] == [
                (number, text.title, len(text.lines)) for number, text in enumerate(FIVE, 1)
            ]
            assert {(kpi.from_on, kpi.days, kpi.written_at, kpi.written_by) for kpi in kpis} == {
                (first, 1, NOW, world.max)
            }
        assert not oak.kpis.exists()
        assert verbs() == ["framework_kpis.set"]
        assert {one.to for one in Message.objects.all()} == {world.alice.email, world.charlie.email}

    def test_those_of_one_agreement_with_its_own_days(self, world, contract):
        add(world, contract, days=5)
        add(world, contract, text=KpiText("Bikes", (LineText("They have bells"),)), from_on=TODAY + DAY)
        birch = made_contract(world, contract.framework, provider=world.birch_farm)

        assert for_all(world, contract.framework, like=contract) == 1

        kpi = birch.kpis.get()
        assert (kpi.title, kpi.days) == ("Gates", 5)
        assert [(one.text, one.kind, one.side) for one in kpi.lines.all()] == [
            ("The gate is locked", "standard", ""),
            ("Are visits accepted?", "question", "supplier"),
        ]
        assert contract.kpis.count() == 2

    def test_ended_ones_keep_their_numbers(self, world, contract):
        end(world, add(world, contract))

        assert for_all(world, contract.framework, from_on=TODAY + DAY) == 1
        assert list(contract.kpis.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]

    def test_what_cannot_be_taken_and_who_may_not(self, world, contract):
        with pytest.raises(Refused, match="no measure on that day"):
            for_all(world, contract.framework, like=contract)
        with pytest.raises(Denied):
            actions.set_framework_kpis(
                framework=contract.framework, like=None, days=1, from_on=TODAY, by=world.alice, at=NOW
            )


@pytest.mark.usefixtures("today")
class TestPages:
    def page(self, client, name, pk, data=None) -> str:
        address = reverse(name, args=[pk])
        reply = client.post(address, data, follow=True) if data is not None else client.get(address)
        assert reply.status_code == 200
        return " ".join(re.sub(r"</?time[^>]*>", "", reply.content.decode()).split())

    def test_a_buyer_puts_them_there_and_the_provider_answers(self, world, contract, sign_in):
        eve, alice = sign_in(world.eve), sign_in(world.alice)
        typed = {"from_on_0": "5", "from_on_1": "10", "from_on_2": "2026", "often": "daily", "days": ""}

        assert "none is reported on today" in self.page(alice, "contract", contract.pk)
        assert "5 Outcomes (3 lines)" in self.page(eve, "add_five_kpis", contract.pk)
        shown = self.page(eve, "add_five_kpis", contract.pk, typed)
        assert "every day on which the provider teaches, from 5 October 2026" in shown
        assert "5 are reported on today" in self.page(alice, "contract", contract.pk)

        question = KpiLine.objects.get(side="supplier")
        seen = self.page(alice, "contract_kpis", contract.pk)
        assert reverse("answer_kpi_question", args=[question.pk]) in seen
        assert reverse("change_kpi", args=[question.kpi_id]) not in seen
        said = {"yes": "no", "answered_on_0": "1", "answered_on_1": "10", "answered_on_2": "2026", "words": ""}
        assert "Write what stands in the way" in self.page(alice, "answer_kpi_question", question.pk, said)
        assert "No, since 1 October 2026" in self.page(
            alice, "answer_kpi_question", question.pk, said | {"words": "No room"}
        )
        assert "Answers so far" in self.page(alice, "answer_kpi_question", question.pk)

    def test_one_of_their_own_is_added_changed_and_ended(self, world, contract, sign_in):
        eve = sign_in(world.eve)
        typed = {"from_on_0": "5", "from_on_1": "10", "from_on_2": "2026", "often": "seldom", "days": "5"}
        typed |= {"title": "Gates", "text_1": "The gate is locked", "how_1": "drills", "text_3": "The GATE is locked"}

        assert "Line 3 stands above already" in self.page(eve, "add_kpi", contract.pk, typed)
        del typed["text_3"]
        assert "Enter how many days apart" in self.page(eve, "add_kpi", contract.pk, typed | {"days": ""})
        assert "From records: fire drills" in self.page(eve, "add_kpi", contract.pk, typed)
        kpi = contract.kpis.get()
        assert kpi.days == 5
        assert "The gate is locked</textarea>" in self.page(eve, "change_kpi", kpi.pk)
        assert "enter 6 October 2026" in self.page(eve, "change_kpi", kpi.pk, typed | {"often": "daily", "days": "x"})
        self.page(eve, "change_kpi", kpi.pk, typed | {"from_on_0": "6", "often": "daily", "days": "x"})
        new = contract.kpis.get(ended_at=None)
        assert new.days == 1
        last = {"until_on_0": "4", "until_on_1": "10", "until_on_2": "2026"}
        assert "or a later day" in self.page(eve, "end_kpi", new.pk, last)
        self.page(eve, "end_kpi", new.pk, last | {"until_on_0": "12"})
        assert "Measures that are over" not in self.page(eve, "contract_kpis", contract.pk)
        assert "This measure was ended or changed on" in self.page(eve, "end_kpi", new.pk)

    def test_one_set_for_a_framework(self, world, contract, sign_in):
        max_ = sign_in(world.max)
        typed = {"from_on_0": "5", "from_on_1": "10", "from_on_2": "2026", "often": "daily", "days": "", "like": ""}

        assert "1 agreement got these measures" in self.page(max_, "framework_kpis", contract.framework_id, typed)
        shown = self.page(max_, "framework_kpis", contract.framework_id, typed)
        assert "nothing was changed" in shown
        assert f"The same as Ash House, {contract.reference}" in shown
        same = typed | {"like": str(contract.pk), "from_on_2": "2031"}
        assert "no measure on that day" not in self.page(max_, "framework_kpis", contract.framework_id, same)
