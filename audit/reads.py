"""`@reads("personal")`, under a view's guard: who was shown which thing's classified fields."""

from __future__ import annotations

import functools

from audit import actions
from core import clock


def reads(kind: str):
    """One event for each request that was answered with the page: `<app>.<noun>.read`, about the thing that the guard
    handed to the view. Nothing is shown if it cannot be written down. `kind` is the class of the fields
    (`core.data.Kind`); the organisation is the thing's own, or the thing itself when it is one."""

    def decorate(view):
        @functools.wraps(view)
        def noted(request, thing, *args, **kwargs):
            response = view(request, thing, *args, **kwargs)
            if response.status_code == 200:
                actions.record_read(
                    by=request.user,
                    about=thing,
                    kind=kind,
                    page=request.resolver_match.url_name,
                    organisation=_organisation_of(thing),
                    at=clock.now(),
                )
            return response

        noted.reads = kind
        return noted

    return decorate


def _organisation_of(thing) -> int | None:
    if thing._meta.model_name == "organisation":
        return thing.pk
    return getattr(thing, "organisation_id", None)
