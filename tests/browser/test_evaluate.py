"""An evaluation from the panel to the signed agreement, by two evaluators, a moderator, an opener and an approver, over
twelve made-up bidders: two prices at the limit, a sole bidder, an outlier, a failed theme and a conflict."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from contracts.models import Contract
from evaluation.actions import interests, panel
from evaluation.models import AwardLine, AwardSet, Evaluation, Freeze, GatePool, GateRun, Judgement, Letter, LowEnquiry
from evaluation.states import Duty, Stage
from jobs import running
from lots.models import Framework
from tests.browser import evaluate
from tests.browser.evaluate import PHONE, Walk, bid_of, held_by
from tests.evaluation.documents import standards_of

FAILED, ASKED, DIFFERED = "Nettle Bridge Farm", "Ivy Bank Education", "Kestrel Learning"
BROTHER, CHEAP, ALONE = "Dovecote Music", "Linden Arts", "Gorse Hill Tuition"
SECRET = "The lead for safeguarding left two years ago."


@pytest.fixture
def walk(window, come_in, violations, too_wide):
    """The office of the council, and a bidder's phone."""

    def open_one(width: int = evaluate.DESK) -> Walk:
        return Walk(window(width=width), come_in, violations, too_wide, width)

    return open_one


@pytest.mark.timeout(600)
def test_twelve_bids_from_the_panel_to_the_signed_agreement(world, walk):
    framework = evaluate.round_of_twelve(world)
    office, phone = walk(), walk(PHONE)

    made = prepare(world, framework, office)
    open_by_two(world, made, office)
    keep_eve_away(world, made, office)
    judge(world, made, office, phone)
    agree_and_freeze(world, made, office)
    check_prices(world, made, office, phone)
    award = award_to_all_who_passed(world, made, office)
    sign(world, made, award, office, phone)

    assert office.page.complaints == []
    assert phone.page.complaints == []


def prepare(world, framework: Framework, office: Walk) -> Evaluation:
    """Max begins and appoints, everybody declares that they have no interest that they know of."""
    page = office.sit(world.max, "evaluation_of_framework", framework.pk)
    office.press("Begin the evaluation", "The evaluation has begun")
    made = Evaluation.objects.get()
    evaluate.appoint(office, made, world.eve, "Evaluator")
    evaluate.appoint(office, made, world.fay, "Approver")
    at = timezone.now()
    rest = [("tom", Duty.EVALUATOR), ("seb", Duty.EVALUATOR), ("ada", Duty.MODERATOR), ("ada", Duty.OPENER)]
    for name, duty in [*rest, ("max", Duty.OPENER)]:
        row = panel.appoint(evaluation=made, person=world.people[name], duty=duty, by=world.max, at=at)
        if duty == Duty.EVALUATOR:
            asked = [one.pk for one in standards_of(framework)]
            panel.assign(appointment=row, standards=asked, by=world.max, at=at)

    office.sit(world.eve, "evaluation", made.pk)
    office.press("Declare interests before the names are known", "You do not know yet who applies")
    page.get_by_label("No, I have none").check()
    office.press("Declare", "Your declaration was saved")
    words = {"has_interest": False, "text": "", "names": []}
    for name in ("max", "ada", "tom", "seb", "fay"):
        interests.declare_before(evaluation=made, **words, by=world.people[name], at=timezone.now())
    return made


def open_by_two(world, made: Evaluation, office: Walk) -> None:
    """Not before the deadline, not by one alone; then by Max and Ada."""
    page = office.sit(world.max, "opening", made.pk)
    closed_at = made.framework.closes_at
    Framework.objects.update(closes_at=timezone.now() + dt.timedelta(hours=1))
    office.press("Propose the opening", "The deadline has not passed")
    assert page.get_by_role("button", name="Propose the opening").count() == 0
    Framework.objects.update(closes_at=closed_at)

    page.reload()
    other = page.context.new_page()
    other.goto(page.url)
    office.press("Propose the opening", "Another opener must confirm it")
    other.get_by_role("button", name="Propose the opening").click()
    other.get_by_text("You have proposed the opening already").wait_for()
    assert other.get_by_role("button", name="Open the applications now").count() == 0
    other.close()
    assert office.status("bids", made.pk) == 200
    assert FAILED not in office.sit(world.max, "bids", made.pk).locator("main").inner_text()

    office.sit(world.ada, "opening", made.pk)
    office.press("Open the applications now", "The applications are open")
    made.refresh_from_db()
    assert (made.stage, made.bids.count()) == (Stage.JUDGING, 12)


