"""Telling a certificate of the Disclosure and Barring Service from papers that speak of such checks.

Providers must not keep certificates longer than a recruitment decision needs, and nobody else may collect them (code of
practice under the Police Act 1997, section 122). So none is taken in. A policy, a training record or an extract of the
single central record says "DBS" as well, and passes: a certificate is known by the headings of its form, several of
them close together.
"""

from __future__ import annotations

import re

WINDOW = 4000  # characters; the two pages of a certificate have about half of it
HEADINGS_NEEDED = 3
_SPEAKS_OF_IT = re.compile(r"disclosure\s*(?:&|and)\s*barring|\bdbs\b|criminal records? (?:certificate|bureau)")
# Headings that stand on the form and hardly anywhere else.
_HEADINGS = tuple(
    re.compile(heading)
    for heading in (
        r"applicant(?:’s|'s)? personal details",
        r"employment details",
        r"counter-?signatory details",
        r"registered (?:person/body|body details)",
        r"police records? of convictions,? cautions",
        r"\bnone recorded\b",
        r"position applied for",
        r"information from the list held under section 142",
        r"chief police officer(?:\(s\)|s)? discretion",
        r"(?:enhanced|standard|basic) (?:criminal record )?certificate\s+page \d of \d",
        r"certificate (?:number|no\.?)\s*:?\s*\d{12}\b",
    )
)
_NAME = re.compile(
    r"\b(?:dbs|crb)\b.*\b(?:certs?|certificates?|disclosures?|scan(?:ned)?)\b"
    r"|\b(?:certs?|certificates?|disclosures?|scan(?:ned)?)\b.*\b(?:dbs|crb)\b"
    r"|\b(?:enhanced|basic|standard)\s+(?:dbs|crb)\b(?!\s*checks?)"
)
# What else a paper with such a name may be.
_OTHER_PAPER = re.compile(
    r"\b(?:policy|policies|procedures?|guidance|guide|statement|register|record|records|log|list|matrix|extract|scr|"
    r"template|training|tracker|summary|numbers?|letter|handling|storage|retention|form|checks?)\b"
)


def looks_like_dbs(text: str, name: str = "") -> bool:
    """Whether a document with this text and this name is a certificate. A picture has no text: only its name tells."""
    plain_name = re.sub(r"[\W_]+", " ", name.casefold())
    if _NAME.search(plain_name) and not _OTHER_PAPER.search(plain_name):
        return True
    plain = re.sub(r"\s+", " ", text.casefold())
    return any(_is_form(plain[start : start + WINDOW]) for start in range(0, max(1, len(plain)), WINDOW // 2))


def _is_form(text: str) -> bool:
    if not _SPEAKS_OF_IT.search(text):
        return False
    return sum(bool(heading.search(text)) for heading in _HEADINGS) >= HEADINGS_NEEDED
