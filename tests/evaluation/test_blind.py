"""Neither of two people sees what the other decided until both are locked: whatever a colleague can open says the same,
byte for byte, whatever the other one did. Each walk begins at every page of the evaluation and follows every link."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from core import clock
from evaluation.actions import judging as actions
from evaluation.models import Judgement
from evaluation.rules.judging import Verdict
from evaluation.states import Outcome, Slot
from evaluation.views.frame import WAYS
from lots.states import Evaluators
from tests.evaluation.documents import standards_of
from tests.evaluation.judging import asked, decide, give_out, live, policy, take_over
from tests.evaluation.made import bids_of, evaluation
from tests.house.nasty import undone

NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
OURS = re.compile(r"^/(evaluations|bids|judgements|bidder-questions|jobs)/")
NOT_WALKED = re.compile(r"/(evidence|file|pdf|download)/|\.(pdf|svg)$")
TELLING = ("ETag", "Last-Modified", "Location")
MOST = 40


def walk(client, made) -> dict[str, tuple]:
    """Everything that somebody can open, the record of what was done too: address → status, telling headers, and the
    page without what is drawn by lot."""
    to_open = [reverse(name, args=[made.pk]) for name, *_ in WAYS]
    to_open += [reverse("my_judgements", args=[made.pk]) + f"?show={show}" for show in ("waiting", "locked")]
    to_open += [reverse("framework", args=[made.framework_id]), reverse("my_record")]
    to_open += [reverse(name, args=[made.framework.buyer_id]) for name in ("audit", "audit_csv")]
    found: dict[str, tuple] = {}
    while to_open and len(found) < MOST:
        address = to_open.pop(0)
        if address in found:
            continue
        answer = client.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        headers = tuple(answer.headers.get(name, "") for name in TELLING)
        text = sheets(content) if content.startswith(b"PK") else content.decode("utf-8", "replace")
        if answer.status_code >= 400:  # every such page has a number of its own
            found[address] = (answer.status_code,)
            continue
        found[address] = (answer.status_code, headers, plain(text))
        for link in re.findall(r'href="([^"#]+)', text):
            link = link.replace("&amp;", "&")
            link = address.partition("?")[0] + link if link.startswith("?") else link
            if OURS.match(link) and not NOT_WALKED.search(link):
                to_open.append(link)
    return found


def sheets(content: bytes) -> str:
    """The words of a workbook, without when it was made."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        names = [name for name in sorted(book.namelist()) if not name.startswith("docProps/")]
        return "".join(f"{name} {book.read(name).decode()}" for name in names)