def keep_eve_away(world, made: Evaluation, office: Walk) -> None:
    """Eve's brother teaches at Dovecote Music: she meets it nowhere any more. Seb knows the three about whom the story
    is, so that Eve and Tom judge them."""
    evaluate.declare_interest(office, made, world.eve, BROTHER, "My brother teaches there.")
    keys = dict(made.bids.values_list("provider_name", "provider"))
    known = {keys[name]: "I supervised their staff." for name in (FAILED, ASKED, DIFFERED)}
    for name in ("max", "ada", "tom", "fay", "seb"):
        chosen = known if name == "seb" else {}
        interests.declare_after(
            evaluation=made, has_interest=bool(chosen), chosen=chosen, by=world.people[name], at=timezone.now()
        )
    bid = bid_of(made, BROTHER)
    page = office.sit(world.eve, "bids", made.pk)
    assert page.get_by_text("11 bids").count() == 1
    assert BROTHER not in office.says()
    version = bid.submission.versions.get().version_id
    assert {office.status("bid", bid.pk), office.status("bid_evidence_file", bid.pk, version)} == {404}

    office.sit(world.max, "give_out_judging", made.pk)
    office.press("Give out", "Progress")
    assert not Judgement.objects.filter(bid=bid, person=world.eve).exists()


def judge(world, made: Evaluation, office: Walk, phone: Walk) -> None:
    """Eve by keys and one after the other; she fails one bid and asks another. Tom sees nothing of it."""
    page = office.sit(world.eve, "my_judgements", made.pk)
    office.press("Next for me", "What good looks like")
    failed, asked = (held_by(world.eve, made, name) for name in (FAILED, ASKED))
    done = 0
    while done < 3:
        if page.url.endswith((f"/{failed.pk}/", f"/{asked.pk}/")):
            office.press("Skip to the next one", "What good looks like")
            continue
        evaluate.judge(office, "p", "Page 2 says who does what.")
        office.see("Your judgement was locked")
        done += 1

    office.sit(world.eve, "judgement", failed.pk)
    evaluate.judge(office, "f", SECRET)
    office.sit(world.eve, "judgement", asked.pk)
    evaluate.judge(office, "c", "Who was not trained?")
    office.look()
    page.get_by_role("group", name="What do you ask about?").get_by_role("radio").first.check()
    page.get_by_label("Your question").fill("Who was not trained this year?")
    office.press("Send the question to the bidder", "Your question was sent to the bidder")
    _tom_sees_nothing(world, made, office, failed)
    _ivo_answers(world, made, phone)

    office.sit(world.eve, "judgement", asked.pk)
    assert "She began in June." in office.says()
    evaluate.judge(office, "p", "Everybody was, but one who is new.")
    office.sit(world.max, "progress", made.pk)
    evaluate.judge_the_rest(made, {FAILED: "eve tom", DIFFERED: "tom"})
    assert not Judgement.objects.live().filter(bid__evaluation=made, locked_at=None).exists()


def _tom_sees_nothing(world, made: Evaluation, office: Walk, failed: Judgement) -> None:
    page = office.sit(world.tom, "judgement", held_by(world.tom, made, FAILED).pk)
    assert SECRET not in page.content()
    assert office.status("judgement", failed.pk) == 404
    office.sit(world.tom, "judgement", held_by(world.tom, made, ASKED).pk)
    assert "Who was not trained" not in page.content()
    office.sit(world.tom, "bids", made.pk)
    assert page.get_by_text("0 of").count() == 12  # decided by Tom
    assert {office.status(name, made.pk) for name in ("differences", "price_check")} == {403}


def _ivo_answers(world, made: Evaluation, phone: Walk) -> None:
    page = phone.sit(world.ivo, "bidder_evaluation", evaluate.application_of(made, ASKED).pk)
    assert "There is a question for you to answer." in phone.says()
    page.get_by_role("table", name="Questions to you").get_by_role("link").click()
    phone.see("Who was not trained this year?")
    page.get_by_label("Your answer").fill("She began in June. She is booked for September.")
    phone.press("Send the answer", "Your answer was sent")


def agree_and_freeze(world, made: Evaluation, office: Walk) -> None:
    """Ada reads both sides, writes down what the meeting agreed, and freezes."""
    page = office.sit(world.ada, "freeze", made.pk)
    assert "1 difference waits" in office.says()
    office.press("Decide differences in moderation", "1 difference")
    page.get_by_role("row", name=DIFFERED).get_by_role("link").click()
    office.see("What the meeting agreed")
    assert [page.get_by_role("region", name=name).count() for name in ("Eve", "Tom")] == [1, 1]
    page.get_by_label("Pass", exact=True).check()
    page.get_by_label("Reason", exact=True).fill("The plan is short, and it names who does what.")
    evaluate.date(page, "Day of the meeting")
    for name in ("Ada", "Eve", "Tom"):
        page.get_by_role("checkbox", name=name).check()
    office.press("Save what was agreed", "Saved what was agreed")
    office.sit(world.ada, "freeze", made.pk)
    office.press("Freeze quality", "Quality is frozen")
    office.sit(world.ada, "check_freeze", Freeze.objects.get().pk)
    assert office.status("price_check", made.pk) == 403


