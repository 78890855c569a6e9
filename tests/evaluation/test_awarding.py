"""An award is proposed by one person, approved whole by another, or refused whole."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Organisation
from audit.models import Event
from contracts.models import Contract
from core.access import Denied
from evaluation.actions import awards as actions
from evaluation.models import (
    AwardLine,
    AwardSet,
    BidLot,
    Correction,
    Declaration,
    Evaluation,
    Freeze,
    GateResult,
    GateRun,
    Letter,
    QualityResult,
    Settled,
)
from evaluation.queries.cover import all_lapsed
from evaluation.states import BidState, Outcome, Settlement
from lots.models import Evidence, Place, PlacePrice, Policies, PriceLine, Suspension
from lots.rules.awards import OverLimit
from lots.rules.refusals import Refused
from lots.states import Cause, EvidenceKind, FailCosts, Gated, OnExpiry
from lots.steps import awards as lots_steps
from providers.models import BidPrice, Insurance, SubmittedVersion
from providers.states import InsuranceKind, ItemKind
from tests.evaluation import pricing
from tests.evaluation.awarding import approve, checked, fresh, limited, places, propose, says
from tests.evaluation.further import run
from tests.evaluation.made import bids_of, evaluation, round_closed
from tests.frameworks import AT
from tests.providers.bids import held, newer

DAY = dt.timedelta(days=1)
TODAY = timezone.localdate()


def test_an_award_is_derived_from_quality_and_the_price_check(world):
    made = checked(world, count=4, fails=[(2, "1.1")])
    award = propose(made, world)

    # Bid 2 failed on quality; of 40.00, 45.00 and 60.00 the last is above the limit.
    assert says(award) == {
        (1, "1", "B"): "",
        (1, "1", "C"): "",
        (2, "1", "B"): "quality",
        (2, "1", "C"): "quality",
        (3, "1", "B"): "",
        (3, "1", "C"): "",
        (4, "1", "B"): "price",
        (4, "1", "C"): "price",
    }
    reasons = dict(AwardLine.objects.filter(award_set=award).values_list("cause", "reason"))
    assert reasons["quality"] == "Failed on quality: 1 Safety."
    assert reasons["price"] == "Outside the limit of the price check: Half-day session."
    assert award.sha256 != ""
    assert award.run == made.runs.get()
    assert not Place.objects.exists()


def test_fay_approves_the_whole_with_places_lots_that_come_along_letters_and_agreements(world):
    made = checked(world, count=2)
    award = approve(propose(made, world), world)

    assert places(made) == [
        (name, lot, part, "awarded")
        for name in ("Ash House", "Birch Farm")
        for lot, part in (("1", "B"), ("1", "C"), ("7", ""))
    ]
    assert set(Place.objects.values_list("waits_for_notice", "waits_until", "route")) == {(True, None, "new_tender")}
    assert sorted(PlacePrice.objects.values_list("pence", flat=True)) == [4000, 4000, 4200, 4200]
    linked = AwardLine.objects.filter(award_set=award)
    assert [line.place.lot_id for line in linked] == [line.lot_id for line in linked]
    assert Letter.objects.filter(award_set=award).count() == 4
    assert Contract.objects.filter(framework=made.framework_id).count() == 2
    assert fresh(made).stage == "awarded"
    event = Event.objects.get(action="evaluation.award_set.approved")
    assert (event.by, event.data) == (world.fay, {"number": 1, "places": 4})


@pytest.mark.parametrize(
    ("who", "error"),
    [("max", Denied), ("eve", Denied), ("ada", Denied), ("olu", Denied), ("fay", None)],
)
def test_who_approves(world, who, error):
    award = propose(checked(world), world)

    if error is None:
        approve(award, world, by=world.people[who])
    else:
        with pytest.raises(error):
            approve(award, world, by=world.people[who])
        assert not Place.objects.exists()


def test_who_proposes_does_not_approve_and_who_evaluated_never_does(world):
    made = checked(world)
    award = propose(made, world)
    made.appointments.create(person=world.max, duty="approver", appointed_at=AT)
    with pytest.raises(Refused, match="You proposed this"):
        approve(award, world, by=world.max)
    made.appointments.create(person=world.fay, duty="evaluator", appointed_at=AT, ended_at=AT)

    with pytest.raises(Denied):
        approve(award, world)


def test_nobody_with_an_interest_in_a_bidder_decides(world):
    made = checked(world)
    made.conflicts.create(person=world.max, provider=world.ash_house, text="A cousin", noted_at=AT)
    with pytest.raises(Refused, match="Somebody else decides"):
        propose(made, world)
    made.conflicts.update(mitigated_at=AT, mitigation="Looked at by two")
    award = propose(made, world)
    Declaration.objects.filter(person=world.fay, moment="after").delete()

    with pytest.raises(Refused, match="have not declared your interests"):
        approve(award, world)


def test_only_one_award_waits_and_it_is_proposed_once_the_price_check_is_signed(world):
    made = evaluation(world, read=False)
    with pytest.raises(Refused, match="An award is proposed only while the evaluation is at “Price check signed”"):
        propose(made, world)
    run(made, world)
    propose(made, world)
    with pytest.raises(Refused, match="waits for approval"):
        propose(made, world)
    with pytest.raises(Denied):
        propose(made, world, by=world.ada)


def test_an_award_that_was_sent_back_stays_and_another_is_proposed(world):
    made = checked(world)
    first = propose(made, world)
    actions.send_back_award(award_set=first, note="Name the lots.", by=world.fay, at=timezone.now())
    with pytest.raises(Refused, match="“Sent back”, so this is no longer possible"):
        approve(first, world)
    second = propose(made, world)
    actions.send_back_award(award_set=second, note="A slip of mine.", by=world.max, at=timezone.now())
    with pytest.raises(Denied):
        actions.send_back_award(award_set=second, note="x", by=world.eve, at=timezone.now())

    assert list(made.sets.order_by("number").values_list("number", "state", "decided_note")) == [
        (1, "sent_back", "Name the lots."),
        (2, "sent_back", "A slip of mine."),
    ]


# --- looked at again when it is approved


def _withdraws(world, bid):
    bid.state, bid.state_at = BidState.WITHDRAWN, AT
    bid.save()


def _is_excluded(world, bid):
    bid.state, bid.state_at = BidState.EXCLUDED, AT
    bid.save()


def _is_suspended(world, bid):
    Suspension.objects.create(
        buyer=world.larkshire, provider=bid.provider, cause=Cause.EXCLUSION, reason="x", began_at=AT, began_by=world.max
    )


def _insurance_lapses(world, bid):
    paper = held(bid.provider, "Public liability", ItemKind.INSURANCE, expires_on=TODAY - DAY)
    SubmittedVersion.objects.create(submission=bid.submission, version=paper)


def _closes(world, bid):
    Organisation.objects.filter(pk=bid.provider_id).update(is_open=False)


def _is_corrected(world, bid):
    Correction.objects.create(
        price=bid.submission.prices.get(),
        was_pence=4000,
        becomes_pence=4001,
        reason="x",
        consent="x",
        proposed_at=AT,
        proposed_by=world.max,
        approved_at=AT,
        approved_by=world.fay,
    )


def _freeze_is_undone(world, bid):
    Freeze.objects.update(voided_at=AT, void_reason="x", voided_by=world.max, void_proposed_by=world.ada)


def _run_is_void(world, bid):
    GateRun.objects.update(state="void")


def _quality_is_missing(world, bid):
    QualityResult.objects.filter(bid=bid).delete()


def _appeal_is_upheld(world, bid):
    standing = Settled.objects.filter(bid=bid).first()
    Settled.objects.filter(pk=standing.pk).update(replaced_at=AT)
    Settled.objects.create(
        bid=bid,
        standard=standing.standard,
        outcome=Outcome.FAIL,
        how=Settlement.APPEAL,
        reason="x",
        at=AT,
        by=world.ada,
    )


@pytest.mark.parametrize(
    ("happens", "refusal"),
    [
        (_withdraws, "Ash House has withdrawn since"),
        (_is_excluded, "Ash House has been excluded since"),
        (_is_suspended, "Ash House has been excluded since"),
        (_insurance_lapses, "Ash House has an insurance that has run out since"),
        (_closes, "No longer registered on the portal: Ash House"),
        (_is_corrected, "Prices or reasons behind it have changed"),
        (_freeze_is_undone, "The freeze of quality behind it was undone"),
        (_run_is_void, "The price check behind it is not signed any more"),
        (_quality_is_missing, "A theme has not been assessed of Ash House"),
        (_appeal_is_upheld, "An appeal has changed an outcome since quality was frozen, of Ash House"),
    ],
)
def test_what_changed_since_the_proposal_is_named_and_nothing_is_given(world, sign_in, happens, refusal):
    award = propose(checked(world), world)
    happens(world, award.evaluation.bids.get(provider=world.ash_house))

    with pytest.raises(Refused, match=refusal):
        approve(award, world)

    assert not Place.objects.exists()
    assert not Letter.objects.exists()
    assert AwardSet.objects.get().state == "proposed"
    page = sign_in(world.fay).get(f"/awards/{award.pk}/approve/").text
    assert refusal.split(" of ")[0] in page
    assert "Approve the whole award" not in page


def test_a_proposal_is_refused_while_something_stands_in_the_way(world):
    made = checked(world)
    _quality_is_missing(world, bids_of(made)[0])

    with pytest.raises(Refused, match=r"No award can be proposed yet\. A theme has not been assessed of Ash House"):
        propose(made, world)


def test_without_a_standstill_a_framework_must_be_light_touch(world):
    made = checked(world, framework=round_closed(world, light_touch=False))
    Evaluation.objects.update(standstill=False)

    with pytest.raises(Refused, match="not light touch"):
        propose(made, world)


# --- what a failing price costs, and prices of a place


def _second_line(made, *, required: bool, gated=Gated.GATED) -> PriceLine:
    """A second line on lot 1, which bid 1 prices far above the others."""
    lot = made.framework.lots.get(number="1")
    line = PriceLine.objects.create(
        lot=lot, title="Hour", unit="hour", mode="any", group="one", required=required, gated=gated, position=1
    )
    for number, bid in enumerate(bids_of(made)):
        BidPrice.objects.create(submission=bid.submission, lot=lot, line=line, pence=[9000, 900][number], vat="exempt")
    return line


def test_where_a_price_costs_its_line_the_place_goes_without_it(world):
    made = evaluation(world, read=False)
    Policies.objects.update(fail_costs=FailCosts.LINE)
    line = _second_line(made, required=False)
    signed = run(made, world)
    GateRun.objects.update(policy='{"fail_costs": "line"}')
    award = approve(propose(fresh(made), world), world)

    assert GateResult.objects.filter(run=signed, passes=False).count() == 1
    assert set(says(award).values()) == {""}
    priced = PlacePrice.objects.filter(line=line).values_list("place__provider__name", flat=True).distinct()
    assert list(priced) == ["Birch Farm"]


def test_a_line_that_must_be_priced_takes_the_part_with_it(world):
    made = evaluation(world, read=False)
    _second_line(made, required=True)
    run(made, world)
    GateRun.objects.update(policy='{"fail_costs": "line"}')

    found = says(propose(fresh(made), world))

    assert (found[1, "1", "B"], found[2, "1", "B"]) == ("price", "")


def test_a_line_that_is_not_compared_has_its_price_and_a_missing_one_is_told(world):
    made = evaluation(world, read=False)
    line = _second_line(made, required=True, gated=Gated.QUOTED)
    BidPrice.objects.filter(line=line, submission__bid__number=2).delete()
    run(made, world)

    award = propose(fresh(made), world)

    assert says(award)[2, "1", "B"] == "incomplete"
    assert AwardLine.objects.filter(cause="incomplete").first().reason == "A price that is required is missing: Hour."
    approve(award, world)
    assert PlacePrice.objects.filter(line=line).count() == 2


def test_a_disregarded_price_and_an_incomplete_lot(world):
    made = evaluation(world, count=3, read=False)
    run(made, world)
    GateResult.objects.filter(bid__number=1).update(counts=False, passes=False)
    BidLot.objects.filter(bid__number=2, sub_lot__letter="C").update(complete=False, missing="the part was taken back")

    found = says(propose(fresh(made), world))

    assert found == {
        (1, "1", "B"): "low_price",
        (1, "1", "C"): "low_price",
        (2, "1", "B"): "",
        (2, "1", "C"): "incomplete",
        (3, "1", "B"): "",
        (3, "1", "C"): "",
    }


def test_an_award_to_nobody_is_approved_and_told(world):
    made = checked(world, fails=[(1, "1.1"), (2, "1.2")])
    approve(propose(made, world), world)

    assert fresh(made).stage == "awarded"
    assert not Place.objects.exists()
    assert set(Letter.objects.values_list("kind", flat=True)) == {"summary", "not_awarded"}


# --- limits


def test_over_the_limit_the_set_is_refused_whole_and_nothing_is_written(world):
    made = limited(checked(world), most=1)

    with pytest.raises(OverLimit, match="2 providers would be on the framework, and the limit is 1"):
        propose(made, world)

    assert not AwardSet.objects.exists()


def test_the_published_rule_is_applied_and_who_is_left_out_is_told_why(world):
    made = limited(checked(world), most=1, rule="The lowest price first.")
    first, second = bids_of(made)
    words = {"rule_applied": "Ranked by price: 40.00, 42.00.", "left_out": {(second.pk, None): "Ranked second of 1."}}
    award = approve(propose(made, world, **words), world)

    assert says(award)[2, "1", "B"] == "limit"
    assert AwardLine.objects.filter(bid=second).first().reason == "Ranked second of 1."
    assert {name for name, *_ in places(made)} == {"Ash House"}
    assert first.provider == world.ash_house


def test_nobody_is_left_out_who_did_not_pass_or_is_no_bid(world):
    made = limited(checked(world, fails=[(2, "1.1")]), most=1, rule="The lowest price first.")
    first, second = bids_of(made)
    lot = made.framework.lots.get(number="2")

    for left_out in ({(second.pk, None): "x"}, {(first.pk, lot.pk): "x"}, {(10**6, None): "x"}):
        with pytest.raises(Refused, match="did not pass there"):
            propose(made, world, left_out=left_out, rule_applied="x")


def test_a_limit_that_was_lowered_since_the_proposal_refuses_the_approval(world):
    award = propose(checked(world), world)
    limited(award.evaluation, most=1)

    with pytest.raises(OverLimit):
        approve(award, world)

    assert not Place.objects.exists()


# --- a later award


def test_a_later_award_gives_to_who_has_none_and_drops_nobody(world):
    made = checked(world, count=3, fails=[(2, "1.1")])
    first = approve(propose(made, world), world)
    assert {name for name, *_ in places(made)} == {"Ash House", "Provider 003"}
    before = set(Place.objects.values_list("pk", flat=True))

    # An appeal of bid 2 is upheld, quality is frozen anew, prices are checked anew, and now bid 3 is too dear.
    Freeze.objects.update(voided_at=AT, void_reason="x", voided_by=world.max, void_proposed_by=world.ada)
    GateRun.objects.update(state="void")
    Settled.objects.update(outcome=Outcome.PASS)
    signed = run(fresh(made), world)
    GateResult.objects.filter(run=signed, bid__number=3).update(passes=False)
    second = approve(propose(fresh(made), world), world)

    assert says(second) == {(2, "1", "B"): "", (2, "1", "C"): ""}
    assert before < set(Place.objects.exclude(state="ended").values_list("pk", flat=True))
    assert {name for name, *_ in places(made)} == {"Ash House", "Birch Farm", "Provider 003"}
    assert AwardSet.objects.get(pk=first.pk).state == "approved"


def test_what_was_decided_is_not_decided_again(world):
    made = checked(world)
    approve(propose(made, world), world)
    GateRun.objects.update(state="void")
    run(fresh(made), world)

    with pytest.raises(Refused, match="nothing to propose"):
        propose(fresh(made), world)


def test_who_has_a_place_by_another_way_keeps_it(world):
    made = checked(world)
    lot = made.framework.lots.get(number="1")
    Place.objects.create(
        framework=made.framework,
        lot=lot,
        sub_lot=lot.sub_lots.get(letter="B"),
        provider=world.ash_house,
        provider_name="Ash House",
        awarded_at=AT,
    )

    assert set(says(propose(made, world))) == {(1, "1", "C"), (2, "1", "B"), (2, "1", "C")}


# --- insurance


def _insured(bid, **fields) -> Insurance:
    words = {"kind": InsuranceKind.PUBLIC, "insurer": "Shield", "cover_pence": 1, "ends_on": TODAY - DAY}
    return Insurance.objects.create(provider=bid.provider, **words | fields)


def _asks_for_insurance(made) -> None:
    standard = made.framework.standards.themes.get().standards.get(number="1.1")
    Evidence.objects.create(
        standard=standard, kind=EvidenceKind.CERTIFICATE, title="Public liability", on_expiry=OnExpiry.SUSPEND
    )


def test_which_insurance_has_run_out(world):
    made = evaluation(world, read=False)
    bid, _ = bids_of(made)
    ended = held(bid.provider, "Public liability", ItemKind.INSURANCE, expires_on=TODAY - DAY)
    said = f"Public liability, until {(TODAY - DAY).day} {TODAY - DAY:%B %Y}"

    def lapsed(today=TODAY):
        return all_lapsed(made, today=today)

    assert lapsed() == {}  # it is in the library, and was not submitted
    SubmittedVersion.objects.create(submission=bid.submission, version=ended)
    assert lapsed(TODAY - DAY) == {}  # the last day counts
    assert lapsed() == {bid.pk: (said,)}

    removed = _insured(bid, item=ended.item, removed_at=AT)
    assert lapsed() == {bid.pk: (said,)}
    other = _insured(bid, ends_on=TODAY)
    assert lapsed() == {}  # another policy of the same kind is in force
    other.delete()
    removed.delete()

    newest = newer(ended.item, expires_on=TODAY)
    assert lapsed() == {}  # the certificate was renewed
    newest.file.state = "infected"
    newest.file.save()
    assert lapsed() == {bid.pk: (said,)}
    newer(ended.item)
    assert lapsed() == {}  # it bears no last day
    ended.item.removed_at = AT
    ended.item.save()
    assert lapsed() == {bid.pk: (said,)}


def test_a_policy_on_the_profile_counts_where_insurance_is_asked_for(world):
    made = evaluation(world, read=False)
    bid, _ = bids_of(made)
    _insured(bid)
    _insured(bid, kind=InsuranceKind.MOTOR)
    assert all_lapsed(made, today=TODAY) == {}

    _asks_for_insurance(made)
    until = TODAY - DAY
    assert all_lapsed(made, today=TODAY) == {bid.pk: (f"Public liability, until {until.day} {until:%B %Y}",)}
    _insured(bid, ends_on=TODAY)
    assert all_lapsed(made, today=TODAY) == {}


def test_a_place_is_given_at_the_corrected_price(world):
    made = checked(world)
    _is_corrected(world, bids_of(made)[0])

    approve(propose(made, world), world)

    assert sorted(set(PlacePrice.objects.values_list("pence", flat=True))) == [4001, 4200]


def test_if_the_places_cannot_be_given_nothing_is_saved(world, monkeypatch):
    award = propose(checked(world), world)

    def fails(**words):
        raise RuntimeError

    monkeypatch.setattr(lots_steps.places, "balance", fails)
    with pytest.raises(RuntimeError):
        approve(award, world)

    assert not Place.objects.exists()
    assert AwardSet.objects.get().state == "proposed"


def test_a_price_of_a_lot_that_was_not_complete_costs_no_other_lot(world):
    """All submitted prices are compared, and one that fails costs the framework. Ash House left lot 2 incomplete, with
    a price far outside the limit: it loses that lot for what is missing, and keeps lot 1."""
    framework = round_closed(world)
    Policies.objects.filter(framework=framework).update(counted="submitted", fail_costs="framework", low_percent=0)
    made = pricing.opened(world, prices=[4500, 4500, 4500], framework=framework, lots=("1", "2"), read=False)
    first = bids_of(made)[0]
    BidLot.objects.filter(bid=first, lot__number="2").update(complete=False, missing="A description")
    BidPrice.objects.filter(submission=first.submission, lot__number="2").update(pence=90000)
    checked_prices = pricing.ask_run(made, world.max)
    assert checked_prices.failing == 1
    pricing.sign(checked_prices, world.fay)

    said = says(propose(fresh(made), world))

    assert {cause for (number, lot, _), cause in said.items() if (number, lot) == (1, "2")} == {"incomplete"}
    assert {cause for (number, lot, _), cause in said.items() if (number, lot) != (1, "2")} == {""}