def plain(text: str) -> str:
    """Without the secret of its forms and the policy's nonce."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    return re.sub(r'nonce="[^"]+"', "", text)


def differences(walks: dict[str, dict[str, tuple]]) -> dict[str, list[str]]:
    """The addresses that do not answer alike, with what was done where they answer otherwise than in the first walk."""
    (_, basis), *others = walks.items()
    return {
        name: different
        for name, found in others
        if (different := sorted(at for at in basis.keys() | found.keys() if basis.get(at) != found.get(at)))
    }


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    """The clock stands still."""
    monkeypatch.setattr(clock, "now", lambda: NOON)


def save(judgement: Judgement, outcome: str) -> None:
    actions.save_judgement(
        judgement=judgement,
        verdict=Verdict(outcome, "Draft", None, ""),
        revision=judgement.revision,
        by=judgement.person,
        at=NOON,
    )


class TestTwoWhoJudgeBlind:
    """Eve and Tom judge everything, neither sees the other."""

    @pytest.fixture
    def made(self, world):
        made = evaluation(world, count=1)
        policy(made, evaluators=Evaluators.TWO)
        give_out(made, world)
        return made

    @pytest.fixture
    def hers(self, world, made):
        return Judgement.objects.filter(person=world.eve).order_by("position").first()

    DEEDS = {
        "nothing": lambda row, world: None,
        "a draft": lambda row, world: save(row, Outcome.FAIL),
        "pass": lambda row, world: decide(row, Outcome.PASS, at=NOON),
        "fail": lambda row, world: decide(row, Outcome.FAIL, at=NOON),
        "does not apply": lambda row, world: decide(row, Outcome.NOT_APPLICABLE, at=NOON),
        "asked": lambda row, world: asked(row, world.eve, due_at=NOON + dt.timedelta(days=1)),
    }

    def test_the_other_evaluator_meets_the_same_pages_whatever_she_did(self, world, made, hers, sign_in):
        tom = sign_in(world.tom)
        walks = {}
        for name, deed in self.DEEDS.items():
            with undone(tom):
                deed(hers, world)
                walks[name] = walk(tom, made)

        assert differences(walks) == {}
        assert any("/judgements/" in at and answer[0] == 200 for at, answer in walks["nothing"].items())

    @pytest.mark.once  # PostgreSQL's numbers of events go on when what was done is undone
    @pytest.mark.parametrize("who", ["max", "ada"])
    def test_nobody_else_learns_which_it_was(self, world, made, hers, sign_in, who):
        client = sign_in(world.people[who])
        walks = {}
        for name in ("pass", "fail", "does not apply"):
            with undone(client):
                self.DEEDS[name](hers, world)
                walks[name] = walk(client, made)

        assert differences(walks) == {}

    def test_such_a_walk_would_find_a_leak(self, world, made, hers, sign_in):
        """Once both are locked a moderator sees the difference, so that the walk of a moderator differs."""
        ada, walks = sign_in(world.ada), {}
        other = Judgement.objects.get(bid=hers.bid, standard=hers.standard, person=world.tom)
        for name in ("pass", "fail"):
            with undone(ada):
                self.DEEDS[name](hers, world)
                decide(other, Outcome.PASS, at=NOON)
                walks[name] = walk(ada, made)

        assert reverse("differences", args=[made.pk]) in differences(walks)["fail"]


class TestTheSecondOfTwo:
    """Elsewhere than for safeguarding the second is asked when the first has decided, and cannot tell a proposed fail
    from the sample."""

    @pytest.fixture
    def made(self, world):
        made = evaluation(world, count=1)
        policy(made, blind_percent=0)
        give_out(made, world)
        return made

    @pytest.fixture
    def first(self, made):
        return live(bids_of(made)[0], standards_of(made.framework)[0], 1)

    def sampled(self, first: Judgement) -> None:
        pair = Judgement.objects.filter(bid=first.bid, standard=first.standard)
        pair.update(sampled=True)
        pair.filter(number=1).update(slot=Slot.BLIND)

    def walks(self, client, made, first, deeds) -> dict:
        found = {}
        for sampled, outcome in deeds:
            with undone(client):
                if sampled:
                    self.sampled(first)
                if outcome == "a draft":
                    save(Judgement.objects.get(pk=first.pk), Outcome.FAIL)
                elif outcome:
                    decide(first, outcome, at=NOON)
                found[sampled, outcome] = walk(client, made)
        return found

    @pytest.mark.once  # as above
    def test_a_proposed_fail_looks_like_the_sample(self, world, made, first, sign_in):
        second = live(first.bid, first.standard, 2).person
        for person in (second, world.ada):
            deeds = [(True, Outcome.PASS), (True, Outcome.FAIL), (False, Outcome.FAIL), (False, Outcome.NOT_APPLICABLE)]
            assert differences(self.walks(sign_in(person), made, first, deeds)) == {}, person

    def test_before_the_first_is_locked_nothing_is_there(self, made, first, sign_in):
        later = live(first.bid, first.standard, 2)
        deeds = [(False, ""), (True, ""), (False, "a draft")]

        found = self.walks(sign_in(later.person), made, first, deeds)

        assert differences(found) == {}
        assert not any(f"/judgements/{later.pk}/" in at for at in found[False, ""])

    def test_the_first_does_not_know_of_the_sample(self, made, first, sign_in):
        deeds = [(False, ""), (True, "")]

        assert differences(self.walks(sign_in(first.person), made, first, deeds)) == {}

    def test_a_reader_reads_a_pass_and_whoever_judges_blind_reads_nothing(self, made, first, sign_in):
        second = live(first.bid, first.standard, 2)
        client, address = sign_in(second.person), reverse("judgement", args=[second.pk])
        seen = {}
        for outcome in (Outcome.PASS, Outcome.FAIL):
            with undone(client):
                decide(first, outcome, reason="The register of checks is whole.", at=NOON)
                seen[outcome] = "The register of checks" in client.get(address).content.decode()

        assert seen == {Outcome.PASS: True, Outcome.FAIL: False}

    def test_its_address_leads_nowhere_before_and_to_nobody_else_after(self, world, made, first, sign_in):
        second = live(first.bid, first.standard, 2)
        address = reverse("judgement", args=[second.pk])

        before = sign_in(second.person).get(address).status_code
        decide(first, at=timezone.now())
        after = [sign_in(person).get(address).status_code for person in (second.person, first.person, world.ada)]

        assert (before, after) == (404, [200, 404, 404])


def test_an_error_says_nothing_of_the_other(world, sign_in):
    """Whatever is wrong with what Tom sends, what he is told is the same."""
    made = evaluation(world, count=1)
    policy(made, evaluators=Evaluators.TWO)
    give_out(made, world)
    mine = Judgement.objects.filter(person=world.tom).first()
    hers = Judgement.objects.get(bid=mine.bid, standard=mine.standard, person=world.eve)
    tom, address, told = sign_in(world.tom), reverse("judgement", args=[mine.pk]), {}
    sent = [{"lock": "x"}, {"lock": "x", "outcome": "pass"}, {"save": "x", "outcome": "x", "version": "9"}]
    for outcome in ("", Outcome.PASS, Outcome.FAIL):
        with undone(tom):
            if outcome:
                decide(hers, outcome, at=NOON)
            told[outcome] = [plain(tom.post(address, fields).content.decode()) for fields in sent]

    assert told[""] == told[Outcome.PASS] == told[Outcome.FAIL]


def test_who_takes_over_learns_nothing_of_what_was_typed(world, sign_in):
    made = evaluation(world, count=1)
    policy(made, evaluators=Evaluators.TWO)
    give_out(made, world)
    hers = Judgement.objects.filter(person=world.eve).first()
    save(hers, Outcome.FAIL)
    take_over(made, world, "eve")
    hers = Judgement.objects.live().filter(bid=hers.bid, standard=hers.standard, person=world.eve).first()

    page = sign_in(world.eve).get(reverse("judgement", args=[hers.pk])).content.decode()

    assert "Draft" not in page