def check_prices(world, made: Evaluation, office: Walk, phone: Walk) -> None:
    """Max opens the prices and asks about the low one, its bidder answers, Fay decides, and signs what Max had done."""
    page = office.sit(world.max, "open_prices", made.pk)
    office.press("Open the prices", "The prices are open")
    page.get_by_role("link", name=f"Ask the bidder {CHEAP}").click()
    office.see("The bidder has until")
    page.get_by_label("Your question").fill("How do you pay for staff and rooms out of it?")
    office.press("Send the question to the bidder", f"Your question was sent to {CHEAP}")

    low = LowEnquiry.objects.get()
    phone.sit(world.lena, "bidder_evaluation", evaluate.application_of(made, CHEAP).pk)
    phone.page.get_by_role("table", name="Questions to you").get_by_role("link").click()
    phone.see("How do you pay for staff")
    phone.page.get_by_label("Your answer").fill("We hoped for a grant that has not come.")
    phone.press("Send the answer", "Your answer was sent")

    office.sit(world.fay, "low_price", low.pk)
    page.get_by_label("The bid is disregarded for this lot").check()
    page.get_by_label("Why?").fill("It says itself that it could not staff the sessions.")
    office.press("Save the decision", "Your decision is saved")

    office.sit(world.max, "ask_run", made.pk)
    office.press("Check the prices", "Price check 1")
    running.sweep()
    assert "so somebody else signs it" in office.says()
    run = GateRun.objects.get()
    office.sit(world.fay, "run", run.pk)
    for pool in GatePool.objects.filter(run=run).order_by("lot__number"):
        office.sit(world.fay, "pool", pool.pk)
        page.wait_for_function("document.querySelector('.portal-chart__picture').naturalWidth > 0")
    pools = {pool.lot.number: pool for pool in GatePool.objects.select_related("lot")}
    office.sit(world.fay, "pool", pools["1"].pk)
    results = [row.inner_text() for row in page.get_by_role("row").all() if "£60.00" in row.inner_text()]
    assert [("Passes" in row) for row in results] == [True, True]
    assert "Outside the limit" in page.get_by_role("row", name=DIFFERED).inner_text()

    office.sit(world.fay, "run", run.pk)
    office.press("Look at it and sign", "With your signature")
    for box in page.get_by_role("group", name="I have seen that").get_by_role("checkbox").all():
        box.check()
    office.press("Sign the price check", "You have signed the price check")


def award_to_all_who_passed(world, made: Evaluation, office: Walk) -> AwardSet:
    """Proposed by Max, approved by Fay, told to everybody by the workers."""
    office.sit(world.max, "propose_award", made.pk)
    office.press("Propose this award", "The award is proposed")
    award = AwardSet.objects.get()
    office.sit(world.fay, "award_set", award.pk)
    office.press("Check and approve", "With your approval")
    office.press("Approve the whole award", "The award is approved")
    lost = AwardLine.objects.filter(award_set=award, awarded=False)
    assert set(lost.values_list("bid__provider_name", "cause")) == {
        (DIFFERED, "price"),
        (CHEAP, "low_price"),
        (FAILED, "quality"),
    }
    running.sweep(seconds=float("inf"))
    office.sit(world.max, "letters", made.pk)
    assert not Letter.objects.filter(sent_at=None).exists()
    return award


def sign(world, made: Evaluation, award: AwardSet, office: Walk, phone: Walk) -> None:
    """Alice reads her letters and signs on her phone; Max records the publication and reads the report."""
    page = phone.sit(world.alice, "bidder_evaluation", evaluate.application_of(made, "Ash House").pk)
    with page.expect_download() as taken:
        page.get_by_role("link", name="Assessment summary (PDF)").click()
    assert taken.value.suggested_filename.endswith(".pdf")
    phone.press("Read and sign", "By signing you also accept")
    page.get_by_label("Your full name").fill("Alice")
    page.get_by_label("Your position").fill("Director")
    page.get_by_label("I have read the agreement").check()
    phone.press("Sign the agreement", "You have signed the agreement")
    assert Contract.objects.get(supplier=world.ash_house).signed_name == "Alice"

    page = office.sit(world.max, "award_publication", award.pk)
    page.get_by_label("Notice number on Find a Tender").fill(f"012345-{timezone.localdate().year}")
    evaluate.date(page, "Day on which it was published")
    office.press("Record the publication", "The publication is recorded")
    office.sit(world.max, "evaluation", made.pk)
    office.press("Report", "Download the whole report as a PDF")
    assert {office.status(f"evaluation_report{kind}", made.pk) for kind in ("_pdf", "_xlsx")} == {200}
    for details in page.locator("main details").all():
        details.evaluate("one => one.open = true")
    office.look()
