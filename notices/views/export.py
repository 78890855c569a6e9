"""Notices to take away as JSON."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect

from audit.reads import reads
from core.access import guard
from notices import permissions
from notices.models import NoticeFile, Release
from notices.queries import export as queries
from notices.rules.errors import BadNotice

JSON = "application/json"
CANNOT = "A change made here cannot be written into the notice"


@guard(permissions.can_see_release, on=Release)
@reads("personal")
def export_release(request, release):
    """One release, byte for byte but for what was changed here."""
    try:
        body = queries.exported_alone(release)
    except BadNotice as problem:
        return _cannot(request, problem, redirect("release", release.pk))
    return _to_keep(HttpResponse(body, content_type=JSON), release.release_id)


@guard(permissions.can_see_file, on=NoticeFile)
@reads("personal")
def export_file(request, file):
    """A whole file, streamed."""
    if not queries.can_be_exported(file):
        messages.error(request, "This file was not read, so there is nothing to give back")
        return redirect("notice_files", file.organisation_id)
    try:
        pieces = queries.exported_file(file)
    except BadNotice as problem:
        return _cannot(request, problem, redirect("notice_file", file.pk))
    return _to_keep(StreamingHttpResponse(pieces, content_type=JSON), file.name.removesuffix(".json"))


def _cannot(request, problem, back):
    messages.error(request, f"{CANNOT}: {problem.message} ({problem.path})")
    return back


def _to_keep(response, name):
    """Saved under a name that every system takes, and never shown as a page."""
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:100] or "notice"
    response.headers["Content-Disposition"] = f'attachment; filename="{safe}.json"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
