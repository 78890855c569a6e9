"""Letters about an award: everybody's own result, nobody else's, made by jobs that may break and come twice."""

from __future__ import annotations

import hashlib
import re

import pytest
from django.db import transaction

from contracts.models import Contract
from contracts.states import ContractState
from core import clock, crypto, pdf
from core.access import Denied
from evaluation.actions import letters as actions
from evaluation.models import AwardLine, AwardSet, Letter, Settled
from evaluation.queries import letters as queries
from evaluation.queries import told
from evaluation.rules import letters as rules
from evaluation.states import BidState, Cause, LetterKind, SetState, Settlement
from evaluation.steps import letters as steps
from evaluation.work import letters as work
from files.models import File
from jobs import running
from jobs.models import Job
from jobs.running import Stopped
from jobs.states import State
from lots.rules.refusals import Refused
from outbox.models import Message
from outbox.steps import PURPOSE
from tests.core.test_pdf import inside
from tests.evaluation.further import proposed
from tests.evaluation.further import run as run_again
from tests.evaluation.letters import awarded, bytes_of, of, read, sent, text_of
from tests.evaluation.made import bids_of, evaluation

SUMMARY, AWARD, NOT_AWARDED = LetterKind.SUMMARY, LetterKind.AWARD, LetterKind.NOT_AWARDED
CANARIES = [4137, 4219, 4451, 4323, 9973]  # pence; without the third the average is 56.63, the limit 67.95


@pytest.fixture
def made(world):
    """Bid 3 fails on quality, bid 5 on price; so four prices are compared."""
    return evaluation(world, count=5, prices=CANARIES)


def pounds(pence: int) -> str:
    return f"{pence // 100}.{pence % 100:02d}"


def told_in(award_set) -> dict[int, told.Told]:
    """What each bidder is told, by the number of its bid."""
    bids = bids_of(award_set.evaluation)
    return {one.bid.number: one for one in told.all_told(award_set, bids).values()}


def keys() -> list[str]:
    return sorted(Message.objects.filter(key__startswith="evaluation-letter:").values_list("key", flat=True))


@pytest.fixture
def quick(monkeypatch):
    """Papers that cost nothing, where what stands in them is not the question."""
    monkeypatch.setattr(pdf, "render", lambda template, context, **_: f"%PDF {template}".encode())


class TestWhatStandsInThem:
    def test_each_tells_its_own_result_and_nothing_of_anybody_else(self, world, made):
        award_set = sent(world, made, fails={(3, "1.2")})
        bids, texts = bids_of(made), {}

        for bid in bids:
            others = [one.provider.name for one in bids if one != bid]
            for letter in Letter.objects.filter(bid=bid):
                text = texts[bid.number, letter.kind] = read(award_set, bid.number, LetterKind(letter.kind))
                own = [CANARIES[bid.number - 1]] if letter.kind != NOT_AWARDED and bid.number != 3 else []
                assert [name for name in others if name in text] == []
                assert [one for one in CANARIES if pounds(one) in text] == own
                assert re.findall(r"\b(?:Eve|Tom|Ada|Max|Fay)\b", text) == []
        assert "1.2 Staff are checked Pass As the policy shows." in texts[1, SUMMARY]
        assert "£41.37 Passed £56.63 £67.95" in texts[1, SUMMARY]
        assert "Lot 1, part B: Vocational (Secondary) 3 Lot 1, part C" in texts[1, SUMMARY]
        assert "1.2 Staff are checked Fail As the policy shows." in texts[3, SUMMARY]
        assert "Your prices were not compared" in texts[3, SUMMARY]
        assert "£99.73 Not passed £56.63 £67.95" in texts[5, SUMMARY]
        assert "Half-day session: £41.37 for each half-day" in texts[1, AWARD]
        assert "Lot 7: Miscellaneous" in texts[1, AWARD]
        assert "Not awarded A theme of the quality standards was failed" in texts[3, NOT_AWARDED]
        assert "The price was above the limit" in texts[5, NOT_AWARDED]

    def test_each_is_tagged_kept_with_its_hash_belongs_to_the_buyer_and_comes_out_the_same_again(self, world):
        award_set = sent(world, evaluation(world, count=2, read=False))
        letter = of(award_set, 1, SUMMARY)
        body, whole = bytes_of(letter), inside(bytes_of(letter))

        assert b"pdfuaid:part" in whole
        assert b"/StructTreeRoot" in whole
        assert (letter.file.state, letter.file.organisation_id) == ("clean", world.larkshire.pk)
        assert letter.file.sha256 == hashlib.sha256(body).hexdigest()
        assert work.Share(queries.all_set_of(letter.pk), [letter]).paper(letter)[1] == body
        assert "Not given Not given" in text_of(body)
        assert Contract.objects.filter(state=ContractState.OFFERED, file__isnull=False).count() == 2


