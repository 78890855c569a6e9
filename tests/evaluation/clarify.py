"""Questions to bidders for tests: `judgement_of(world)` is Eve's of the standard with a document, `asked(world)` is a
question from it to Ash House, `given_and_drawn(world)` a bid whose document lies in the store with its pages drawn."""

from __future__ import annotations

import datetime as dt
import hashlib
import io

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from evaluation.actions import clarifying as actions
from evaluation.models import Bid, Clarification, CureRule, Evaluation, Judgement
from evaluation.states import Cure
from files.models import File, PageImage, PageSet
from files.states import PagesState
from lots.models import Evidence
from lots.states import EvidenceKind
from providers.models import ItemVersion
from tests.evaluation.made import evaluation, given

QUESTION = "On which page does it say who leads?"


def judging(world, **fields) -> Evaluation:
    """An evaluation in which everything was given out to Eve and Tom."""
    made = evaluation(world, **fields)
    given(made, world)
    return made


def judgement_of(world, made: Evaluation | None = None, *, who: str = "eve") -> Judgement:
    """Whose it is, of Ash House and standard 1.2, as the person meets it at the door of a page."""
    made = made or judging(world)
    person = world.people[who]
    rows = Judgement.objects.visible_to(person).filter(bid__evaluation=made, bid__provider=world.ash_house)
    return rows.select_related("bid__evaluation__framework", "bid__provider", "standard").get(standard__number="1.2")


def evidence_of(made: Evaluation) -> Evidence:
    """The document that standard 1.2 asks for."""
    return Evidence.objects.get(standard__theme__version__framework=made.framework)


def cures(made: Evaluation, cure: Cure, kind: EvidenceKind = EvidenceKind.FILE) -> None:
    """What may be sent for a kind of evidence, set before the opening."""
    CureRule.objects.create(evaluation=made, kind=kind, cure=cure)


def asked(
    world, made: Evaluation | None = None, *, cure: Cure = Cure.REPLACE, at: dt.datetime | None = None
) -> Clarification:
    """Eve asked Ash House about its document, from her judgement."""
    made = made or judging(world)
    cures(made, cure)
    judgement = judgement_of(world, made)
    return actions.ask_bidder(
        judgement=judgement,
        evidence_id=evidence_of(made).pk,
        text=QUESTION,
        by=world.eve,
        at=at or timezone.now(),
    )


def seen_by(person, clarification: Clarification) -> Clarification:
    """The question as the person meets it at the door of a page."""
    return Clarification.objects.visible_to(person).get(pk=clarification.pk)


def stored(version: ItemVersion) -> File:
    """Bytes for a version that was made row by row, with the hash that was frozen."""
    file = version.file
    content = file.stored_as.removeprefix("files/").encode()  # what `tests.providers.bids.newer` hashed
    assert hashlib.sha256(content).hexdigest() == file.sha256
    file.stored_as = default_storage.save(file.stored_as, ContentFile(content))
    file.size = len(content)
    file.save(update_fields=["stored_as", "size"])
    return file


def drawn(file: File, *, pages: int = 1, broken: int = 0) -> None:
    """Pages of a file, made row by row; the last ones could not be drawn."""
    picture = io.BytesIO()
    Image.new("RGB", (12, 17), "white").save(picture, "JPEG")
    at = timezone.now()
    PageSet.objects.create(file=file, state=PagesState.MADE, pages=pages, wanted_at=at, ended_at=at)
    for number in range(1, pages + 1):
        name = default_storage.save("files/page", ContentFile(picture.getvalue())) if number <= pages - broken else None
        PageImage.objects.create(file=file, number=number, stored_as=name, width=1200, height=1700)


def given_and_drawn(world) -> tuple[Bid, ItemVersion]:
    """Ash House's bid, and the document in it."""
    made = evaluation(world)
    bid = made.bids.select_related("submission", "provider").get(provider=world.ash_house)
    version = bid.submission.versions.get().version
    drawn(stored(version))
    return bid, version
