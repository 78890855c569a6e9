"""Giving a file out, behind the door of whatever it belongs to."""

from __future__ import annotations

import contextlib
import logging
import tempfile

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render

from files import queries, store
from files.models import File
from files.rules import names
from files.states import FileKind, FileState

log = logging.getLogger("portal.files")


def download(request, file: File, *, frozen: str = "") -> FileResponse | HttpResponse:
    """The file, to be saved under its own name and never shown in the portal's pages (`attachment`, `nosniff`). One
    that is being checked (503), infected (410) or cannot be had from the store (503) answers with a page that says so
    and with no bytes. `frozen` is the SHA-256 that it had when it was submitted: bytes with another one are not given
    out (409), because they are not what was submitted."""
    if file.state == FileState.PENDING:
        return _page(request, "pending", 503)
    if file.state == FileState.INFECTED:
        return _page(request, "infected", 410)
    try:
        content = _same(file, frozen) if frozen else store.opened(file.stored_as)
    except Exception:
        # Each store has faults of its own kind; all of them are one to whoever asks for the file.
        log.exception("a file cannot be had", extra={"file_id": file.pk})
        return _page(request, "gone", 503)
    if content is None:
        log.error("a file is not what was submitted", extra={"file_id": file.pk})
        return _page(request, "changed", 409)
    answer = FileResponse(
        content,
        as_attachment=True,
        filename=file.name,
        content_type=names.content_type(FileKind(file.kind)),
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Length"] = str(file.size)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _same(file: File, frozen: str):
    """A copy of the bytes, if they are those that were frozen."""
    with contextlib.ExitStack() as held:
        copy = held.enter_context(tempfile.TemporaryFile())
        if store.fetched(file.stored_as, copy) != frozen:
            return None
        held.pop_all()  # the answer closes it
    return copy


def page_image(request, file: File, number: int) -> FileResponse:
    """The picture of one page, to be shown in a page of the portal. Raises Http404 where there is none to show: not
    drawn, or the file is being checked or infected."""
    image = queries.image_of(file, number)
    if image is None:
        raise Http404
    try:
        content = store.opened(image.stored_as)
    except Exception:
        log.exception("the picture of a page cannot be had", extra={"file_id": file.pk})
        raise Http404 from None
    answer = FileResponse(content, content_type="image/jpeg")
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _page(request, why: str, status: int) -> HttpResponse:
    answer = render(request, "files/no_download.html", {"why": why}, status=status)
    if why == "pending":
        answer.headers["Retry-After"] = "30"
    return answer
