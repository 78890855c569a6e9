"""When two organisations may be one: the same number, the same name however it is dressed, or nearly the same name
nearby. Nobody who registers is told; a person decides."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from accounts.rules.identifiers import postcode_area

NEARLY = 93  # per cent of rapidfuzz's ratio: one letter in about fifteen
LONGEST_KEY = 200

# Letters of other scripts, and digits, that are drawn like a Latin letter.
_DRAWN_LIKE = str.maketrans(
    "аеорсухіјѕԁһӏкмтвнгαεικνορτυχωβη01ıłøđħ",
    "aeopcyxijsdhlkmtbhraeikvoptuxwbnolilodh",
)
_LEGAL_FORMS = re.compile(
    r"\b(?:community interest company|limited liability partnership|public limited company|ltd|limited|cic|c i c|plc|"
    r"llp|cio|inc|incorporated|registered charity|trading as|t a|the)\b"
)


def name_key(name: str) -> str:
    """The name folded for comparison: no case, accents, punctuation, legal form, or letters in disguise."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    text = "".join(character for character in text if not unicodedata.combining(character))
    text = text.translate(_DRAWN_LIKE).replace("&", " and ")
    text = re.sub(r"['’‘`]", "", text)
    words = " ".join(re.sub(r"[\W_]+", " ", text).split())
    bare = " ".join(_LEGAL_FORMS.sub(" ", words).split())
    return (bare or words or name.casefold())[:LONGEST_KEY]


@dataclass(frozen=True)
class Known:
    """What is compared of an organisation. `numbers` maps a register to the number there, blank ones left out."""

    pk: int
    name_key: str
    postcode: str
    numbers: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Resemblance:
    pk: int
    reason: str


LABELS = {
    "companies_house": "Companies House number",
    "charity_number": "charity number",
    "ukprn": "UKPRN",
    "urn": "URN",
    "ppon": "PPON",
    "share_code": "share code",
}


def resemblances(new: Known, others: Iterable[Known]) -> list[Resemblance]:
    """Those of `others` that may be the same organisation as `new`, each with the strongest reason, by key."""
    others = {other.pk: other for other in others if other.pk != new.pk}
    close = process.extract(
        new.name_key,
        {pk: other.name_key for pk, other in others.items()},
        scorer=fuzz.ratio,
        score_cutoff=NEARLY,
        limit=None,
    )
    nearby = {pk for _, _, pk in close if _near(new.postcode, others[pk].postcode)}
    found = []
    for pk, other in sorted(others.items()):
        shared = sorted(LABELS[register] for register, _ in new.numbers & other.numbers)
        if shared:
            found.append(Resemblance(pk, "Same " + " and ".join(shared)))
        elif other.name_key == new.name_key:
            found.append(Resemblance(pk, "Same name"))
        elif pk in nearby:
            found.append(Resemblance(pk, "Similar name in the same area"))
    return found


def _near(one: str, other: str) -> bool:
    """In the same postcode area; an organisation that gave no postcode may be anywhere."""
    return not one or not other or postcode_area(one) == postcode_area(other)
