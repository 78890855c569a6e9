"""Conflicts of interest, as the bidder knows them (section 81: the buyer must identify them and keep them under review,
and cannot see those on the bidder's side)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from providers.rules.draft import Answers
from providers.rules.reading import Context, Problem, Reading
from providers.rules.typed import YES, begun, text, yes_or_no


@dataclass(frozen=True)
class Asked:
    """One question. `{buyer}` in it is the buyer's name; `about` names it in an error."""

    code: str
    question: str
    hint: str
    about: str


QUESTIONS = (
    Asked(
        "worked",
        "Does anybody who owns, runs or works for you work for {buyer} now, or did so in the last 2 years?",
        "Include governors, councillors, agency staff and people on leave",
        "people who work or worked for the buyer",
    ),
    Asked(
        "close",
        "Is anybody of yours family, a partner or a close friend of somebody at {buyer} who could influence this?",
        "Influence is wider than the vote: it includes whoever writes questions, gives advice or places pupils",
        "family and friends at the buyer",
    ),
    Asked(
        "interest",
        "Does anybody at {buyer} have money in your organisation, or gain when you are given work?",
        "For example shares, a loan, rent, a second job or a family firm that supplies you",
        "money and interests",
    ),
    Asked(
        "prepared",
        "Did you help {buyer} to prepare this framework, beyond meetings that were open to all?",
        "For example by advice on the specification, on prices or on the quality standards",
        "help with preparing the framework",
    ),
)


def read(answers: Answers, context: Context) -> Reading:
    """Every question has an answer; a yes says who (by role), when and what, and what could be done about it."""
    return Reading(
        values={"questions": [_of(asked, answers, context.offer.buyer) for asked in QUESTIONS]},
        problems=tuple(_problems(answers)),
        begun=begun(answers),
    )


def _of(asked: Asked, answers: Answers, buyer: str) -> dict:
    said = {"code": asked.code, "question": asked.question.replace("{buyer}", buyer)}
    said |= {"answer": yes_or_no(answers, asked.code)}
    if said["answer"] == YES:
        said |= {"details": text(answers, f"{asked.code}_details"), "steps": text(answers, f"{asked.code}_steps")}
    return said


def _problems(answers: Answers) -> Iterator[Problem]:
    if not begun(answers):
        yield Problem("Answer the questions about conflicts of interest", QUESTIONS[0].code)
        return
    for asked in QUESTIONS:
        answer = yes_or_no(answers, asked.code)
        if not answer:
            yield Problem(f"Answer yes or no: {asked.about}", asked.code)
        if answer == YES and not text(answers, f"{asked.code}_details"):
            yield Problem(f"You answered yes about {asked.about}: say who, when and what", f"{asked.code}_details")
