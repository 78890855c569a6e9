"""Doors: who may come in, and the one sentence that every action starts with.

A view carries `@guard` or `@public`; a system check (`core.checks`) refuses any URL without a door.
An action calls `require` on the row that it has just locked.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404


class Denied(PermissionDenied):
    """The person asking may see the thing but may not do this to it (403)."""


@dataclass(frozen=True)
class System:
    """The portal itself acting: a beat task or a command, named `app.verb`."""

    name: str

    def __str__(self) -> str:
        return f"system:{self.name}"


@dataclass(frozen=True)
class _Nobody:
    """Somebody who has not signed in. Only actions on an explicit list accept this."""

    def __str__(self) -> str:
        return "anonymous"


Anonymous = _Nobody()


@dataclass(frozen=True)
class Door:
    """What stands before a view; read by the system check and by the access matrix."""

    kind: str  # "guard" or "public"
    why: str
    model: type | None = None
    permission: Callable[..., bool] | None = None


def public(why: str) -> Callable:
    """A page for anybody, with the reason why it may be."""

    def decorate(view):
        view = login_not_required(view)
        view.door = Door(kind="public", why=why)
        return view

    return decorate


def guard(permission: Callable[..., bool], *, on: type | None = None, lookup: str = "pk") -> Callable:
    """Let in whoever `permission` lets in.

    With `on`, the object is looked for only among `on.objects.visible_to(user)`: a stranger gets 404 and learns
    nothing, somebody who may see it but not do this gets 403, and the view receives the object in place of the key.
    """

    def decorate(view):
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if on is None:
                if not permission(request.user):
                    raise Denied
                return view(request, *args, **kwargs)
            key = kwargs.pop(lookup, None)
            if key is None:
                raise Http404
            thing = get_object_or_404(on.objects.visible_to(request.user), **{lookup: key})
            if not permission(request.user, thing):
                raise Denied
            return view(request, thing, *args, **kwargs)

        guarded.door = Door(kind="guard", why=permission.__name__, model=on, permission=permission)
        return guarded

    return decorate


def signed_in(user) -> bool:
    """Anyone who has signed in."""
    return bool(user.is_authenticated and user.is_active)


def require(permission: Callable[..., bool], by, *things, systems: tuple[str, ...] = (), anonymous=False) -> None:
    """Raise `Denied` unless `by` may do this to `things`.

    `systems` names the parts of the portal that may do it by themselves; `anonymous=True` lets in somebody who has
    not signed in (every such action is on the list in the house test).
    """
    if isinstance(by, System):
        if by.name not in systems:
            raise Denied(f"{by} may not do this")
        return
    if by is Anonymous:
        if not anonymous:
            raise Denied
        return
    if not by.is_active or not permission(by, *things):
        raise Denied
