"""Sealing rows anew under the newest of `SEAL_KEYS`, some hundred at a time."""

from __future__ import annotations

from dataclasses import dataclass

from core.crypto import SealBroken
from core.steps import step
from referrals.queries import sealed


@dataclass(frozen=True)
class Resealed:
    """How many were sealed anew in this batch, the keys of those that none of `SEAL_KEYS` opens, and the last key that
    was looked at (None: there was none left)."""

    anew: int
    unreadable: tuple[int, ...]
    last: int | None


@step
def reseal_rows(*, model, field: str, purpose: str, after: int, at_once: int) -> Resealed:
    """Seal what stands in a field of the next rows of a model after the key `after` anew; `purpose` is what it is bound
    to before the row's key. What stands under the newest key already stays; what none of the keys opens is named and
    left."""
    rows = model.objects.select_for_update(of=("self",)).filter(pk__gt=after).exclude(**{field: b""})
    rows = list(rows.order_by("pk").only(field)[:at_once])
    anew, unreadable = [], []
    for row in rows:
        try:
            blob = sealed.anew(bytes(getattr(row, field)), f"{purpose}:{row.pk}")
        except SealBroken:
            unreadable.append(row.pk)
            continue
        if blob is not None:
            setattr(row, field, blob)
            anew.append(row)
    model.objects.bulk_update(anew, [field], batch_size=at_once)
    return Resealed(len(anew), tuple(unreadable), rows[-1].pk if rows else None)
