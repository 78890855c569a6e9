"""URLs of letters about an award, and of a bidder's own page: officers who may see prices and meet the bid; the
bidder's leads once it was sent."""

from __future__ import annotations

from django.utils import timezone

from evaluation.models import Letter
from evaluation.states import LetterKind
from files.models import File
from files.states import FileKind, FileState
from tests.evaluation.letters import awarded, of
from tests.evaluation.made import evaluation
from tests.house.matrix import Row


def _evaluation(world):
    return (awarded(world, evaluation(world, count=1, read=False)).evaluation_id,)


def _letter(world):
    """Sent to Ash House; its bytes lie in no store, which a download says in words (503)."""
    letter = of(awarded(world, evaluation(world, count=1, read=False)), 1, LetterKind.SUMMARY)
    at = timezone.now()
    file = File.objects.create(
        organisation=world.larkshire,
        name="letter.pdf",
        kind=FileKind.PDF,
        size=1,
        sha256="0" * 64,
        stored_as="files/nowhere",
        state=FileState.CLEAN,
        received_at=at,
        scanned_at=at,
    )
    Letter.objects.filter(pk=letter.pk).update(file=file, made_at=at, sent_at=at)
    return (letter.pk,)


def _application(world):
    letter = _letter(world)[0]
    return (Letter.objects.select_related("bid__submission").get(pk=letter).bid.submission.application_id,)


OFFICERS = ["max", "ada", "eve", "fay"]
READ = [*OFFICERS, "alice"]

ROWS: dict[str, Row] = {
    "letters": Row(others=404, roles=dict.fromkeys(OFFICERS, 200), args=_evaluation),
    "letter_file": Row(others=404, roles=dict.fromkeys(READ, 503), args=_letter),
    "letters_beside": Row(others=404, roles=dict.fromkeys(READ, 302), args=_letter),
    "bidder_evaluation": Row(others=404, roles={"alice": 200}, args=_application),
}
