"""Could we pass? What a provider learns in five minutes, before it signs up. Nothing here is kept, nothing is judged:
only the buyer decides, on evidence, after the deadline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lots.states import AppliesTo, EvidenceKind
from providers.rules import evidence, standards
from providers.rules.offer import AskedStandard, Offer, OfferedLot
from providers.rules.reading import Bidder

MET, NOT_YET, NOT_SURE, NOT_US = "met", "not_yet", "not_sure", "not_us"
ANSWERS = {MET: "Yes", NOT_YET: "Not yet", NOT_SURE: "Not sure", NOT_US: "Does not apply to us"}
EXCLUSION = "exclusion"
KINDS = {kind.value: kind.label for kind in AppliesTo}


@dataclass(frozen=True)
class Question:
    """One question; `title` names it in the result. `explained` is folded away, `show` is what would be uploaded,
    `options` are (value, label)."""

    name: str
    title: str
    text: str
    explained: str = ""
    show: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = tuple(ANSWERS.items())
    number: str = ""
    standard: AskedStandard | None = None


COMMON = (
    Question(
        EXCLUSION,
        "Exclusion",
        "Has anything happened in the last 5 years for which a buyer must or may leave you out?",
        "A conviction for fraud, bribery, slavery, organised crime, terrorism or a tax offence; serious misconduct "
        "over tax; a cartel; bankruptcy or insolvency; a finding of professional misconduct; a contract ended because "
        "of a serious breach; harm to the environment; false information in a procurement. It counts for you, for "
        "whoever owns or runs your organisation, and for those whom you rely on or sub-contract to. Something that "
        "happened does not end your application: the buyer hears what you did since, and decides.",
        options=((MET, "No, nothing happened"), (NOT_YET, "Yes, something happened"), (NOT_SURE, "Not sure")),
    ),
    Question(
        "public",
        "Public liability insurance",
        "Do you have public liability insurance that names what you do?",
        "Activities that the certificate does not name are not covered: climbing, horses, vehicles, machines.",
        show=("Your public liability insurance certificate",),
    ),
    Question(
        "employers",
        "Employers’ liability insurance",
        "If anybody works for you, do you have employers’ liability insurance?",
        "The law asks for it as soon as you employ somebody.",
        show=("Your employers’ liability insurance certificate",),
    ),
    Question(
        "professional",
        "Professional indemnity insurance",
        "Do you have professional indemnity insurance?",
        "It covers advice and teaching that goes wrong.",
        show=("Your professional indemnity insurance certificate",),
    ),
)


@dataclass(frozen=True)
class Result:
    """What the answers come to: each list holds questions, `lots` what would be priced."""

    ready: tuple[Question, ...]
    to_do: tuple[Question, ...]
    unsure: tuple[Question, ...]
    not_us: tuple[Question, ...]
    spared: tuple[Question, ...]
    open: tuple[Question, ...]
    lots: tuple[OfferedLot, ...]
    something_happened: bool

    @property
    def uploads(self) -> tuple[str, ...]:
        """Everything that would be uploaded or written for what is met, or to be got ready, each once."""
        asked = (*self.ready, *self.to_do, *self.unsure, *self.open)
        return tuple(dict.fromkeys(line for question in asked for line in question.show))

    @property
    def in_words(self) -> str:
        """One honest sentence, never a promise."""
        if self.open and not (self.ready or self.to_do or self.unsure or self.not_us):
            return "You answered nothing yet, so there is nothing to say"
        waiting = len(self.to_do) + len(self.unsure) + len(self.open)
        if waiting:
            things = "1 thing" if waiting == 1 else f"{waiting} things"
            return f"You have {things} to get ready or to find out before you apply"
        return "From what you say, you have what this framework asks for"


def questions(offer: Offer) -> tuple[Question, ...]:
    """Everything that is asked: exclusion, insurance, one question for each standard."""
    return (*COMMON, *(question_of(standard) for standard in offer.standards))


def question_of(standard: AskedStandard) -> Question:
    """A standard as one question."""
    return Question(
        f"standard_{standard.pk}",
        standard.title,
        standard.title,
        standard.good_looks_like,
        show=tuple(_shown(standard)),
        number=standard.number,
        standard=standard,
    )


def _shown(standard: AskedStandard) -> Iterator[str]:
    for one in standard.evidence:
        if one.required and one.kind in {*evidence.PAPERS, EvidenceKind.LINK}:
            own = evidence.yours(one.title)
            yield own[:1].upper() + own[1:]


def result(offer: Offer, answers: Mapping[str, str], *, kinds: list[str], lots: list[str]) -> Result:
    """Sort the questions by their answers. `kinds` are what the provider is (online only, a sole tutor, a registered
    school): standards that are not asked of such a provider are named apart, whatever was answered."""
    bidder = Bidder(0, "", {}, *(kind.value in kinds for kind in AppliesTo))
    found: dict[str, list[Question]] = {name: [] for name in (*ANSWERS, "spared", "open")}
    for question in questions(offer):
        if question.standard and standards.asked_of(question.standard, bidder).not_asked:
            found["spared"].append(question)
        else:
            allowed = dict(question.options)
            answer = answers.get(question.name, "")
            found[answer if answer in allowed else "open"].append(question)
    happened = any(question.name == EXCLUSION for question in found[NOT_YET])
    return Result(
        ready=tuple(found[MET]),
        to_do=tuple(question for question in found[NOT_YET] if question.name != EXCLUSION),
        unsure=tuple(found[NOT_SURE]),
        not_us=tuple(found[NOT_US]),
        spared=tuple(found["spared"]),
        open=tuple(found["open"]),
        lots=tuple(lot for lot in offer.biddable if str(lot.pk) in lots),
        something_happened=happened,
    )
