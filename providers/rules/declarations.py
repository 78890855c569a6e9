"""What a bidder declares before it submits, and who declares it. Nothing can be submitted without it: a bid that nobody
stands behind is none. Declarations are made once; changing another part afterwards does not undo them, and the page
that checks the answers says when they were made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lots.rules.timetable import in_words
from providers.rules.draft import Answers
from providers.rules.offer import Offer
from providers.rules.reading import Context, Problem, Reading
from providers.rules.typed import begun, text, texts


@dataclass(frozen=True)
class Declared:
    """One declaration; `about` names it in an error. `{buyer}` and `{until}` are filled in."""

    code: str
    text: str
    about: str


DECLARATIONS = (
    Declared(
        "true",
        "What this application says is true and complete, and we will tell {buyer} at once if that changes.",
        "what you say is true and complete",
    ),
    Declared(
        "recruitment",
        "Nobody works with children for us before all checks are complete. We uploaded no certificate of the "
        "Disclosure and Barring Service, only what our own record says of it.",
        "safer recruitment",
    ),
    Declared(
        "visits",
        "We accept visits without notice, at least once in each half-term, and make it possible for the pupil’s school "
        "to meet the pupil face to face each week.",
        "visits without notice",
    ),
    Declared(
        "data",
        "We keep to data protection law, are registered with the Information Commissioner where we have to be, and "
        "share information that a child’s safety needs.",
        "data protection",
    ),
    Declared("prices", "Our prices can be accepted {until}, and hold after that as the framework says.", "prices"),
    Declared(
        "collusion",
        "We made our prices and this application ourselves, and agreed or discussed them with no other bidder.",
        "no agreement with other bidders",
    ),
    Declared(
        "freedom",
        "We understand that {buyer} answers requests under the Freedom of Information Act, and may have to publish "
        "parts of what we send once the award is made.",
        "freedom of information",
    ),
)
FIELD = "declared"
SIGNED = {"name": "Enter the name of whoever declares this", "position": "Enter their position in your organisation"}


def texts_for(offer: Offer) -> dict[str, str]:
    """The declarations as this framework's bidders read them, by code."""
    day = offer.award_by_on
    until = f"until {in_words(day)}" if day else "until the framework is awarded"
    return {one.code: one.text.replace("{buyer}", offer.buyer).replace("{until}", until) for one in DECLARATIONS}


def read(answers: Answers, context: Context) -> Reading:
    """Each declaration ticked, with the name and position of who makes them. Until then nothing can be submitted."""
    words, made = texts_for(context.offer), texts(answers, FIELD)
    problems = tuple(_problems(answers))
    return Reading(
        values={
            "declared": [{"code": code, "text": words[code]} for code in words if code in made],
            "made": not problems,
        }
        | {name: text(answers, name) for name in SIGNED},
        problems=problems,
        begun=begun(answers),
    )


def _problems(answers: Answers) -> Iterator[Problem]:
    if not begun(answers):
        yield Problem("Make the declarations", FIELD, stops=True)
        return
    for one in DECLARATIONS:
        if one.code not in texts(answers, FIELD):
            yield Problem(f"Tick the declaration about {one.about}", FIELD, stops=True)
    for name, words in SIGNED.items():
        if not text(answers, name):
            yield Problem(words, name, stops=True)
