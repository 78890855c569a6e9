"""What whoever runs the deployment does with the keys of frameworks: bring one back, wrap all of them anew."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from accounts.permissions import nobody
from audit import steps as audit
from core import access, crypto
from core.crypto import SealBroken
from lots.models import Framework, SealKey
from lots.queries import sealing as queries
from lots.rules import recovery as rules
from lots.rules.refusals import Refused
from lots.steps import recovery as steps
from lots.steps import sealing


@dataclass(frozen=True)
class Rewrapped:
    """How many keys were wrapped anew, how many stood under the newest of `SEAL_KEYS` already, and the frameworks whose
    key none of them opens."""

    anew: int
    already: int
    unreadable: tuple[int, ...]


@transaction.atomic(durable=True)
def recover_key(*, framework: Framework, file: bytes, first: str, second: str, by, at: dt.datetime) -> SealKey:
    """The key of a framework comes back out of its recovery file and both passphrases, wrapped by the present
    `SEAL_KEYS`. Raises `Refused` for another framework's file, a void one, or a wrong passphrase; nothing changes then.
    """
    framework = Framework.objects.locked(framework.pk)
    access.require(nobody, by, systems=("lots.recover_seal_key",))
    brought = rules.read(file)
    rules.check_framework(brought, framework.pk)
    row = SealKey.objects.filter(framework=framework).first()
    if row is None:
        raise Refused("This framework has no key: nothing was ever sealed for it")
    inner = steps.open_second(file=brought, passphrase=second)
    key = steps.open_first(file=brought, inner=inner, passphrase=first)
    if queries.mark_of(key) != row.mark:
        raise Refused(rules.VOID_FILE)
    sealing.wrap_key(row=row, key=key)
    audit.record("lots.seal_key.recovered", by=by, about=framework, organisation=framework.buyer_id, at=at)
    return row


@transaction.atomic(durable=True)
def rewrap_keys(*, by, at: dt.datetime) -> Rewrapped:
    """Wrap every key by the newest of `SEAL_KEYS`, after which the older ones open no key of a framework any more. What
    stands under the newest already stays, so that twice is harmless; what none of them opens is named and left."""
    access.require(nobody, by, systems=("lots.rewrap_seal_keys",))
    anew, already, unreadable = [], 0, []
    for row in SealKey.objects.all_locked():
        try:
            key = queries.key_in(row)
        except SealBroken:
            unreadable.append(row.framework_id)
            continue
        if crypto.is_newest(row.wrapped):
            already += 1
            continue
        row.wrapped = queries.wrapped(row.framework_id, key)
        anew.append(row)
    SealKey.objects.bulk_update(anew, ["wrapped"], batch_size=500)
    if anew:
        audit.record("lots.seal_keys.rewrapped", by=by, data={"keys": len(anew)}, at=at)
    return Rewrapped(len(anew), already, tuple(unreadable))
