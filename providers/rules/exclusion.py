"""Exclusion grounds: what a bidder says of itself and of those whom it works with (sections 26 to 28 and 57 to 62).

A yes costs nothing here. The buyer decides, after hearing what was done since (section 58); nothing in this portal
leaves anybody out by itself."""

from __future__ import annotations

from collections.abc import Iterator

from providers.rules.draft import Answers
from providers.rules.grounds import GROUNDS, LIKELY, WHO, Ground
from providers.rules.reading import Context, Problem, Reading
from providers.rules.typed import YES, begun, lower_first, text, texts, yes_or_no

DEBARRED = "debarred"
FIELDS = {"what": "say what happened", "when": "say when", "since": "say what was done since"}


def read(answers: Answers, context: Context) -> Reading:
    """Every ground has an answer; a yes says about whom, what, when, what was done since (self-cleaning, section 58)
    and whether it is likely to happen again. The debarment list is asked about by itself (sections 59 to 62)."""
    if not begun(answers):
        return Reading(values={}, problems=(Problem("Answer the questions about exclusion", GROUNDS[0].code),))
    return Reading(
        values={
            "grounds": [_of(ground, answers) for ground in GROUNDS],
            "debarred": yes_or_no(answers, DEBARRED),
            "debarred_details": text(answers, f"{DEBARRED}_details"),
        },
        problems=(*(found for ground in GROUNDS for found in _missing(ground, answers)), *_debarment(answers)),
        begun=True,
    )


def _of(ground: Ground, answers: Answers) -> dict:
    said = {"ground": ground.code, "title": ground.title, "source": ground.source}
    said |= {"answer": yes_or_no(answers, ground.code)}
    if said["answer"] == YES:
        said |= {"who": [one for one in texts(answers, f"{ground.code}_who") if one in WHO]}
        said |= {name: text(answers, f"{ground.code}_{name}") for name in FIELDS}
        likely = _likely(ground, answers)
        said |= {"likely": likely, "likely_name": LIKELY.get(likely, "")}
        said |= {"who_names": [WHO[one] for one in said["who"]]}
    return said


def _missing(ground: Ground, answers: Answers) -> Iterator[Problem]:
    about = lower_first(ground.title)
    said = _of(ground, answers)
    if not said["answer"]:
        yield Problem(f"Answer yes or no: {about}", ground.code)
    if said["answer"] != YES:
        return
    if not said["who"]:
        yield Problem(f"You answered yes about {about}: say whom it concerns", f"{ground.code}_who")
    for name, words in FIELDS.items():
        if not said[name]:
            yield Problem(f"You answered yes about {about}: {words}", f"{ground.code}_{name}")
    if not said["likely"]:
        words = "say whether it is likely to happen again"
        yield Problem(f"You answered yes about {about}: {words}", f"{ground.code}_likely")


def _likely(ground: Ground, answers: Answers) -> str:
    value = text(answers, f"{ground.code}_likely")
    return value if value in LIKELY else ""


def _debarment(answers: Answers) -> Iterator[Problem]:
    answer = yes_or_no(answers, DEBARRED)
    if not answer:
        yield Problem("Answer yes or no: the debarment list", DEBARRED)
    if answer == YES and not text(answers, f"{DEBARRED}_details"):
        yield Problem("Say who is on the debarment list, and for what", f"{DEBARRED}_details")
