"""What a bidder said to one standard, as it is shown to whoever judges it. The documents beside it are evidence
(`evaluation.queries.evidence`)."""

from __future__ import annotations

from dataclasses import dataclass

from evaluation.queries.documents import standard_in


@dataclass(frozen=True)
class Answer:
    """The bidder's words. `own` says that they are for one lot alone; `not_applicable` is why the bidder thinks that
    the standard does not apply. Texts and links come with the title of what they show; `declared` are titles."""

    text: str
    not_applicable: str
    texts: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str], ...]
    declared: tuple[str, ...]
    own: bool


def answer_to(document: dict, standard_id: int, lot_id: int | None = None) -> Answer:
    """What the frozen document says; for a lot its own answer where the bidder gave one, else that for all lots."""
    said = standard_in(document, standard_id)
    own = said.get("for_lots", {}).get(str(lot_id))
    words = own or said
    return Answer(
        text=words.get("answer", ""),
        not_applicable=words.get("not_applicable", ""),
        texts=tuple((one["title"], one["text"]) for one in words.get("texts", ())),
        links=tuple((one["title"], one["url"]) for one in words.get("links", ())),
        declared=tuple(one["title"] for one in words.get("declared", ())),
        own=bool(own),
    )
