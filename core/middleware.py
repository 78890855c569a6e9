"""What happens around every request: one log line without personal data, and the manners of every answer."""

from __future__ import annotations

import logging
import time
import uuid

from django.conf import settings
from django.core.exceptions import RequestDataTooBig

log = logging.getLogger("portal.requests")


class RequestLog:
    """One line for each request: the route (never the address, which may carry a secret), the status, the time taken,
    the id of the person. The answer carries the request's id, which error pages show."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.id = uuid.uuid4().hex[:12]
        began = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        # Whoever the page looked up; asking here would cost a query, and fail when the database does.
        user = getattr(request, "_cached_user", None)
        log.info(
            "request",
            extra={
                "request_id": request.id,
                "method": request.method if request.method in _METHODS else "OTHER",
                "route": match.route if match else "none",
                "status": response.status_code,
                "ms": round((time.perf_counter() - began) * 1000),
                "person": user.pk if user is not None and user.is_authenticated else None,
            },
        )
        response.headers["X-Request-Id"] = request.id
        return response


_METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"}


class LargestBody:
    """Refuses what is too large before a byte of it is read, whoever sends it: Django itself limits what it keeps in
    memory and writes files of any size to the disk, before it knows who sends them. A page that takes files says how
    much with `takes_up_to`."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return  # Django reads no body then
        if length > getattr(view, "takes_bytes", settings.DATA_UPLOAD_MAX_MEMORY_SIZE):
            raise RequestDataTooBig


def takes_up_to(size: int):
    """Under a view's door: the page takes files, together up to this many bytes."""

    def decorate(view):
        view.takes_bytes = size
        return view

    return decorate


class Manners:
    """Headers for every answer that Django has no setting for: pages of signed-in people are not cached anywhere."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault(
            "Permissions-Policy",
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), publickey-credentials-get=(self)",
        )
        user = getattr(request, "_cached_user", None)
        if user is not None and user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
