"""Giving files out: as they are, under their name; a page instead of bytes where there is nothing to give."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.test import RequestFactory
from django.utils import timezone

from core.access import System
from files import actions, responses
from tests.files import made
from tests.files.received import received


def downloaded(world, file):
    """What Alice gets."""
    request = RequestFactory().get("/")
    request.user = world.alice
    return responses.download(request, file)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("policy.pdf", 'attachment; filename="policy.docx"'),
        ('say "hello".docx', 'attachment; filename="say \\"hello\\".docx"'),
        ("Our 🦊 den.docx", "attachment; filename*=utf-8''Our%20%F0%9F%A6%8A%20den.docx"),
        ("سياسة.docx", "attachment; filename*=utf-8''%D8%B3%D9%8A%D8%A7%D8%B3%D8%A9.docx"),
        ("a\r\nSet-Cookie: b.docx", 'attachment; filename="a Set-Cookie: b.docx"'),
        ("50% off;.docx", 'attachment; filename="50% off;.docx"'),
    ],
)
def test_a_file_is_saved_under_its_own_name_and_never_shown(world, name, says):
    content = made.docx("Safeguarding")

    answer = downloaded(world, received(world, content, name))

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == says
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"].endswith("wordprocessingml.document")
    assert answer.headers["Content-Length"] == str(len(content))
    assert b"".join(answer.streaming_content) == content
    answer.close()


def page(answer) -> str:
    assert not answer.streaming
    return answer.content.decode()


def test_a_file_that_is_being_checked_says_so(world, clamd):
    answer = downloaded(world, received(world))

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert '<h1 class="govuk-heading-l">This file is being checked</h1>' in page(answer)


def test_an_infected_file_is_never_given_out(world):
    file = received(world, made.infected())
    file = actions.judge_file(file=file, found="Eicar", by=System("files.scan"), at=timezone.now())
    assert default_storage.exists(file.stored_as)

    answer = downloaded(world, file)

    assert answer.status_code == 410
    assert "This file was removed" in page(answer)
    assert "Eicar" not in page(answer)


def test_a_file_that_the_store_lost_is_a_calm_page_and_a_line_in_the_log(world, caplog):
    file = received(world)
    default_storage.delete(file.stored_as)

    answer = downloaded(world, file)

    assert answer.status_code == 503
    assert "cannot be downloaded just now" in page(answer)
    assert [(line.levelname, line.file_id) for line in caplog.records if line.name == "portal.files"] == [
        ("ERROR", file.pk)
    ]
    assert "policy" not in caplog.text.partition("Traceback")[0]
