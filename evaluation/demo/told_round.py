"""The round that the demo tells to its end: its framework, and twelve applications to it."""

from __future__ import annotations

import datetime as dt

from evaluation.demo import bidders
from lots.demo import on, organisation, person, published
from lots.models import Framework
from lots.rules.outline import LotDraft
from providers.demo.past_round import at_that_time

WORDS = {
    "description": "Part-time education for pupils who cannot be in school for a while, in small groups or one to one. "
    "Pupils are placed one by one, and there is no promise of numbers.",
    "reference": "LC-AP-3",
    "net_pence": 900_000_00,
    "gross_pence": 1_080_000_00,
    "payment_terms": "30 days from receipt.",
    "how_to_apply": "Sign in to this portal as a provider.",
}
DRAFTS = [
    LotDraft("1", "Vocational and outdoor learning", ("B", "C"), net_pence=400_000_00, gross_pence=480_000_00),
    LotDraft("2", "Therapeutic and arts-based learning", ("B",), net_pence=300_000_00, gross_pence=360_000_00),
    LotDraft("3", "Tuition for pupils who are ill", ("A", "B"), net_pence=200_000_00, gross_pence=240_000_00),
]


def load(*, at: dt.datetime, today: dt.date) -> Framework:
    """From the publication, 24 weeks ago, to the last submission on the eve of the deadline."""
    began = today - dt.timedelta(days=168)
    framework = published(
        title="Education for pupils who cannot be in school for a while",
        words=WORDS,
        drafts=DRAFTS,
        buyer=organisation("Larkshire Council"),
        by=person("max@larkshire.example"),
        second=person("ada@larkshire.example"),
        today=began,
        at=on(began, 9),
    )
    bidders.register(at=at, today=today)
    with at_that_time(framework.closes_at - dt.timedelta(hours=18)):
        bidders.submit_all(framework)
    return Framework.objects.get(pk=framework.pk)
