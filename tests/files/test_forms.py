"""The field that takes a file looks at its shape alone."""

from __future__ import annotations

import pytest
from django import forms

from files.forms import UploadField
from tests.files import made


def errors(settings, content, **kwargs) -> list[str]:
    settings.FILE_MAX_BYTES = 1024**2

    class Form(forms.Form):
        file = UploadField(label="Document", **kwargs)

    form = Form({}, {"file": made.upload(content)} if content is not None else {})
    form.is_valid()
    return form.errors.get("file", [])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "Select a file"),
        (b"", "The file is empty"),
        (bytes(1024**2 + 1), "The file is larger than 1 MB"),
    ],
)
def test_a_file_must_be_there_and_fit(settings, content, says):
    assert [error[: len(says)] for error in errors(settings, content)] == [says]


def test_what_it_is_is_not_asked_here(settings):
    assert errors(settings, bytes(1024**2)) == []
    assert errors(settings, None, required=False) == []


def test_a_page_may_ask_in_its_own_words(settings):
    assert errors(settings, None, error_messages={"required": "Select a policy"}) == ["Select a policy"]


def test_the_field_says_what_it_takes(settings):
    assert "25 MB at most" in UploadField().help_text
