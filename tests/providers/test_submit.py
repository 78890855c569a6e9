"""Submitting: frozen, hashed, sealed, its receipt in the same transaction; again, unchanged, incomplete, withdrawn."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import random
import re

import pytest

from audit.models import Event
from core import access, crypto
from lots.models import Framework, Policies
from lots.queries.sealing import unseal_for
from outbox.models import Message
from outbox.steps import PURPOSE
from providers.actions import applications as actions
from providers.models import Application, BidPrice, Submission, SubmittedVersion
from providers.queries.bids import SUBMISSION, own_bid, own_submission
from providers.rules import frozen
from providers.rules.reference import ALPHABET, reference
from providers.rules.refusals import ChangedSince, OtherContent, Refused
from providers.states import ApplicationState
from tests.cast import make_person
from tests.frameworks import AT
from tests.providers import bids


@pytest.fixture
def application(world) -> Application:
    return bids.complete(world, bids.applied(world))


def raw_of(submission) -> bytes:
    purpose = f"{SUBMISSION}:{submission.application_id}"
    return frozen.unpadded(unseal_for(submission.application.framework_id, submission.sealed, purpose=purpose))


def test_what_is_submitted_is_frozen_as_canonical_json_and_hashed(world, application):
    made = bids.submit(application)

    raw = raw_of(made)
    document = json.loads(raw)
    assert hashlib.sha256(raw).hexdigest() == made.sha256
    assert raw == json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert document == own_submission(made, user=world.alice)
    assert (document["schema"], document["reference"], document["submission"]) == (1, made.reference, 1)
    assert dt.datetime.fromisoformat(document["submitted_at"]) == made.submitted_at
    assert re.fullmatch("[0-9a-f]{32}", document["nonce"])
    assert document["provider"]["name"] == "Ash House"
    assert [(lot["number"], [part["letter"] for part in lot["parts"]]) for lot in document["lots"]] == [
        ("1", ["B", "C"]),
        ("2", ["A", "B", "C"]),
    ]
    prices = [(row["lot_number"], row["letter"], row["title"], row["unit"], row["pence"]) for row in document["prices"]]
    assert prices == [
        ("1", "", "Half-day session", "half_day", 4500),
        ("2", "", "Half-day session", "half_day", 4501),
    ]
    assert [(one["number"], one["title"], one["answer"]) for one in document["standards"]] == [
        ("1.1", "Everybody is safe", "We meet standard 1.1."),
        ("1.2", "Staff are checked", "We meet standard 1.2."),
    ]
    assert {one["title"]: len(one["sha256"]) for one in document["evidence"]} == {
        "Safeguarding policy": 64,
        "Supplier information": 64,
    }


def test_no_column_tells_what_was_bid_and_the_same_bid_has_another_hash(world, application):
    """The same content under another application, and again after a withdrawal: nothing can be compared."""
    first = bids.submit(application)
    actions.withdraw(application=application, by=world.alice)
    second = bids.submit(application)

    assert len({first.sha256, second.sha256}) == 2
    assert len(first.sealed) == len(second.sealed)
    row = Submission.objects.values().get(pk=first.pk)
    assert b"Vocational" not in bytes(row["sealed"])
    assert BidPrice.objects.count() == SubmittedVersion.objects.count() == 0


def test_all_leads_get_the_receipt_and_no_operator_reads_it(world, application):
    colleague = make_person("lee")
    colleague.memberships.create(organisation=world.ash_house, role="provider_lead", given_at=AT, person_name="Lee")

    made = bids.submit(application)

    letters = list(Message.objects.order_by("to"))
    assert [letter.to for letter in letters] == [world.alice.email, colleague.email]
    body = crypto.unseal(letters[0].sealed_body, purpose=PURPOSE).decode()
    assert made.reference in body
    assert made.sha256 in body
    assert "(UK time)" in body
    assert {(one.body, one.subject, one.discreet) for one in letters} == {("", "A message about your account", True)}
    actions.withdraw(application=application, by=world.alice)
    assert Message.objects.filter(key__startswith="withdrawn:").count() == 2


def test_the_record_says_who_and_when_and_nothing_of_what(world, application):
    made = bids.submit(application)
    actions.withdraw(application=application, by=world.alice)

    events = Event.objects.filter(action__startswith="providers.").order_by("id")
    assert list(events.values_list("action", "about_id", "organisation_id", "data")) == [
        ("providers.submission.made", made.pk, world.ash_house.pk, {"number": 1}),
        ("providers.submission.withdrawn", made.pk, world.ash_house.pk, {"number": 1}),
    ]


@pytest.mark.parametrize("what", ["audit.steps.record", "outbox.steps.post_many"])
def test_without_its_record_or_its_letter_there_is_no_submission(application, monkeypatch, what):
    def fails(*args, **kwargs):
        raise OSError("no room left")

    monkeypatch.setattr(what, fails)

    with pytest.raises(OSError, match="no room left"):
        bids.submit(application)

    assert Submission.objects.count() == Message.objects.count() == 0
    application.refresh_from_db()
    assert (application.state, application.standing) == (ApplicationState.DRAFT, None)


@pytest.mark.parametrize("who", ["bob", "charlie", "max", "ada", "olu", "nora"])
def test_nobody_else_submits_withdraws_or_reads_it(world, application, who):
    person = getattr(world, who)
    with pytest.raises(access.Denied):
        bids.submit(application, by=person)
    made = bids.submit(application)

    with pytest.raises(access.Denied):
        actions.withdraw(application=application, by=person)
    with pytest.raises(access.Denied):
        own_submission(made, user=person)
    with pytest.raises(access.Denied):
        actions.note_late(application=application, what="submit", at=AT, by=person)
    assert list(Submission.objects.visible_to(person)) == []


def test_the_same_request_twice_gives_the_same_receipt(application):
    first = bids.submit(application, key="one")
    second = bids.submit(application, key="one")

    assert first == second
    assert (Submission.objects.count(), Message.objects.count()) == (1, 1)


def test_a_request_that_is_repeated_after_the_draft_went_on_still_gives_its_receipt(world, application):
    """The answer was lost on the way; meanwhile somebody typed. The draft stays as typed, the receipt is the first."""
    revision = application.revision
    first = bids.submit(application, key="one", revision=revision)
    bids.typed(application, {"conflicts": {"worked": "no"}})

    assert bids.submit(application, key="one", revision=revision) == first


def test_the_same_key_with_another_draft_is_refused(world, application):
    bids.submit(application, key="one")
    bids.typed(application, {"conflicts": {"worked": "no"}})

    with pytest.raises(OtherContent):
        bids.submit(application, key="one")


def test_a_draft_that_was_changed_after_it_was_checked_is_not_submitted(application):
    checked = application.revision
    bids.typed(application, {"conflicts": {"worked": "no"}})

    with pytest.raises(ChangedSince):
        bids.submit(application, revision=checked)

    assert Submission.objects.count() == 0


def test_what_was_not_changed_makes_no_second_submission(world, application):
    first = bids.submit(application, key="one")
    part = own_bid(application, user=world.alice).draft["conflicts"]
    bids.typed(application, {"conflicts": part.answers})

    assert bids.submit(application, key="two") == first
    assert Submission.objects.count() == 1


def test_editing_leaves_the_submission_standing_until_the_next(world, application):
    first = bids.submit(application)
    frozen_before = raw_of(first)

    bids.complete(world, application, pence=9900)
    application.refresh_from_db()
    assert (application.standing, application.state) == (first, ApplicationState.SUBMITTED)
    assert raw_of(Submission.objects.get(pk=first.pk)) == frozen_before
    second = bids.submit(application)

    application.refresh_from_db()
    assert (application.standing, second.number) == (second, 2)
    assert own_submission(second, user=world.alice)["prices"][0]["pence"] == 9900
    assert own_submission(first, user=world.alice)["prices"][0]["pence"] == bids.PRICE


def test_replacing_a_document_does_not_touch_what_was_submitted(world, application):
    made = bids.submit(application)
    before = own_submission(made, user=world.alice)["evidence"]

    bids.newer(world.ash_house.items.get(title="Safeguarding policy"))

    assert own_submission(made, user=world.alice)["evidence"] == before


def test_withdrawn_counts_for_nothing_and_can_be_submitted_again(world, application):
    first = bids.submit(application)

    taken = actions.withdraw(application=application, by=world.alice)
    application.refresh_from_db()
    assert (application.state, application.standing) == (ApplicationState.WITHDRAWN, None)
    assert (taken, taken.withdrawn_by) == (first, world.alice)
    with pytest.raises(Refused, match="nothing to withdraw"):
        actions.withdraw(application=application, by=world.alice)
    second = bids.submit(application)

    application.refresh_from_db()
    assert (application.standing, second.number) == (second, 2)
    assert own_submission(first, user=world.alice)["submission"] == 1


def test_what_is_missing_in_one_lot_never_blocks_another(world, application):
    framework = application.framework
    lot = framework.lots.get(number="2")
    answers = dict(own_bid(application, user=world.alice).draft["prices"].answers)
    answers.pop(f"price_{lot.price_lines.get().pk}_0")
    bids.typed(application, {"prices": answers})

    with pytest.raises(Refused, match="Something is missing") as refusal:
        bids.submit(application)
    assert refusal.value.field == "accept_incomplete"
    made = bids.submit(application, accept_incomplete=True)

    read = own_submission(made, user=world.alice)["read"]["lots"]
    assert [(one["complete"], one["missing"]) for one in read] == [
        (True, []),
        (False, ["Prices: Enter your price for lot 2, “Half-day session”"]),
    ]


@pytest.mark.parametrize(
    ("part", "words"), [("lots", "Choose at least one lot"), ("declarations", "Make the declarations")]
)
def test_without_a_lot_or_the_declarations_nothing_is_submitted(application, part, words):
    bids.typed(application, {part: {}})

    with pytest.raises(Refused, match=words):
        bids.submit(application, accept_incomplete=True)

    assert Submission.objects.count() == 0


def test_prices_for_each_part_are_frozen_for_each_part(world):
    application = bids.applied(world)
    Policies.objects.filter(framework=application.framework).update(pool="sub_lot")

    made = bids.submit(bids.complete(world, application))

    prices = own_submission(made, user=world.alice)["prices"]
    assert [f"{row['lot_number']}{row['letter']}" for row in prices] == ["1B", "1C", "2A", "2B", "2C"]


def test_a_withdrawn_framework_takes_nothing_and_says_so(application):
    Framework.objects.filter(pk=application.framework_id).update(state="withdrawn")

    with pytest.raises(Refused, match="What you wrote is kept"):
        bids.submit(application)


def test_a_submission_costs_few_queries(application, django_assert_max_num_queries):
    with django_assert_max_num_queries(38):
        bids.submit(application)


def test_references_can_be_read_out():
    drawn = {reference(random.Random(seed).choice) for seed in range(200)}

    assert len(drawn) == 200
    assert all(re.fullmatch(f"[{ALPHABET}]{{5}}-[{ALPHABET}]{{5}}", one) for one in drawn)
    assert set(ALPHABET) & set("AEIOU01SL") == set()


@pytest.mark.parametrize("size", [0, 1, frozen.PAGE - 1, frozen.PAGE, frozen.PAGE + 1])
def test_what_is_sealed_is_whole_pages_long(size):
    raw = b"x" * size + b"}"

    assert len(frozen.padded(raw)) % frozen.PAGE == 0
    assert frozen.unpadded(frozen.padded(raw)) == raw


@pytest.mark.parametrize("changes", [{"nonce": "2"}, {"submitted_at": "now"}, {"reference": "B"}, {"read": {}}])
def test_when_and_under_which_number_is_no_content(changes):
    document = {
        "nonce": "1",
        "submitted_at": "then",
        "reference": "A",
        "submission": 1,
        "read": {"on": "x"},
        "lots": [],
    }

    assert frozen.content_of(document) == frozen.content_of(document | changes)
    assert frozen.content_of(document) != frozen.content_of(document | {"lots": [1]})
