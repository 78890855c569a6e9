"""The report's second part: how quality was judged, settled and frozen. Before that nothing but earlier freezes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from evaluation.models import (
    Appeal,
    Clarification,
    Freeze,
    Judgement,
    Meeting,
    QualityResult,
    Settled,
    ThemeResult,
)
from evaluation.queries.report_tables import AT_ONCE, Cell, Column, Reader, Section, label, table
from evaluation.states import AppealState, Cure, Outcome, Settlement, Slot

_UNIT = ("bid__number", "standard__theme__position", "standard__position", "standard", "lot__position")
_WHICH = (
    Column("Bid", "bid__number"),
    Column("Bidder", "bid__provider_name"),
    Column("Standard", "standard__number"),
    Column("Lot", "lot__number"),
)
_SETTLED = ("Outcome", "How", "Why", "Decided", "By", "Met on", "Took part", "Replaced")


def sections(reader: Reader) -> list[Section]:
    """In the order of the evaluation."""
    of, hidden = {"bid__in": reader.bids}, reader.later()
    freezes = Freeze.objects.filter(evaluation=reader.evaluation)
    return [
        Section(
            "sample",
            "The blind sample",
            "Where one person judges and a second one reads, this share was judged blind by both.",
            ("What", "How it stands"),
            lambda most: _sample(reader),
            hidden,
        ),
        table(
            "judgements",
            "Judgements",
            "What each person decided, with the reason and the place in the evidence, as it was locked. One that was "
            "taken over by somebody else is here too.",
            Judgement.objects.filter(**of).order_by(*_UNIT, "number", "pk"),
            *_WHICH,
            Column("Person", "person__name"),
            Column("How", "slot", label(Slot)),
            Column("In the sample", "sampled"),
            Column("Decision", "outcome", label(Outcome)),
            Column("Why", "reason"),
            Column("Evidence", "version__file__name"),
            Column("SHA-256 of it", "version__file__sha256"),
            Column("Pages", "pages"),
            Column("Locked", "locked_at"),
            Column("Taken over", "ended_at"),
            Column("Why taken over", "end_reason"),
            withheld=hidden,
            lead=4,
        ),
        table(
            "questions",
            "Questions to bidders",
            "Each with the time that it had, what could be sent, and what came.",
            Clarification.objects.filter(**of).order_by(*_UNIT, "asked_at", "pk"),
            *_WHICH,
            Column("Question", "text"),
            Column("Asked", "asked_at"),
            Column("By", "asked_by__name"),
            Column("What could be sent", "cure", label(Cure)),
            Column("Until", "due_at"),
            Column("Answer", "answer"),
            Column("Document", "version__file__name"),
            Column("SHA-256 of it", "version__file__sha256"),
            Column("Answered", "answered_at"),
            Column("By whom", "answered_by__name"),
            withheld=hidden,
            lead=4,
        ),
        Section(
            "outcomes",
            "Outcomes of standards",
            "What stands, and what stood before it was replaced. Those that were moderated name the meeting.",
            (*(one.heading for one in _WHICH), *_SETTLED),
            lambda most: _outcomes(reader),
            hidden,
            lead=4,
        ),
        table(
            "themes",
            "Themes",
            "Worked out from the outcomes at each freeze, never typed: any failed standard fails its theme.",
            ThemeResult.objects.filter(**of).order_by(
                "freeze__number", "bid__number", "theme__position", "lot__position"
            ),
            Column("Freeze", "freeze__number"),
            Column("Bid", "bid__number"),
            Column("Bidder", "bid__provider_name"),
            Column("Theme", "theme__title"),
            Column("Lot", "lot__number"),
            Column("Passed", "passed"),
            withheld=hidden,
            lead=5,
        ),
        table(
            "quality",
            "Quality of bids",
            "Any failed theme ends the bid for the lots that it counts for.",
            QualityResult.objects.filter(**of).order_by("freeze__number", "bid__number", "lot__position"),
            Column("Freeze", "freeze__number"),
            Column("Bid", "bid__number"),
            Column("Bidder", "bid__provider_name"),
            Column("Lot", "lot__number"),
            Column("Passed", "passed"),
            withheld=hidden,
        ),
        table(
            "freezes",
            "Freezes of quality",
            "Each keeps every outcome as it stood, with its hash. One is undone only by two people, with a reason.",
            freezes.order_by("number"),
            Column("Freeze", "number"),
            Column("Frozen", "at"),
            Column("By", "by__name"),
            Column("SHA-256", "sha256"),
            Column("Undoing asked", "void_proposed_at"),
            Column("By whom", "void_proposed_by__name"),
            Column("Why", "void_reason", reader.text),
            Column("Undone", "voided_at"),
            Column("Confirmed by", "voided_by__name"),
        ),
        table(
            "appeals",
            "Challenges",
            "One that was upheld settles its standard anew and changes nothing else by itself.",
            Appeal.objects.filter(**of).order_by("received_on", "pk"),
            *_WHICH,
            Column("Received", "received_on"),
            Column("What it says", "text"),
            Column("Noted by", "noted_by__name"),
            Column("State", "state", label(AppealState)),
            Column("Why", "reason"),
            Column("Decided", "decided_at"),
            Column("By", "decided_by__name"),
            withheld=hidden,
            lead=4,
        ),
    ]


def _sample(reader: Reader) -> Iterator[tuple[str, Cell]]:
    evaluation, policies = reader.evaluation, reader.evaluation.framework.policies
    yield "Who judges", policies.get_evaluators_display()
    yield "Share that is judged blind", f"{policies.blind_percent}%"
    yield "Seed, drawn at the opening", evaluation.seed
    yield (
        "How to draw it again",
        "Of the SHA-256 of “seed|number of the bid|number of the standard” take the first eight hexadecimal digits as "
        "a number. The standard of that bid is in the sample if the remainder of a division by 100 is below the share.",
    )
    drawn = Judgement.objects.filter(bid__in=reader.bids, sampled=True).values("bid", "standard", "lot").distinct()
    yield "Standards of bids in the sample", drawn.count()


def _outcomes(reader: Reader) -> Iterator[tuple[Cell, ...]]:
    """Two queries more for the meetings, of which there are few."""
    met: dict[int, list] = {}
    people = defaultdict(list)
    held = Meeting.objects.filter(settled__bid__in=reader.bids)
    for settled, on in held.values_list("settled", "met_on"):
        met[settled] = on
    for settled, name in held.order_by("took_part__name").values_list("settled", "took_part__name"):
        people[settled] += [name] if name else []
    rows = Settled.objects.filter(bid__in=reader.bids).order_by(*_UNIT, "pk")
    fields = ("pk", *(one.field for one in _WHICH), "outcome", "how", "reason", "at", "by__name", "replaced_at")
    in_words, way = label(Outcome), label(Settlement)
    for pk, *which, outcome, how, reason, at, by, replaced in rows.values_list(*fields).iterator(chunk_size=AT_ONCE):
        yield *which, in_words(outcome), way(how), reason, at, by, met.get(pk), ", ".join(people.get(pk, ())), replaced