class TestFewPrices:
    @pytest.mark.parametrize(("count", "told"), [(1, False), (2, False), (3, False), (4, True)])
    def test_average_and_limit_are_told_only_where_they_give_nobody_away(self, world, count, told):
        made = evaluation(world, count=count, prices=CANARIES[:count], read=False)

        [price] = told_in(proposed(made, world))[1].prices

        assert (price.average is not None, price.upper is not None) == (told, told)
        assert (price.pence, price.passes) == (CANARIES[0], True)

    def test_firms_that_are_connected_read_as_one(self, world):
        made = evaluation(world, count=4, prices=CANARIES[:4], read=False)
        award_set = proposed(made, world)
        one, other, *_ = [bid.pk for bid in bids_of(made)]
        award_set.run.opening.connected = f'[[{one},{other},"number"]]'

        found = told_in(award_set)

        assert [found[number].prices[0].average is None for number in (1, 2, 3, 4)] == [True, True, False, False]

    def test_limits_on_both_sides_and_with_vat(self, world):
        made = evaluation(world, count=4, prices=CANARIES[:4], read=False)
        award_set = proposed(made, world)
        award_set.run.pools.update(lower=34_26_51, upper=51_39_12)

        [price] = told_in(award_set)[1].prices
        award_set.evaluation.framework.policies.basis = "gross"
        [gross] = told_in(award_set)[1].prices

        assert price.limit_in_pounds == "£34.27 to £51.39"
        assert gross.limit_in_pounds == "£34.2651 to £51.3912"
        assert gross.compared_in_pounds == "£41.37"


def test_a_reason_from_moderation_stands_alone_and_names_no_rival(world):
    made = evaluation(world, count=2, read=False)
    award_set = proposed(made, world)
    settled = Settled.objects.get(bid__number=1, bid__evaluation=made, standard__number="1.1")
    Settled.objects.filter(pk=settled.pk).update(
        how=Settlement.MODERATED, reason="Dated, unlike Birch Farm’s.", by=world.ada
    )

    [theme] = told_in(award_set)[1].themes

    assert [one.reasons for one in theme.standards] == [
        ("Dated, unlike [another bidder]’s.",),
        ("As the policy shows.",),
    ]


def test_quality_for_each_lot_and_later_outcomes(world):
    """What was settled after the freeze is in no letter about the award before it."""
    made = evaluation(world, count=1, read=False)
    award_set = proposed(made, world)
    freeze = award_set.run.opening.freeze
    Settled.objects.filter(bid__evaluation=made).update(replaced_at=clock.now())
    Settled.objects.create(
        bid=bids_of(made)[0],
        standard=Settled.objects.filter(bid__evaluation=made).first().standard,
        outcome="fail",
        how=Settlement.APPEAL,
        reason="Later",
        by=world.ada,
        at=clock.now(),
    )
    lot = made.framework.lots.first()
    freeze.themes.update(lot=lot)

    [theme] = told_in(award_set)[1].themes

    assert [(one.outcome, one.reasons) for one in theme.standards] == [
        ("Pass", ("As the policy shows.",)),
        ("Pass", ("As the policy shows.",)),
    ]
    assert theme.passed == {"Lot 1": True}


