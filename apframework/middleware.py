"""What stands around every page and needs to know several apps."""

from __future__ import annotations

import logging
import threading

from django.conf import settings
from django.urls import reverse

from accounts.middleware import keep_answers
from apframework import errors
from core.crypto import SealBroken
from providers.models import Application

log = logging.getLogger("portal.seals")
PLACES = threading.BoundedSemaphore(settings.UPLOADS_AT_ONCE)  # of this process


class UploadsAtOnce:
    """Leaves threads free for everybody else: only so many of a process wait at one time for files that come over slow
    lines. Whoever comes beyond that is asked to try again (503), before a byte of the file is read. It stands before
    whatever reads a form."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        try:
            return self.get_response(request)
        finally:
            if getattr(request, "holds_a_place", False):
                PLACES.release()

    def process_view(self, request, view, args, kwargs):
        if request.method != "POST" or not hasattr(view, "takes_bytes"):
            return None
        request.holds_a_place = PLACES.acquire(blocking=False)
        return None if request.holds_a_place else errors.busy(request)


class BrokenSeals:
    """What is sealed cannot be read: a key is gone, or somebody changed it. Whoever asked for it is told calmly (503),
    what they typed is kept for them, and whoever runs the portal finds which page it was, and nothing of what stood
    there. The key of the framework may be brought back; then everything is there again."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, SealBroken):
            return None
        match = request.resolver_match
        log.error(
            "a seal is broken", extra={"request_id": request.id, "route": match.route, "thing": match.kwargs.get("pk")}
        )
        kept = request.user.is_authenticated and keep_answers(request, match.func)
        return errors.sealed(request, kept=kept, help_url=_way_to_help(match))


def _way_to_help(match) -> str:
    """Where an applicant asks for help, with the moment noted: that page opens without any key."""
    door = getattr(match.func, "door", None)
    if door is None or door.model is not Application:
        return ""
    return reverse("ask_for_help", args=[match.kwargs["pk"]])
