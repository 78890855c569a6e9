"""The floor: the least that a page of this kind can cost with the same framework, session and middleware.

`floor_bare` answers a word. `floor_list` does what any list page must: know the person by their session, ask one
permission, count up to a thousand, read one page of rows in one query, and put them in a template with a page around.
The budget is judged against it. `floor_page` shows the same rows in our own base page, with its header, navigation and
footer: it tells how much of a page's cost is the base page, which every page pays, and how much is the page's own.
"""

from __future__ import annotations

from functools import cache

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template import engines
from django.urls import path

from accounts.models import Membership
from apframework.urls import handler400, handler403, handler404, handler500  # noqa: F401
from apframework.urls import urlpatterns as ours
from audit.models import Event
from core.access import public

_ROWS = """<h1>Floor</h1><p>{{ count }} rows</p>
<table><thead><tr><th>When</th><th>Who</th><th>What</th><th>About</th></tr>
</thead><tbody>{% for row in rows %}<tr><td>{{ row.at|date:"j F Y H:i" }}</td><td>{{ row.by_label }}</td>
<td>{{ row.action }}</td><td>{{ row.about_type }} {{ row.about_id }}</td></tr>{% endfor %}</tbody></table>"""
_BARE = f"""<!doctype html><html lang="en"><head><title>Floor</title></head><body><header>{{{{ user.name }}}}</header>
<main>{_ROWS}</main></body></html>"""
_IN_OUR_PAGE = f"""{{% extends "base.html" %}}{{% block title %}}Floor{{% endblock %}}{{% block content %}}
{_ROWS}{{% endblock %}}"""


@public("the floor of the measurements; served to nobody")
def floor_bare(request):
    """One word."""
    return HttpResponse("floor")


@public("the floor of the measurements; served to nobody")
def floor_list(request, rows):
    """One page of rows."""
    return _answer(request, rows, _template(_BARE))


@public("the floor of the measurements; served to nobody")
def floor_page(request, rows):
    """The same rows in our own base page."""
    return _answer(request, rows, _template(_IN_OUR_PAGE))


def _answer(request, rows, template):
    if not request.user.is_authenticated:
        raise PermissionDenied
    if not Membership.objects.filter(user=request.user, ended_at=None).exists() and not request.user.is_operator:
        raise PermissionDenied
    count = Event.objects.all()[:1001].count()
    found = list(Event.objects.order_by("-id")[:rows])
    return HttpResponse(template.render({"rows": found, "count": count}, request))


@cache
def _template(text):
    return engines["django"].from_string(text)


urlpatterns = [
    *ours,
    path("floor/", floor_bare, name="floor_bare"),
    path("floor/<int:rows>/", floor_list, name="floor_list"),
    path("floor/<int:rows>/page/", floor_page, name="floor_page"),
]