@pytest.mark.usefixtures("quick")
class TestMakingThem:
    def test_exactly_one_message_for_each_letter_and_lead_however_often_the_job_runs(self, world, made):
        award_set = sent(world, made)
        [job] = Job.objects.filter(kind=queries.KIND)
        before, sent_at = keys(), set(Letter.objects.values_list("sent_at", flat=True))

        for _ in range(2):
            work.letters(job, lambda *_: None)

        assert len(before) == Letter.objects.count() == 10
        assert keys() == before
        assert set(Letter.objects.values_list("sent_at", flat=True)) == sent_at
        assert actions.send_letters(award_set=award_set, by=work.BY, at=clock.now()) == 0

    @pytest.mark.parametrize("call", range(2, 9))
    def test_a_crash_in_the_middle_loses_nothing_and_sends_nothing_early(self, world, made, monkeypatch, call):
        monkeypatch.setattr(work, "AT_ONCE", 2)
        award_set = awarded(world, made)
        job = Job.objects.get(kind=queries.KIND)
        whole, calls = pdf.render, []

        def breaks(template, *arguments, **words):
            calls.append(template)
            if len(calls) == call:
                raise OSError("the power went")
            return whole(template, *arguments, **words)

        monkeypatch.setattr(pdf, "render", breaks)
        with pytest.raises(OSError, match="power"):
            work.letters(job, lambda *_: None)
        made_before = set(Letter.objects.filter(made_at__isnull=False).values_list("pk", "file"))

        assert len(made_before) < 10
        assert keys() == []
        work.letters(job, lambda *_: None)

        assert made_before <= set(Letter.objects.values_list("pk", "file"))
        assert File.objects.exclude(name="policy.pdf").count() == 10 + Contract.objects.count()
        assert len(keys()) == 10
        assert award_set.letters.filter(sent_at=None).count() == 0

    def test_shares_are_made_by_any_worker_and_the_last_one_sends(self, world, made, monkeypatch):
        monkeypatch.setattr(rules, "SMALLEST_SHARE", 4)
        awarded(world, made)
        jobs = list(Job.objects.filter(kind=queries.KIND).order_by("-pk"))

        said = [work.letters(job, lambda *_: None) for job in jobs]

        assert len(jobs) == 3
        assert said[2] == "10 letters sent."
        assert set(said[:2]) == {"Made. All letters are sent together once every one is made."}

    def test_a_letter_that_another_worker_has_made_stays_as_it_is(self, world, made):
        award_set = sent(world, made)
        letter = of(award_set, 1, SUMMARY)
        kept = work.store.keep_made("a.pdf", b"%PDF-again")

        assert actions.keep_letters(kept={letter.pk: kept}, by=work.BY, at=clock.now()) == set()
        work.store.forget(kept)

    def test_stopped_by_somebody_it_is_asked_for_again_and_goes_on_where_it_was(self, world, made, monkeypatch):
        monkeypatch.setattr(work, "AT_ONCE", 2)
        awarded(world, made)
        job = Job.objects.get(kind=queries.KIND)

        def stop(done, *_):
            if done == 4:
                raise Stopped

        with pytest.raises(Stopped):
            work.letters(job, stop)
        Job.objects.filter(pk=job.pk).update(state=State.CANCELLED, try_at=None, ended_at=clock.now())
        asked = actions.make_again(evaluation=made, by=world.max, at=clock.now())
        running.sweep()

        assert asked == 1
        assert Letter.objects.filter(made_at=None).count() == 0
        assert len(keys()) == 10
        with pytest.raises(Refused, match="made and sent already"):
            actions.make_again(evaluation=made, by=world.max, at=clock.now())

    def test_where_all_are_made_and_none_is_sent_asking_again_sends_them(self, world, made):
        award_set = sent(world, made)
        Letter.objects.update(sent_at=None)
        Message.objects.all().delete()

        assert actions.make_again(evaluation=made, by=world.max, at=clock.now()) == 0
        assert award_set.letters.filter(sent_at=None).count() == 0
        assert len(keys()) == 10

    def test_only_who_runs_the_evaluation_asks_again(self, world, made):
        awarded(world, made)

        for name in ("eve", "fay", "alice"):
            with pytest.raises(Denied):
                actions.make_again(evaluation=made, by=world.people[name], at=clock.now())


