"""The drop-down list that is written in one go."""

from __future__ import annotations

from django import forms
from django.test.html import parse_html

from core.fields import PlainSelect

CHOICES = [("", "Everything"), ("Letters", [("a", "A & B"), ('"b"', "<b>")]), ("c", "C"), (4, "Four")]


def test_it_writes_what_djangos_own_select_writes():
    for value in ("", "a", '"b"', "c", 4, "4", None, "nothing"):
        attrs = {"id": "id_kind", "class": "govuk-select", "aria-describedby": "hint", "required": True}

        ours = PlainSelect(choices=CHOICES).render("kind", value, attrs)

        assert parse_html(ours) == parse_html(forms.Select(choices=CHOICES).render("kind", value, attrs))


def test_it_escapes_everything():
    written = PlainSelect(choices=[("<x>", "<script>"), ("<g>", [("&", "&")])]).render("<n>", "<x>", {"id": '"'})

    assert "<script>" not in written
    assert "<x>" not in written
    assert "<g>" not in written
