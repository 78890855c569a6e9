"""A provider follows a framework, begins an application and writes it; two people at one part are told."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import Membership
from audit.models import Event
from core import access
from core.crypto import SealBroken
from files.states import FileState
from lots.models import Framework, Standard
from providers.actions import applications as actions
from providers.models import Application
from providers.permissions import applications as permissions
from providers.queries.bids import bid_of, own_bid
from providers.rules import draft, parts
from providers.rules.draft import LARGEST_DRAFT, Part, Stale
from providers.rules.refusals import Refused
from providers.states import ApplicationState
from tests.cast import make_person
from tests.frameworks import AT, make_framework
from tests.providers import bids

EVERYBODY_ELSE = ["bob", "charlie", "max", "ada", "eve", "fay", "olu", "nora", "sana"]


def save(application, code, answers, revision=0, *, by=None):
    return actions.save_part(
        application=application,
        code=code,
        answers=answers,
        revision=revision,
        by=by or bids.lead_of(application.provider),
    )


def draft_of(application) -> dict[str, Part]:
    application.refresh_from_db()
    return own_bid(application, user=bids.lead_of(application.provider)).draft


def test_alice_follows_begins_and_writes(world):
    framework = bids.open_framework(world)

    followed = actions.follow(framework=framework, provider=world.ash_house, by=world.alice, at=AT)
    again = actions.follow(framework=framework, provider=world.ash_house, by=world.alice, at=AT)
    assert (again, followed.state) == (followed, ApplicationState.FOLLOWING)
    started = actions.start(framework=framework, provider=world.ash_house, by=world.alice)
    assert started == followed
    part = save(started, "conflicts", {"worked": "no"})
    assert part.revision == 1

    started.refresh_from_db()
    assert (started.state, started.revision) == (ApplicationState.DRAFT, 2)
    assert draft_of(started)["conflicts"].answers == {"worked": "no"}
    assert draft_of(started)["conflicts"].saved_by == world.alice.pk
    assert list(Event.objects.order_by("id").values_list("action", flat=True)) == [
        "providers.application.followed",
        "providers.application.started",
    ]


def test_what_was_begun_stays_as_it_is_when_it_is_begun_again(world):
    application = bids.applied(world)
    save(application, "conflicts", {"worked": "no"})

    again = actions.start(framework=application.framework, provider=world.ash_house, by=world.alice)

    assert again == application
    assert draft_of(application)["conflicts"].answers == {"worked": "no"}


def test_the_name_that_the_buyer_reads_tells_nothing_and_is_nobody_elses(world, monkeypatch):
    framework, drawn = bids.open_framework(world), iter("AAAAAAAAAABBBBB")
    monkeypatch.setattr("providers.steps.following.secrets.choice", lambda letters: next(drawn))

    first = actions.follow(framework=framework, provider=world.ash_house, by=world.alice, at=AT)
    second = actions.follow(framework=framework, provider=world.birch_farm, by=world.charlie, at=AT)

    assert (first.alias, second.alias) == ("Bidder AAAAA", "Bidder BBBBB")


@pytest.mark.parametrize("who", EVERYBODY_ELSE)
def test_nobody_else_follows_begins_writes_or_reads(world, who):
    application, person = bids.applied(world), getattr(world, who)
    framework, provider = application.framework, world.ash_house

    with pytest.raises(access.Denied):
        actions.follow(framework=framework, provider=provider, by=person, at=AT)
    with pytest.raises(access.Denied):
        actions.start(framework=framework, provider=provider, by=person)
    with pytest.raises(access.Denied):
        save(application, "conflicts", {"worked": "no"}, by=person)
    with pytest.raises(access.Denied):
        own_bid(application, user=person)
    with pytest.raises(access.Denied):
        bid_of(application, user=person, today=timezone.localdate())
    assert list(Application.objects.visible_to(person)) == []


def test_whoever_stopped_leading_meanwhile_writes_nothing(world):
    application = bids.applied(world)
    own_bid(application, user=world.alice)
    Membership.objects.filter(user=world.alice).update(ended_at=AT, person_name="")

    with pytest.raises(access.Denied):
        save(application, "conflicts", {"worked": "no"}, by=world.alice)


@pytest.mark.parametrize(
    ("who", "can"),
    [("alice", (True, True)), ("bob", (False, False)), ("charlie", (True, False)), ("max", (False, False))],
)
def test_who_may_apply(world, who, can):
    framework, person = make_framework(world, published=True), getattr(world, who)

    found = permissions.can_apply(person, framework), permissions.can_apply_for(person, world.ash_house)

    assert found == can
    assert not permissions.can_apply(person, Framework(state="draft"))
    assert not permissions.can_apply_for(person, world.larkshire)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("draft", "not published yet"),
        ("withdrawn", "was withdrawn"),
        ("running", "deadline has passed"),
        ("ended", "deadline has passed"),
    ],
)
def test_a_framework_that_takes_no_applications_is_neither_followed_nor_applied_to(world, state, words):
    framework = bids.open_framework(world)
    Framework.objects.filter(pk=framework.pk).update(state=state, awarded_at=AT, ended_at=AT)

    with pytest.raises(Refused, match=words):
        actions.start(framework=framework, provider=world.ash_house, by=world.alice)
    with pytest.raises(Refused, match="nothing to follow"):
        actions.follow(framework=framework, provider=world.ash_house, by=world.alice, at=AT)
    assert Application.objects.count() == 0


def test_what_is_only_followed_is_not_written_or_submitted(world):
    followed = actions.follow(framework=bids.open_framework(world), provider=world.ash_house, by=world.alice, at=AT)

    with pytest.raises(Refused, match="not begun yet"):
        save(followed, "conflicts", {"worked": "no"})
    with pytest.raises(Refused, match="not begun yet"):
        bids.submit(followed, accept_incomplete=True)


def test_two_tabs_on_one_part_are_told_and_nothing_is_written_over(world):
    application = bids.applied(world)
    save(application, "conflicts", {"worked": "no"})

    with pytest.raises(Stale) as stale:
        save(application, "conflicts", {"worked": "yes"}, revision=0)

    assert stale.value.theirs.answers == {"worked": "no"}
    assert draft_of(application)["conflicts"].answers == {"worked": "no"}


def test_two_tabs_on_two_parts_never_meet(world):
    application = bids.applied(world)

    save(application, "conflicts", {"worked": "no"})
    save(application, "connected", {"name_1": "Alice"})

    assert {code: part.revision for code, part in draft_of(application).items()} == {"conflicts": 1, "connected": 1}


def test_a_draft_that_is_too_long_is_refused_calmly_and_what_was_saved_stays(world):
    application = bids.applied(world)
    save(application, "conflicts", {"worked": "no"})

    with pytest.raises(Refused, match="everything saved before is kept"):
        save(application, "connected", {"name_1": "x" * LARGEST_DRAFT})

    assert list(draft_of(application)) == ["conflicts"]


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "\x00", "😀" * 100, "\u202eabc", "é\ud800", "a" * 1_000_000]
)
def test_whatever_is_typed_comes_back_as_it_was(world, text):
    application = bids.applied(world)

    save(application, "conflicts", {"worked_details": text})

    assert draft_of(application)["conflicts"].answers == {"worked_details": text}


@pytest.mark.parametrize(
    "code", ["standard:{theirs}", "standard:0{ours}", "standard:", "standard:9" + "9" * 30, "x", ""]
)
def test_a_part_that_the_framework_does_not_ask_for_is_not_kept(world, code):
    """Nor one of another framework, whose standards are nobody's business here."""
    application, elsewhere = bids.applied(world), bids.open_framework(world)
    theirs, ours = (
        Standard.objects.get(number="1.1", theme__version__framework=one).pk
        for one in (elsewhere, application.framework)
    )

    with pytest.raises(Refused, match="asks for no such part"):
        save(application, code.format(theirs=theirs, ours=ours), {"answer": "x"})

    assert draft_of(application) == {}
    assert save(application, f"standard:{ours}", {"answer": "x"}).revision == 1