@pytest.mark.usefixtures("quick")
class TestMessages:
    def test_a_message_tells_no_result_and_shows_operators_nothing(self, world, made):
        award_set = sent(world, made)
        rows = Message.objects.filter(key__startswith="evaluation-letter:")
        bodies = {crypto.unseal(bytes(row.sealed_body), purpose=PURPOSE).decode() for row in rows}

        assert {(row.subject, row.body, row.discreet, row.organisation_id) for row in rows} == {
            ("A message about your account", "", True, None)
        }
        assert [body for body in bodies if "award" in body.lower() or "Pass" in body or "£" in body] == []
        application = of(award_set, 1, AWARD).bid.submission.application_id
        assert any(f"/applications/{application}/evaluation/" in body for body in bodies)

    def test_when_the_notice_is_published_everybody_is_told_and_agreements_wait_for_it(self, world, made):
        award_set = sent(world, made)
        award_set.waits_until, at = clock.now(), clock.now()
        with transaction.atomic():
            told = steps.waiting_known(award_set=award_set, by=world.max, at=at)

        assert told == 5
        assert Message.objects.filter(key__startswith="evaluation-notice:").count() == 5
        assert set(Contract.objects.values_list("not_before", flat=True)) == {award_set.waits_until}

    def test_without_a_waiting_period_the_message_says_none(self, world, made):
        award_set = sent(world, made)
        award_set.waits_until, award_set.standstill = clock.now(), False
        with transaction.atomic():
            steps.waiting_known(award_set=award_set, by=world.max, at=clock.now())

        row = Message.objects.filter(key__startswith="evaluation-notice:").first()
        assert "waiting period" not in crypto.unseal(bytes(row.sealed_body), purpose=PURPOSE).decode()

    def test_an_award_that_is_taken_back_is_told_to_its_bidder_alone(self, world, made):
        award_set = sent(world, made)
        line = award_set.lines.filter(awarded=True, bid__number=1).first()
        with transaction.atomic():
            steps.tell_taken_back(line=line, at=clock.now())

        [row] = Message.objects.filter(key__startswith="evaluation-taken-back:")
        assert row.to == world.alice.email


@pytest.mark.usefixtures("quick")
class TestASecondAward:
    def test_whoever_got_the_same_answer_before_is_not_written_to_again(self, world, made):
        first = sent(world, made)
        second = proposed_again(first, awards={5})

        assert queries.kinds_for(second) == {bids_of(made)[4].pk: (SUMMARY, AWARD)}

    def test_who_withdrew_or_was_excluded_gets_the_decision_alone(self, world, made):
        award_set = proposed(made, world)
        bids = bids_of(made)
        for bid, state in ((bids[3], BidState.WITHDRAWN), (bids[4], BidState.EXCLUDED)):
            bid.state, bid.state_at = state, clock.now()
            bid.save()
        AwardLine.objects.filter(bid__in=bids[3:]).update(awarded=False, cause=Cause.WITHDRAWN)

        kinds = queries.kinds_for(award_set)

        assert [kinds[bid.pk] for bid in bids] == [(SUMMARY, AWARD)] * 3 + [(NOT_AWARDED,)] * 2

    def test_two_letters_together_give_no_price_away(self, world):
        """Five prices, then the same without one: the difference of the sums is the one that left."""
        made = evaluation(world, count=6, prices=[4000, 4100, 4200, 4300, 4400, 4500], read=False)
        first = sent(world, made)
        assert told_in(first)[1].prices[0].average == 4250

        run = first.run
        run.state = "void"
        run.save()
        again = run_again(made, world)
        [pool] = again.pools.filter(lot__number="1")
        gone = again.results.get(pool=pool, bid__number=6)
        gone.counts = False
        gone.save()
        pool.count, pool.total = 5, pool.total - gone.compared
        pool.save()
        second = proposed(made, world)

        assert told_in(second)[1].prices[0].average is None
        assert Letter.objects.filter(award_set=second).count() == 0


def proposed_again(first, *, awards):
    """A second set of the same run's bids, approved: what was awarded before is not decided again."""
    first.run.state = "void"
    first.run.save()
    run = first.run
    run.pk, run.number, run.state = None, run.number + 1, "signed"
    run.save()
    second = AwardSet.objects.create(
        evaluation=first.evaluation,
        run=run,
        number=2,
        state=SetState.PROPOSED,
        standstill=True,
        sha256="4" * 64,
        proposed_at=first.proposed_at,
        proposed_by=first.proposed_by,
    )
    for line in first.lines.filter(awarded=False).select_related("bid"):
        again = line.bid.number in awards
        AwardLine.objects.create(
            award_set=second,
            bid=line.bid,
            lot=line.lot,
            sub_lot=line.sub_lot,
            awarded=again,
            cause="" if again else line.cause,
        )
    return second
