"""The parts of an application: what each is called, how it is read, and how what was read is written back."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from providers.rules import conflicts, connected, declarations, exclusion, lots, organisation, prices, standards
from providers.rules.draft import Answers, Draft
from providers.rules.offer import AskedStandard, Offer
from providers.rules.reading import Context, Reader, Reading

Writer = Callable[[Mapping, Context], Answers]

TITLES = {
    "organisation": "Your organisation",
    "exclusion": "Exclusion grounds",
    "connected": "Connected persons",
    "conflicts": "Conflicts of interest",
    "lots": "Lots",
    "prices": "Prices",
    "declarations": "Declarations",
}
STANDARD = "standard:"

# What typed answers mean; and the way back, from values to what the form would have typed.
READERS: dict[str, Reader] = {
    "organisation": organisation.read,
    "lots": lots.read,
    "prices": prices.read,
    "exclusion": exclusion.read,
    "connected": connected.read,
    "conflicts": conflicts.read,
    "declarations": declarations.read,
}
WRITERS: dict[str, Writer] = {
    "organisation": organisation.write,
    "connected": connected.write,
    "lots": lots.write,
    "prices": prices.write,
}


def codes_of(offer: Offer) -> tuple[str, ...]:
    """Every part of an application to this framework, in the order in which they are shown."""
    head = ("organisation", "exclusion", "connected", "conflicts", "lots", "prices")
    return (*head, *(f"{STANDARD}{standard.pk}" for standard in offer.standards), "declarations")


def standard_of(code: str, offer: Offer) -> AskedStandard | None:
    """The standard that a code names, if it names one of this framework's."""
    key = standard_key(code)
    return offer.standard(key) if key else None


def standard_key(code: str) -> int:
    """The key of the standard that a code names, whosever it is; 0 for a code of another shape, or one that is spelled
    otherwise than the portal spells it."""
    key = code.removeprefix(STANDARD)
    is_key = code.startswith(STANDARD) and key.isascii() and key.isdigit() and len(key) < 19 and key[0] != "0"
    return int(key) if is_key else 0


def title_of(code: str, offer: Offer) -> str:
    """What a part is called. Raises KeyError for a code that is none."""
    standard = standard_of(code, offer)
    return f"Standard {standard.number}: {standard.title}" if standard else TITLES[code]


def read(code: str, answers: Answers, context: Context) -> Reading:
    """What was typed in a part of this framework's applications."""
    if code in READERS:
        return READERS[code](answers, context)
    return standards.read_standard(answers, context, standard_of(code, context.offer))


def write(code: str, values: Mapping, context: Context) -> Answers:
    """What the part's form would have typed for these values. Raises KeyError for a part that is always said anew."""
    standard = standard_of(code, context.offer)
    return standards.write_standard(values, context, standard) if standard else WRITERS[code](values, context)


def named_versions(draft: Draft) -> set[int]:
    """The versions of documents that a draft names: whatever stands in fields whose names begin with `evidence`."""
    found = set()
    for part in draft.values():
        for name, typed in part.answers.items():
            if name.startswith("evidence"):
                words = [typed] if isinstance(typed, str) else typed
                found |= {int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 19}
    return found