def test_the_draft_is_sealed_and_its_length_tells_nothing(world):
    application = bids.complete(world, bids.applied(world))
    small = bids.applied(world, application.framework, world.birch_farm)

    assert b"Safeguarding" not in bytes(application.draft_sealed)
    assert len(application.draft_sealed) == len(small.draft_sealed)


def test_a_draft_that_was_changed_in_the_database_is_not_read(world):
    application = bids.applied(world)
    Application.objects.filter(pk=application.pk).update(draft_sealed=bytes(application.draft_sealed)[:-1] + b"!")
    application.refresh_from_db()

    with pytest.raises(SealBroken):
        own_bid(application, user=world.alice)


def test_the_draft_of_one_application_cannot_be_put_in_the_place_of_another(world):
    ours = bids.complete(world, bids.applied(world))
    theirs = bids.applied(world, ours.framework, world.birch_farm)
    Application.objects.filter(pk=theirs.pk).update(draft_sealed=ours.draft_sealed)
    theirs.refresh_from_db()

    with pytest.raises(SealBroken):
        own_bid(theirs, user=world.charlie)


def test_the_library_holds_replaced_versions_that_are_named_and_nobody_elses(world):
    application = bids.applied(world)
    old, theirs = bids.held(world.ash_house), bids.held(world.birch_farm)
    new = bids.newer(old.item)
    bids.typed(application, {"standard:1": {"evidence_1": [str(old.pk), str(theirs.pk)]}})

    bid = bid_of(bids.seen(application), user=world.alice, today=timezone.localdate())

    assert {pk: held.is_current for pk, held in bid.context.library.items()} == {old.pk: False, new.pk: True}


