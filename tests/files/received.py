"""Files that came in, for tests of what happens to them afterwards."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from files import steps, store
from files.models import File
from tests.files import made


def received(world, content: bytes | None = None, name: str = "policy.pdf", *, at=None) -> File:
    """A file that Alice uploaded for Ash House."""
    kept = store.keep(made.upload(content or made.docx(), name))
    with transaction.atomic():
        return steps.receive(kept=kept, organisation=world.ash_house, by=world.alice, at=at or timezone.now())
