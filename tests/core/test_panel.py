"""The fields of a filter panel: what crispy-forms-gds would write, in one go."""

from __future__ import annotations

import pytest
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import forms
from django.test.html import parse_html

from core import panel

LETTERS = [("", "Everything"), ("Letters", [("a", "A & B"), ('"b"', "<b>")]), ("c", "C"), (4, "Four")]


class Panel(forms.Form):
    words = forms.CharField(label="Name & number", max_length=20, required=False)
    day = forms.CharField(label="From", help_text="For example, 27/3/2026", required=False)
    number = forms.IntegerField(label="At least")
    kind = forms.ChoiceField(label="Kind", choices=LETTERS, required=False)
    open = forms.NullBooleanField(label="Open", required=False)
    secret = forms.CharField(widget=forms.PasswordInput, required=False)
    many = forms.MultipleChoiceField(choices=[("a", "A")], widget=forms.CheckboxSelectMultiple, required=False)
    thing = forms.CharField(widget=forms.HiddenInput, required=False)


ASKED = [
    None,
    {},
    {"words": "it's <b>", "number": "7", "kind": "a", "thing": "x-1"},
    {"words": "x" * 21, "day": '"', "number": "seven", "kind": "nothing", "open": "true", "many": "a"},
    {"kind": '"b"', "number": "1", "open": "false"},
    {"kind": "4", "number": "1", "many": "z"},
]


@pytest.mark.parametrize("asked", ASKED)
def test_it_writes_what_crispy_forms_writes(asked):
    ours = panel.fields(Panel(asked))

    crispy = Panel(asked)
    theirs = [str(field) for field in crispy.hidden_fields()]
    theirs += [as_crispy_field(field) for field in crispy.visible_fields()]
    # Theirs gives a list of yes and no no look, and a list with an error that of a line of text.
    expected = "".join(theirs).replace("nullbooleanselect", "govuk-select")
    expected = expected.replace("govuk-select govuk-input--error", "govuk-select govuk-select--error")
    assert parse_html(ours) == parse_html(expected)


def test_what_was_chosen_is_selected():
    written = panel.fields(Panel({"kind": "4", "number": "1"}))

    assert written.count(" selected") == 2  # and "Unknown" of the open ones
    assert '<option value="4" selected>Four</option>' in written


def test_it_escapes_everything():
    class Nasty(forms.Form):
        a = forms.ChoiceField(
            label="<l>", help_text="<h>", choices=[("<x>", "<script>"), ("<g>", [("&", "&")])], required=False
        )
        b = forms.CharField(required=False, initial='"><i>', widget=forms.TextInput(attrs={"title": '"<t>'}))

    written = panel.fields(Nasty(prefix="<p>"))

    for nasty in ("<l>", "<h>", "<x>", "<script>", "<g>", "<i>", "<t>", "<p>"):
        assert nasty not in written
