"""URLs of agreements to share data, how a commissioner works, bringing pupils in, and records kept longer. The
agreement is Elm Grove's with Ash House: Sana writes it, Alice and Bob read it."""

from __future__ import annotations

from django.db import transaction

from files.steps import receive
from referrals.models import SharingAgreement
from tests.house.matrix import Row
from tests.providers.library import kept
from tests.referrals.made import AT, made_pupil, made_sharing


def _elm_grove(world):
    return (world.elm_grove.pk,)


def _larkshire(world):
    return (world.larkshire.pk,)


def _agreement(world):
    return (made_sharing(world).pk,)


def _with_file(world):
    with transaction.atomic():
        file = receive(kept=kept("agreement.pdf"), organisation=world.elm_grove, by=world.sana, at=AT)
    agreement = made_sharing(world)
    SharingAgreement.objects.filter(pk=agreement.pk).update(file=file)
    return (agreement.pk,)


def _pupil(world):
    return (made_pupil(world).pk,)


BOTH = {"sana": 200, "alice": 200, "bob": 200}

ROWS: dict[str, Row] = {
    "sharing_agreements": Row(
        others=404, roles=dict.fromkeys(("max", "ada", "eve", "fay"), 200) | {"olu": 403}, args=_larkshire
    ),
    "add_sharing_agreement": Row(
        others=404, roles={"ada": 200, "eve": 200, "max": 403, "fay": 403, "olu": 403}, args=_larkshire
    ),
    "sharing_agreement": Row(others=404, roles=BOTH, args=_agreement),
    "sharing_agreement_file": Row(others=404, roles=BOTH, args=_with_file),
    "end_sharing_agreement": Row(others=404, roles=BOTH | {"alice": 403, "bob": 403}, args=_agreement),
    "terms_of_referral": Row(
        others=404, roles={"ada": 200, "eve": 200, "max": 403, "fay": 403, "olu": 403}, args=_larkshire
    ),
    "import_pupils": Row(others=404, roles={"sana": 200, "olu": 403}, args=_elm_grove),
    "keep_pupil": Row(others=404, roles={"sana": 200}, args=_pupil),
}
