"""URLs of a round: the log is for anybody, a thread for its bidder's leads, the rest for the buyer's officers."""

from __future__ import annotations

from tests.house.matrix import Row
from tests.providers.rounds import ask_help, asked, followed, open_round, proposed, published_answer


def _framework(world):
    return (open_round(world).pk,)


def _question(world):
    return (asked(world, open_round(world)).pk,)


def _answer(world):
    return (published_answer(world, open_round(world)).pk,)


def _application(world):
    return (followed(world, open_round(world)).pk,)


def _thread(world):
    framework = open_round(world)
    message = ask_help(world, framework)
    return (framework.pk, message.application.alias.removeprefix("Bidder "))


def _help(world):
    return (ask_help(world, open_round(world)).pk,)


def _change(world):
    return (proposed(world).pk,)


OFFICERS = {"max": 200}
LEADS = {"alice": 200, "charlie": 200}
INSIDE = {"max": 200, "ada": 403, "eve": 403, "fay": 403}
ROUND = {"max": 200, "ada": 200}

ROWS: dict[str, Row] = {
    "clarifications": Row(others=200, nobody=200, args=_framework),
    "ask_question": Row(others=403, roles=LEADS, args=_framework),
    "my_questions": Row(others=403, roles=LEADS, args=_framework),
    "questions": Row(others=403, roles=OFFICERS, args=_framework),
    "add_clarification": Row(others=403, roles=OFFICERS, args=_framework),
    "answer_question": Row(others=404, roles=INSIDE | {"alice": 403}, args=_question),
    "edit_answer": Row(others=403, roles=OFFICERS, args=_answer),
    "bid_messages": Row(others=404, roles={"alice": 200}, args=_application),
    "ask_for_help": Row(others=404, roles={"alice": 200}, args=_application),
    "round": Row(others=403, roles=ROUND, args=_framework),
    "messages_of_round": Row(others=403, roles=OFFICERS, args=_framework),
    "bidder_messages": Row(others=403, roles=OFFICERS, args=_thread),
    "help_queue": Row(others=403, roles=OFFICERS, args=_framework),
    "answer_help": Row(others=404, roles=INSIDE | {"alice": 403}, args=_help),
    "extend_deadline": Row(others=403, roles=OFFICERS, args=_framework),
    "propose_outage_deadline": Row(others=403, roles=OFFICERS, args=_framework),
    "confirm_outage_deadline": Row(others=404, roles={"max": 200, "ada": 200, "eve": 403, "fay": 403}, args=_change),
    "drop_outage_deadline": Row(
        others=404, roles={"max": 302, "ada": 302, "eve": 403, "fay": 403}, args=_change, method="post"
    ),
}
