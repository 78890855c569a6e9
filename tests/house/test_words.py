"""The words of the pages are those of the glossary."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.house.code import FLOORS

ROOT = Path(settings.BASE_DIR)
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text()
TEMPLATES = sorted((ROOT / "templates").rglob("*.html")) + sorted((ROOT / "templates").rglob("*.txt"))


def banned_words() -> list[str]:
    """The first column of the glossary's last table."""
    table = GLOSSARY.split("## Words that no page shows")[1]
    rows = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("|")]
    return rows[2:]


def shown(template: str) -> str:
    """What a reader could see of a template: no tags, no comments, no attributes but those that are read aloud."""
    text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", " ", template, flags=re.S)
    aloud = " ".join(re.findall(r'(?:alt|aria-label|title|placeholder)="([^"]*)"', text))
    text = re.sub(r"{%.*?%}|{{.*?}}|<[^>]*>", " ", text, flags=re.S)
    return f"{text} {aloud}"


def test_the_glossary_bans_words():
    assert "MFA" in banned_words()
    assert len(banned_words()) > 10


def test_a_banned_word_would_be_seen_in_text_and_in_what_is_read_aloud():
    assert "MFA" in shown("<p class='MFA-class'>Set up MFA</p>")
    assert "MFA" in shown('<img alt="MFA">')
    assert "MFA" not in shown("<p class='MFA'>{% url 'MFA' %}{# MFA #}</p>")


def test_letters_and_forms_written_in_python_spell_email_as_pages_do():
    code = [path for app in FLOORS for path in sorted((ROOT / app).rglob("*.py"))]

    assert [str(path.relative_to(ROOT)) for path in code if "e-mail" in path.read_text().lower()] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_shows_a_banned_word(path):
    text = shown(path.read_text())

    found = [word for word in banned_words() if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, flags=re.I)]

    assert found == []
