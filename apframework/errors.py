"""Pages for when something went wrong: what happened, what was kept, what to do next, and the number to quote."""

from __future__ import annotations

import logging

from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from apframework.context import small_print

log = logging.getLogger("portal.errors")

_LAST_RESORT = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sorry, something went wrong</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head><body><main>
<h1>Sorry, something went wrong</h1><p>Nothing was changed. Try again in a few minutes.</p></main></body></html>"""


def bad_request(request, exception=None) -> HttpResponse:
    """400. Django reports a form that is too large the same way: it gets its own page and status, 413."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return _page(request, "errors/400.html", 400)


def too_large(request, exception=None) -> HttpResponse:
    """413: more was sent than is taken."""
    return _page(request, "errors/413.html", 413)


def permission_denied(request, exception=None) -> HttpResponse:
    """403: they may see the thing, or nothing is said about it, but may not do this."""
    return render(request, "errors/403.html", status=403)


def page_not_found(request, exception=None) -> HttpResponse:
    """404: there is no such page, or not for this person; it does not say which."""
    return render(request, "errors/404.html", status=404)


def csrf_failure(request, reason="") -> HttpResponse:
    """403: the form came without the proof that our own page sent it."""
    return render(request, "errors/csrf.html", status=403)


def server_error(request) -> HttpResponse:
    """500. Asks nothing of the database, the session or the person; where not even a template can be had, plain
    words are left."""
    return _page(request, "errors/500.html", 500)


def busy(request) -> HttpResponse:
    """503: as many files are on their way as this process takes at one time."""
    answer = _page(request, "errors/busy.html", 503)
    answer.headers["Retry-After"] = "60"
    return answer


def sealed(request, *, kept: bool, help_url: str) -> HttpResponse:
    """503: what is sealed cannot be read now. `kept`: what was sent is kept for the person (`held_answers`)."""
    more = {"kept": kept, "sent": request.method == "POST", "help_url": help_url}
    answer = _page(request, "errors/sealed.html", 503, **more)
    answer.headers["Retry-After"] = "3600"
    return answer


def _page(request, template: str, status: int, **more) -> HttpResponse:
    """A page made without context processors: whatever broke may be what they would ask."""
    try:
        body = render_to_string(template, small_print() | {"request": request} | more)
    except Exception:
        log.exception("error page")
        body = _LAST_RESORT
    return HttpResponse(body, status=status)