def test_an_infected_document_is_named_and_one_that_is_being_checked_is_no_obstacle(world):
    application = bids.complete(world, bids.applied(world))
    [standard] = [one for one in bid_at(application).context.offer.standards if one.evidence]
    found = {}

    for state in FileState:
        version = bids.newer(bids.held(world.ash_house, f"Policy {state}").item, state=state)
        answers = {"answer": "Yes", f"evidence_{standard.evidence[0].pk}": [str(version.pk)]}
        bids.typed(application, {f"standard:{standard.pk}": answers})
        found[state] = [one.text for one in bid_at(application).problems]

    assert found[FileState.CLEAN] == found[FileState.PENDING] == []
    assert "Policy infected" in found[FileState.INFECTED][0]


def bid_at(application):
    application = bids.seen(application)
    return bid_of(application, user=bids.lead_of(application.provider), today=timezone.localdate())


def test_the_whole_application_is_read_in_a_few_queries(world, django_assert_max_num_queries):
    application = bids.seen(bids.complete(world, bids.applied(world)))

    with django_assert_max_num_queries(11):
        bid_of(application, user=world.alice, today=timezone.localdate())


def test_two_leads_of_two_providers_have_a_bid_each(world):
    framework = bids.open_framework(world)
    person = make_person("lee")
    for provider in (world.ash_house, world.birch_farm):
        Membership.objects.create(
            user=person, organisation=provider, role="provider_lead", given_at=AT, person_name="Lee"
        )

    made = [
        actions.start(framework=framework, provider=provider, by=person)
        for provider in (world.ash_house, world.birch_farm)
    ]

    assert {one.provider for one in made} == {world.ash_house, world.birch_farm}


class TestDrafts:
    """The rules of a draft, and of its parts."""

    def test_a_draft_survives_being_written_down(self):
        whole = {"lots": Part({"a": "1", "b": ["2", "3"]}, 4, "2026-01-01", 5, True)}

        assert draft.from_bytes(draft.to_bytes(whole)) == whole

    def test_what_was_carried_over_is_looked_at_once_it_is_saved(self):
        was = {"lots": Part({"a": "1"}, 1, carried=True)}

        now = draft.changed(was, "lots", {"a": "1"}, revision=1, saved_at="now", saved_by=1)

        assert (now["lots"].carried, now["lots"].revision) == (False, 2)

    @pytest.mark.parametrize(
        ("answers", "named"),
        [
            ({"evidence_1": ["4", "5"]}, {4, 5}),
            ({"evidence_cdp": "6"}, {6}),
            ({"evidence_1": ["", "x", "-1", "٣", "9" * 40]}, set()),
            ({"answer": "7"}, set()),
        ],
    )
    def test_named_versions_are_those_in_fields_of_evidence(self, answers, named):
        assert parts.named_versions({"standard:1": Part(answers)}) == named

    @pytest.mark.parametrize("code", ["standard:", "standard:x", "standard:٣", "standard:99", "lots", "nonsense"])
    def test_a_code_that_names_no_standard_names_none(self, code, world):
        offer = bid_at(bids.applied(world)).context.offer

        assert parts.standard_of(code, offer) is None
