"""Every part of an application given what people paste and send on purpose: an answer each time, and what was typed is
given back as text."""

from __future__ import annotations

import pytest
from django.urls import reverse

from providers.rules import draft
from tests.house.nasty import FOR_A_DATABASE, VALUES, Forms, encoded, undone
from tests.providers.bids import applied, complete, open_framework

FORM = "application/x-www-form-urlencoded"


def _fields(client, address: str) -> dict:
    page = client.get(address)
    assert page.status_code == 200, address
    found = {}
    for form in Forms(page.content.decode()).forms:
        if form["method"] == "post" and "revision" in form["fields"]:
            found |= form["fields"]
    return found


@pytest.mark.parametrize("code", [*draft.CODES, "standard"])
def test_whatever_is_typed_in_a_part_gets_an_answer(code, world, sign_in):
    framework = open_framework(world)
    application = complete(world, applied(world, framework=framework))
    client = sign_in(world.alice)
    if code == "standard":
        standard = framework.standards.themes.first().standards.first()
        address = reverse("edit_standard", args=[application.pk, standard.pk])
    else:
        address = reverse("edit_part", args=[application.pk, code])
    good, faults = _fields(client, address), []
    assert good

    for kind in sorted(FOR_A_DATABASE | {"a script", "a direction override"}):
        value = VALUES[kind]
        answers = {name: [value] if name not in {"revision", "csrfmiddlewaretoken"} else good[name] for name in good}
        with undone(client):
            try:
                page = client.generic("POST", address, encoded(answers), content_type=FORM)
                after = client.get(reverse("application", args=[application.pk]))
                if page.status_code >= 500 or after.status_code != 200:
                    faults.append((kind, page.status_code, after.status_code))
                if b"<script>alert(9)" in page.content:
                    faults.append((kind, "gives back markup"))
            except Exception as error:
                faults.append((kind, f"{type(error).__name__}: {str(error)[:200]}"))

    assert faults == []
