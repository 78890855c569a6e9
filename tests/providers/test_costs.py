"""What every page of applications costs in queries: the same with one row of everything and with three."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lots.models import Evidence, Standard
from lots.states import EvidenceKind
from providers import urls, urls_profile, urls_round, urls_standards, urls_submit
from providers.models import Application
from tests.providers import bids, library, rounds

# By the name of the address: who opens it, what it is about, and its queries. Lists have eight at most, others fifteen.
# Saving and sending cost more: that is not counted here.
LISTS = {
    "library": ("alice", "provider", 6),
    "applications": ("alice", "provider", 5),
    "clarifications": ("alice", "framework", 6),
    "my_questions": ("alice", "framework", 5),
    "questions": ("max", "framework", 5),
    "messages_of_round": ("max", "framework", 6),
    "help_queue": ("max", "framework", 6),
    "bid_messages": ("alice", "application", 5),
    "bidder_messages": ("max", "thread", 7),
}
PAGES = {
    "provider_profile": ("alice", "provider", 10),
    "edit_profile": ("alice", "group", 5),
    "add_site": ("alice", "provider", 5),
    "change_site": ("alice", "site", 4),
    "close_site": ("alice", "site", 4),
    "add_insurance": ("alice", "provider", 5),
    "change_insurance": ("alice", "insurance", 5),
    "remove_insurance": ("alice", "insurance", 4),
    "add_accreditation": ("alice", "provider", 4),
    "change_accreditation": ("alice", "accreditation", 4),
    "remove_accreditation": ("alice", "accreditation", 4),
    "provider": ("alice", "provider", 9),
    "add_item": ("alice", "provider", 4),
    "item": ("alice", "item", 5),
    "replace_item": ("alice", "item", 4),
    "rename_item": ("alice", "item", 4),
    "remove_item": ("alice", "item", 4),
    "download_version": ("alice", "version", 4),
    "apply": ("alice", "framework", 6),
    "application_clock": ("alice", "framework", 4),
    "application": ("alice", "application", 14),
    "edit_part": ("alice", "part", 13),
    "upload_supplier_information": ("alice", "application", 4),
    "application_standards": ("alice", "application", 13),
    "edit_standard": ("alice", "standard", 13),
    "upload_evidence": ("alice", "evidence", 7),
    "what_is_missing": ("alice", "application", 13),
    "self_check": ("alice", "framework", 11),
    "check_application": ("alice", "application", 13),
    "withdraw_application": ("alice", "application", 4),
    "submission": ("alice", "submission", 6),
    "submission_file": ("alice", "submission", 5),
    "receipt": ("alice", "submission", 5),
    "ask_question": ("alice", "framework", 4),
    "ask_for_help": ("alice", "application", 4),
    "add_clarification": ("max", "framework", 4),
    "answer_question": ("max", "question", 5),
    "edit_answer": ("max", "answer", 5),
    "answer_help": ("max", "help", 6),
    "round": ("max", "framework", 11),
    "extend_deadline": ("max", "framework", 5),
    "propose_outage_deadline": ("max", "passed", 6),
    "confirm_outage_deadline": ("ada", "change", 4),
}
NOT_COUNTED = {
    "drop_outage_deadline",  # a button
    "submit_application",  # takes what was sent, and shows nothing of its own
    "receipt_pdf",  # the receipt, drawn: tests/providers/test_submit_pages.py
}


def _things(world, rows: int) -> dict[str, list]:
    """So many rows of everything that stands on one of these pages, and what each address is about."""
    framework = bids.open_framework(world)
    theme = Standard.objects.filter(theme__version__framework=framework).first().theme
    for number in range(rows):
        asks = Standard.objects.create(theme=theme, number=f"1.{number + 3}", title="One more", position=number + 3)
        for title in ("Policy", "Register")[:rows]:
            evidence = Evidence.objects.create(standard=asks, kind=EvidenceKind.FILE, title=title)
        document = library.add(world.alice, title=f"Paper {number}")
        about = {
            "site": library.site(world.alice, name=f"Barn {number}"),
            "insurance": library.cover(world.alice, policy_number=f"P{number}"),
            "accreditation": library.accredited(world.alice, by=f"Council {number}"),
        }
        bids.newer(document.item)
        library.on_framework(world, world.ash_house)
        bids.submitted(world)
    application = bids.complete(world, bids.applied(world, framework))
    Application.objects.filter(pk=application.pk).update(alias="Bidder 23456")
    for number in range(rows):
        bids.typed(application, {"conflicts": bids.own_bid(application, user=world.alice).draft["conflicts"].answers})
        answers = {"pecuniary": "no", "note": str(number)}
        submission = bids.submit(bids.typed(application, {"other": answers}), accept_incomplete=True)
        asked = rounds.asked(world, framework)
        answer = rounds.published_answer(world, framework, rounds.asked(world, framework).number)
        help_asked = rounds.ask_help(world, framework)
    change = rounds.proposed(world)
    for number in range(rows):
        rounds.out_of_order(change.framework, began=(50 + 5 * number) * rounds.MINUTE, lasted=rounds.MINUTE)
    return {
        "provider": [world.ash_house.pk],
        "group": [world.ash_house.pk, "about"],
        "framework": [framework.pk],
        "application": [application.pk],
        "part": [application.pk, "prices"],
        "standard": [application.pk, asks.pk],
        "evidence": [application.pk, asks.pk, f"evidence_{evidence.pk}"],
        "item": [document.item.pk],
        "version": [document.version.pk],
        "submission": [submission.pk],
        "thread": [framework.pk, "23456"],
        "question": [asked.pk],
        "answer": [answer.pk],
        "help": [help_asked.pk],
        "passed": [rounds.passed_round(world).pk],
        "change": [change.pk],
    } | {name: [row.pk] for name, row in about.items()}


def test_every_page_is_counted():
    named = {
        one.name
        for module in (urls, urls_profile, urls_round, urls_standards, urls_submit)
        for one in module.urlpatterns
    }

    assert named == {*LISTS, *PAGES, *NOT_COUNTED}
    assert {name for name, (*_, queries) in LISTS.items() if queries > 8} == set()
    assert {name for name, (*_, queries) in PAGES.items() if queries > 15} == set()


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_costs_the_same_with_one_row_and_with_three(world, sign_in, rows):
    about = _things(world, rows)
    clients = {who: sign_in(getattr(world, who)) for who in ("alice", "max", "ada")}
    expected = {name: queries for name, (*_, queries) in (LISTS | PAGES).items()}

    found = {}
    for name, (who, what, _) in (LISTS | PAGES).items():
        with CaptureQueriesContext(connection) as queries:
            answer = clients[who].get(reverse(name, args=about[what]))
        assert (answer.status_code, bool(b"".join(answer))) == (200, True), name  # a file is closed at its end
        found[name] = len([one for one in queries if "clock_timestamp" not in one["sql"]])

    assert {name: n for name, n in found.items() if n != expected[name]} == {}
