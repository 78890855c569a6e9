"""Names: one spelling, nothing invisible, a length that fits."""

from __future__ import annotations

import time

import pytest
from django.core.exceptions import ValidationError

from accounts.forms.passwords import EmailField, PasswordField
from core.fields import LinesField, NameField
from core.text import BadText, name

LONG = "a" * 10_000


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ash House", "Ash House"),
        ("  Ash \t  House ", None),
        ("  Ash   House ", "Ash House"),
        ("Zoe\u0308", "Zoë"),
        ("O’Neill & Sons (Larkshire) Ltd", "O’Neill & Sons (Larkshire) Ltd"),
        ("Ysgol Tŷ-nant", "Ysgol Tŷ-nant"),
        ("किताब", "किताब"),
        ("3rd Avenue", "3rd Avenue"),
    ],
)
def test_a_name_as_it_is_kept(typed, kept):
    if kept is None:
        with pytest.raises(BadText, match="cannot be seen"):
            name(typed, what="Name", longest=200)
    else:
        assert name(typed, what="Name", longest=200) == kept


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (LONG, "Name must be 200 characters or fewer"),
        ("Ash\0House", "Name must not include characters that cannot be seen, such as control characters"),
        ("Ash \u202eesuoH", "Name must not include characters that cannot be seen, such as control characters"),
        ("Ash\u200bHouse", "Name must not include characters that cannot be seen, such as control characters"),
        ("Ash\ud800", "Name must not include characters that cannot be seen, such as control characters"),
        ("Ash House 🏡", "Name must not include symbols such as emoji"),
        ("<script>alert(1)</script>", "Name must not include any of these: < > { } [ ] \\ |"),
        ("{{ 7 }}", "Name must not include any of these: < > { } [ ] \\ |"),
        ("12345", "Name must include a letter"),
        ("---", "Name must include a letter"),
    ],
)
def test_a_name_that_is_refused_says_why(typed, message):
    with pytest.raises(BadText) as caught:
        name(typed, what="Name", longest=200)

    assert str(caught.value) == message


def test_marks_that_would_take_hours_to_put_in_order_are_refused_at_once():
    marks = "a" + "\u0300" * 500_000 + "\u0334" * 500_000
    began = time.process_time()

    for field in (NameField(what="Name"), LinesField(what="Reason"), EmailField(), PasswordField()):
        with pytest.raises(ValidationError, match="characters or fewer"):
            field.clean(marks)

    assert time.process_time() - began < 1


def test_two_spellings_of_one_name_are_one_name():
    composed, decomposed = "Café", "Cafe\u0301"

    assert composed != decomposed
    assert name(composed, what="Name", longest=9) == name(decomposed, what="Name", longest=9)


def test_a_field_for_an_organisations_name_takes_latin_letters_only():
    field = NameField(what="Organisation name", latin=True)

    assert field.clean("Ash House") == "Ash House"
    with pytest.raises(ValidationError, match="Latin alphabet only"):
        field.clean("Аsh House")  # the first letter is Cyrillic


def test_a_name_that_is_wanted_must_be_there():
    with pytest.raises(ValidationError):
        NameField(what="Name").clean("   ")


def test_lines_keep_their_breaks_and_refuse_the_invisible():
    field = LinesField(what="Reason", longest=20)

    assert field.clean(" one\r\ntwo ") == "one\ntwo"
    with pytest.raises(ValidationError, match="Reason must be 20 characters or fewer"):
        field.clean(LONG)
    with pytest.raises(ValidationError, match="cannot be seen"):
        field.clean("one\0two")
