"""Telling providers what runs out: set-based, so that it costs the same for one provider and for a thousand."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.urls import reverse

from core.steps import step
from lots.queries.places import leads_of
from outbox import steps as outbox
from providers.models import ExpiryNotice
from providers.rules import library as rules

# Days are the smallest of `rules.TOLD` that has come: where some were missed, the nearest alone is told. A provider
# that was told today is told no more today: what is due for it waits until tomorrow, so that one letter a day leaves,
# and none is lost.
_NOTE = """
    INSERT INTO providers_expirynotice (version_id, insurance_id, provider_id, days, ends_on, told_on, told_at, run)
    SELECT ending.version_id, ending.insurance_id, ending.provider_id,
           CASE WHEN ending.ends_on <= %(in_0)s THEN 0
                WHEN ending.ends_on <= %(in_7)s THEN 7
                WHEN ending.ends_on <= %(in_30)s THEN 30
                WHEN ending.ends_on <= %(in_60)s THEN 60
                ELSE 90 END,
           ending.ends_on, %(today)s, %(at)s, %(run)s
    FROM (
        SELECT version.id AS version_id, NULL AS insurance_id, item.provider_id, version.expires_on AS ends_on
        FROM providers_item item JOIN providers_itemversion version ON version.id = item.current_id
        WHERE item.removed_at IS NULL AND version.expires_on <= %(in_90)s
        UNION ALL
        SELECT NULL, cover.id, cover.provider_id, cover.ends_on
        FROM providers_insurance cover LEFT JOIN providers_item item ON item.id = cover.item_id
        WHERE cover.removed_at IS NULL AND cover.ends_on <= %(in_90)s
          AND (cover.item_id IS NULL OR item.removed_at IS NOT NULL)
    ) ending
    JOIN accounts_organisation provider ON provider.id = ending.provider_id
    WHERE provider.is_open AND NOT EXISTS (
        SELECT 1 FROM providers_expirynotice told
        WHERE told.provider_id = ending.provider_id AND told.told_on = %(today)s
    )
    ON CONFLICT DO NOTHING
"""


@step
def note_expiry(*, run: str, today: dt.date, at: dt.datetime) -> dict[int, int]:
    """Write down what is told now, each thing once for each threshold, whoever else does the same at this moment.
    Returns how many of each provider's. `run` is this pass's own."""
    days = {f"in_{days}": today + dt.timedelta(days=days) for days in rules.TOLD}
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, _plain(days | {"today": today, "at": at, "run": run}))
    rows = ExpiryNotice.objects.filter(run=run).order_by().values("provider").annotate(count=Count("pk"))
    return dict(rows.values_list("provider", "count"))


def _plain(values: dict) -> dict:
    """Days and moments as the database keeps them: SQLite has neither."""
    operations = connection.ops
    return {
        name: operations.adapt_datetimefield_value(value)
        if isinstance(value, dt.datetime)
        else operations.adapt_datefield_value(value)
        if isinstance(value, dt.date)
        else value
        for name, value in values.items()
    }


@step
def write_of_expiry(*, counts: dict[int, int], run: str, at: dt.datetime) -> int:
    """One letter to each lead of each provider: how many, and where to see which. Returns how many letters."""
    letters = []
    for provider, people in leads_of(counts).items():
        subject, says = rules.letter(counts[provider])
        library = f"{settings.BASE_URL}{reverse('library', args=[provider])}?stands=soon"
        profile = f"{settings.BASE_URL}{reverse('provider_profile', args=[provider])}"
        letters += [
            outbox.Letter(
                key=f"expiry:{provider}:{run}:{pk}",
                to=to,
                subject=subject,
                body=f"{says}\n\nSign in to see which.\n\nDocuments: {library}\nInsurances: {profile}\n",
                organisation=provider,
            )
            for pk, to in people
        ]
    return len(outbox.post_many(letters, at=at))
