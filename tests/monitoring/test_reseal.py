"""A new key is put in front: what monitoring has sealed stands under it afterwards."""

from __future__ import annotations

import base64
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import models

from audit.models import Event
from core import crypto
from core.access import System
from monitoring.actions import sealing
from monitoring.models import Concern, Incident
from monitoring.permissions.sealing import RESEAL
from tests.monitoring.made import NINE, made_concern, made_incident

OLD, NEW = (base64.urlsafe_b64encode(bytes([number] * 32)).decode() for number in (1, 2))


def rewrapped() -> list[str]:
    out = io.StringIO()
    call_command("rewrap_seal_keys", stdout=out)
    return [line for line in out.getvalue().splitlines() if line.startswith("Sealed anew")]


def test_every_sealed_field_of_monitoring_is_on_the_list():
    from django.apps import apps

    sealed = {
        (model, field.name)
        for model in apps.get_app_config("monitoring").get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.BinaryField)
    }

    assert set(sealing.SEALED.values()) == sealed


def test_one_command_does_all_and_the_old_key_can_go(world, settings):
    settings.SEAL_KEYS = [OLD]
    incident, concern = made_incident(world), made_concern(world)
    settings.SEAL_KEYS = [NEW, OLD]

    said = [rewrapped(), rewrapped()]
    settings.SEAL_KEYS = [NEW]

    assert said == [["Sealed anew: 1 concerns", "Sealed anew: 1 incidents"], []]
    incident.refresh_from_db()
    concern.refresh_from_db()
    assert "Quillon" in crypto.text_of(incident, "words")
    assert "saxophone" in crypto.text_of(concern, "detail")
    assert Event.objects.filter(action="monitoring.sealed.resealed").count() == 2


def test_in_batches_and_what_no_key_opens_is_named_and_left(world, settings, monkeypatch):
    settings.SEAL_KEYS = [OLD]
    monkeypatch.setattr(sealing, "AT_ONCE", 1)
    concerns = [made_concern(world) for _ in range(2)]
    Concern.objects.filter(pk=concerns[0].pk).update(detail=b"nothing that a key has made")
    Incident.objects.filter(pk=made_incident(world).pk).update(words=b"")
    settings.SEAL_KEYS = [NEW, OLD]

    first = sealing.reseal(what="concerns", after=0, by=System(RESEAL), at=NINE)
    second = sealing.reseal(what="concerns", after=first.last, by=System(RESEAL), at=NINE)
    third = sealing.reseal(what="concerns", after=second.last, by=System(RESEAL), at=NINE)

    assert [(one.anew, one.unreadable) for one in (first, second, third)] == [(0, (concerns[0].pk,)), (1, ()), (0, ())]
    with pytest.raises(CommandError, match=f"concerns {concerns[0].pk}"):
        rewrapped()
