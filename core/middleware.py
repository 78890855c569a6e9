"""What happens around every request: one log line without personal data, and the manners of every answer."""

from __future__ import annotations

import logging
import time
import uuid

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
