"""The five key performance indicators that buyers of alternative provision publish, in our own words: what a buyer puts
on an agreement with one button and changes afterwards. 32 lines, 29 of them distinct: what is asked of outcomes is
asked of the quality of education too, and stands in both. 27 say what must be so, two ask."""

from __future__ import annotations

from contracts.rules.kpis import KpiText, LineText
from contracts.states import Asked, Fed, LineKind, Side
from lots.rules.dfe_parts import ADMIT, HEALTH, OUTCOME, SAFE, TEACH


def _said(text: str) -> LineText:
    """What hardly changes: asked each term, and when something changes."""
    return LineText(text, asked=Asked.TERM)


def _fed(text: str, fed: Fed) -> LineText:
    """What the records of the portal answer, day by day."""
    return LineText(text, fed=fed)


def _question(text: str, side: Side) -> LineText:
    return LineText(text, kind=LineKind.QUESTION, side=side)


_SHARED = (
    _said(
        "Goals are set for each pupil and progress towards them is watched, with a return to school in mind where that "
        "is right; when a pupil falls behind, something is done"
    ),
    _said("A pupil who does less well than they could gets the help that fits"),
    _said("The provider looks regularly at whether what it was asked to deliver works"),
)

FIVE: tuple[KpiText, ...] = (
    KpiText(
        SAFE,
        (
            _said(
                "Everybody who works here and everybody who owns the place was checked before they began, with an "
                "enhanced DBS check; one central record holds every check, and nobody who fails one is employed"
            ),
            _said(
                "Policies and procedures that keep children safe are written down, and whoever needs them can find them"
            ),
            _said("Staff know what those policies say and work by them"),
            _fed("Concerns are written down, passed on and followed up in a set way", Fed.CONCERNS),
            _said("Only registered pupils, staff and visitors who are accompanied come onto the site"),
            _said("A trained safeguarding lead is named for the setting, and the training is on record"),
            _said(
                "A child with a health condition, a disability or special educational needs has a plan of their own "
                "where one helps"
            ),
            _question(
                "Has the council checked the quality of this unregistered provision against a set of objective "
                "standards?",
                Side.BUYER,
            ),
            _question(
                "Does the provider accept that it makes room for a face-to-face visit each week and an unannounced "
                "visit each half-term?",
                Side.SUPPLIER,
            ),
        ),
    ),
    KpiText(
        HEALTH,
        (
            _said("A health and safety policy exists, and all staff know it and follow it"),
            _said("First aid equipment is at hand, and somebody qualified in first aid can be reached"),
            _fed("Accidents, incidents and first aid are written down as they happen", Fed.INCIDENTS),
            _said(
                "Each piece of special equipment that anybody uses has its own risk assessment and the safety checks "
                "that its trade expects"
            ),
            _said(
                "Whoever uses special equipment, or watches over or teaches others at it, is qualified or trained for "
                "that"
            ),
            _said("All insurance that is needed is in force, public liability insurance among it"),
            _fed("Fire drills are held regularly, at least once a year, and written down", Fed.DRILLS),
        ),
    ),
    KpiText(
        ADMIT,
        (
            _said("How a pupil is referred and admitted is clear, and help is given with it"),
            _said(
                "Records are kept of what schools tell at admission, of induction, learning plans, health needs, "
                "education, health and care plans, behaviour and risk assessments"
            ),
            _said("Every pupil has an induction, in which they learn their rights, their duties and how to stay safe"),
            _fed(
                "Attendance is written down for each session, and the commissioner is told of an absence within 30 "
                "minutes of the start of the session",
                Fed.REGISTERS,
            ),
            _fed(
                "It is agreed with each commissioner how an absent pupil’s health and wellbeing are checked",
                Fed.ABSENCES,
            ),
            _said(
                "Behaviour and progress are written down and shared routinely with the school and parents, and with "
                "the council where a pupil is on no school’s roll"
            ),
        ),
    ),
    KpiText(
        TEACH,
        (
            _said("Whoever teaches has the skills and qualifications for what they teach"),
            _said("Plans of lessons and sessions say which knowledge and skills each group of pupils is to gain"),
            _said("Progress is assessed and reviewed thoroughly and regularly"),
            _said(
                "Pupils are shown why attendance, punctuality and good behaviour matter, and it is set out what is "
                "done otherwise"
            ),
            *_SHARED,
        ),
    ),
    KpiText(OUTCOME, _SHARED),
)
