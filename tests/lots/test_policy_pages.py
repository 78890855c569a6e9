"""Deciding policies, as Max does it for Larkshire."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from core import access
from lots.actions import policies as actions
from lots.models import Decision, Policies
from lots.rules.policy_list import TOPIC
from lots.rules.refusals import Refused
from tests.frameworks import make_framework

NOTICE = {"ocid": "ocds-h6vhtk-000001"}
UPPER = {"margin_percent": "20", "sides": "upper"}
WORDS = {"reason": "The notice says both", "clarification": "To all bidders: at most the average plus 20%."}


def page_of(framework, topic="margin"):
    return reverse("framework_policy", args=[framework.pk, topic])


def decide(framework, by, values, topic="margin", reason="Because", clarification="To all"):
    return actions.decide_policies(
        framework=framework, topic=TOPIC[topic], values=values, reason=reason, clarification=clarification, by=by,
        at=timezone.now(),
    )  # fmt: skip


def test_max_chooses_between_the_two_wordings_with_a_reason_and_a_text_to_all(world, sign_in):
    framework, client = make_framework(world, **NOTICE), sign_in(world.max)
    assert (
        "7 policies must be decided"
        not in client.get(reverse("framework_policies", args=[framework.pk])).content.decode()
    )

    answer = client.post(page_of(framework), UPPER | WORDS)

    assert answer.status_code == 302
    made = list(Decision.objects.filter(framework=framework).order_by("id"))
    assert [(row.about, row.option, row.reason, row.clarification, row.decided_by) for row in made] == [
        ("margin_percent", "20", *WORDS.values(), world.max),
        ("sides", "upper", *WORDS.values(), world.max),
    ]
    assert Event.objects.filter(action="lots.decision.made").count() == 2
    event = Event.objects.get(action="lots.policies.decided")
    assert (event.organisation_id, event.data) == (world.larkshire.pk, {"topic": "margin", "decisions": 2})
    text = client.get(page_of(framework)).content.decode()
    assert "The notice says both" in text
    assert "To all bidders: at most the average plus 20%." in text


@pytest.mark.parametrize(
    ("sent", "field", "message"),
    [
        (UPPER, "reason", "Enter a reason: it decides who wins, and the notice does not settle it"),
        (UPPER | {"sides": "both"}, "reason", "Enter a reason: this is not what stands pre-selected"),
        (UPPER | {"reason": "Both"}, "clarification", "Enter the text that goes to all bidders"),
        (UPPER | {"margin_percent": "120"}, "margin_percent", "Margin: enter a whole number from 0 to 100"),
        (UPPER | {"margin_percent": ""}, "margin_percent", "Margin: enter a whole number"),
        (UPPER | {"sides": "left"}, "sides", "Which side: choose one of the options"),
        (UPPER | {"reason": "a\x00b"}, "reason", "The reason"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_typed_is_lost(world, sign_in, sent, field, message):
    framework = make_framework(world, **NOTICE)

    page = sign_in(world.max).post(page_of(framework), {"clarification": "", "reason": ""} | sent)

    assert page.status_code == 200
    assert message in " ".join(page.context["form"].errors[field])
    assert "govuk-error-summary" in page.content.decode()
    assert Decision.objects.count() == 0


def test_without_a_notice_the_pre_selected_needs_no_reason_and_there_is_no_text_to_all(world, sign_in):
    framework, client = make_framework(world), sign_in(world.max)

    assert "Text that goes to all bidders</label>" not in client.get(page_of(framework)).content.decode()
    assert client.post(page_of(framework), UPPER | {"reason": ""}).status_code == 302

    assert Decision.objects.filter(framework=framework, reason="", clarification="").count() == 2


def test_a_new_decision_replaces_the_last_one_and_both_stay(world, sign_in):
    framework, client = make_framework(world, **NOTICE), sign_in(world.max)
    client.post(page_of(framework), UPPER | WORDS)
    client.post(page_of(framework), UPPER | WORDS | {"sides": "both", "reason": "Legal advice"})

    assert Policies.objects.get(framework=framework).sides == "both"
    sides = Decision.objects.filter(framework=framework, about="sides").order_by("id")
    assert [(row.option, row.replaced_at is None) for row in sides] == [("upper", False), ("both", True)]
    text = client.get(page_of(framework)).content.decode()
    assert "Replaced" in text
    assert "Legal advice" in text


def test_saving_the_same_again_decides_nothing_anew(world, sign_in):
    framework, client = make_framework(world, **NOTICE), sign_in(world.max)
    client.post(page_of(framework), UPPER | WORDS)
    client.post(page_of(framework), UPPER | WORDS)

    assert Decision.objects.count() == 2


TOPIC_VALUES = [
    ("price-review", {"price_review": "cpi", "review_cap_percent": "3", "review_on_0": "1", "review_on_1": "3",
                      "review_on_2": "2028", "reason": "Inflation"}, {"review_cap_percent": 3, "price_review": "cpi"}),
    ("lots-that-come", {"auto_places": "no", "reason": "None"}, {"auto_places": False}),
    ("selection", {"selection": "lowest_cost", "departures": "Travel\r\nContinuity", "reason": "Fewer"},
     {"departures": "Travel\nContinuity"}),
    ("charging", {"charge_attended": "100%", "charge_absent_told": " 50 ", "charge_absent_not_told": "100",
                  "charge_closed": "0", "charge_cancelled": "100", "notice_hours": "48", "reason": "Fair"},
     {"charge_absent_told": 50, "notice_hours": 48}),
    ("limits", {"lot_limit": "lots", "over_limit_rule": "Lowest price first", "reason": ""},
     {"over_limit_rule": "Lowest price first"}),
]  # fmt: skip


@pytest.mark.parametrize(("topic", "sent", "kept"), TOPIC_VALUES, ids=[row[0] for row in TOPIC_VALUES])
def test_every_kind_of_policy_is_typed_kept_and_shown(world, sign_in, topic, sent, kept):
    framework, client = make_framework(world), sign_in(world.max)

    assert client.post(page_of(framework, topic), sent).status_code == 302

    policies = Policies.objects.get(framework=framework)
    assert {code: getattr(policies, code) for code in kept} == kept
    assert client.get(page_of(framework, topic)).status_code == 200
    assert "Decided" in client.get(reverse("framework_policies", args=[framework.pk])).content.decode()


def test_a_review_by_the_index_without_its_cap_is_refused_at_the_field(world, sign_in):
    framework = make_framework(world)

    page = sign_in(world.max).post(page_of(framework, "price-review"), {"price_review": "cpi", "reason": "Inflation"})

    assert page.context["form"].errors == {"review_cap_percent": ["Enter the cap on a rise"]}


@pytest.mark.parametrize("script", [False, True], ids=["without JavaScript", "with htmx"])
def test_the_example_follows_what_is_chosen_and_nothing_is_saved(world, sign_in, script):
    framework = make_framework(world, **NOTICE)
    headers = {"HX-Request": "true"} if script else {}

    page = sign_in(world.max).post(
        page_of(framework), UPPER | {"margin_percent": "30", "preview": "1", "reason": ""}, headers=headers
    )

    assert "up to £60.77 pass" in page.content.decode()
    assert page.context["form"].errors == {}
    assert (Decision.objects.count(), Policies.objects.get(framework=framework).margin_percent) == (0, 20)


def test_an_example_that_cannot_be_worked_out_says_so(world, sign_in):
    page = sign_in(world.max).post(page_of(make_framework(world)), UPPER | {"margin_percent": "a lot", "preview": "1"})

    assert "cannot be worked out from what is typed" in page.content.decode()


def test_after_publication_the_pages_are_read_only_and_the_action_refuses(world, sign_in):
    framework, client = make_framework(world, published=True), sign_in(world.max)

    assert "<form" not in client.get(page_of(framework)).content.decode().partition("<main")[2]
    page = client.post(page_of(framework), UPPER | {"sides": "both", "reason": "Late"})
    assert "locked when the framework was published" in page.content.decode()
    with pytest.raises(Refused, match="locked"):
        decide(framework, world.max, {"margin_percent": 30, "sides": "upper"})

    assert Policies.objects.get(framework=framework).margin_percent == 20


@pytest.mark.parametrize("who", ["ada", "eve", "olu", "charlie", "ines"])
def test_nobody_but_the_buyers_officers_decides(world, sign_in, who):
    framework = make_framework(world)

    with pytest.raises(access.Denied):
        decide(framework, getattr(world, who), {"margin_percent": 30, "sides": "upper"})
    assert sign_in(getattr(world, who)).post(page_of(framework), UPPER).status_code in {403, 404}
    assert Decision.objects.count() == 0


def test_an_unknown_topic_is_not_found(world, sign_in):
    assert sign_in(world.max).get(page_of(make_framework(world), "no-such-topic")).status_code == 404


@pytest.mark.parametrize("decided", [0, 1, 3])
def test_the_pages_cost_the_same_however_much_was_decided(world, sign_in, django_assert_num_queries, decided):
    framework, client = make_framework(world, **NOTICE), sign_in(world.max)
    for number in range(decided):
        decide(framework, world.max, {"margin_percent": 30 + number, "sides": "upper"})
    client.get(page_of(framework))

    with django_assert_num_queries(6):
        client.get(reverse("framework_policies", args=[framework.pk]))
    with django_assert_num_queries(7):
        client.get(page_of(framework))
