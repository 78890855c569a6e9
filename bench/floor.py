"""The floor: the least that a page of this kind can cost with the same framework, session and middleware.

`floor_bare` answers a word. `floor_list` does what any list page must: know the person by their session, ask one
permission, count up to a thousand, read one page of rows in one query, and put them in a template with a page around.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template import engines
from django.urls import path

from accounts.models import Membership
from apframework.urls import handler400, handler403, handler404, handler500  # noqa: F401
from apframework.urls import urlpatterns as ours
from audit.models import Event
from core.access import public

_TEMPLATE = """<!doctype html><html lang="en"><head><title>Floor</title></head><body><header>{{ user.name }}</header>
<main><h1>Floor</h1><p>{{ count }} rows</p><table><thead><tr><th>When</th><th>Who</th><th>What</th><th>About</th></tr>
</thead><tbody>{% for row in rows %}<tr><td>{{ row.at|date:"j F Y H:i" }}</td><td>{{ row.by_label }}</td>
<td>{{ row.action }}</td><td>{{ row.about_type }} {{ row.about_id }}</td></tr>{% endfor %}</tbody></table></main>
</body></html>"""


@public("the floor of the measurements; served to nobody")
def floor_bare(request):
    """One word."""
    return HttpResponse("floor")


@public("the floor of the measurements; served to nobody")
def floor_list(request, rows):
    """One page of rows."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    if not Membership.objects.filter(user=request.user, ended_at=None).exists() and not request.user.is_operator:
        raise PermissionDenied
    count = Event.objects.all()[:1001].count()
    found = list(Event.objects.order_by("-id")[:rows])
    template = engines["django"].from_string(_TEMPLATE) if not _cached else _cached[0]
    _cached[:] = [template]
    return HttpResponse(template.render({"rows": found, "count": count}, request))


_cached: list = []

urlpatterns = [
    *ours,
    path("floor/", floor_bare, name="floor_bare"),
    path("floor/<int:rows>/", floor_list, name="floor_list"),
]
