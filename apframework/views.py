"""Pages that belong to no app: the first page, the small print, the pattern book."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from apframework import look, navigation, pattern, start
from core import charts, clock
from core.access import guard, public, signed_in
from providers.queries.applications import open_applications
from providers.views import shown as applications


@public("the first page; says what the portal is to somebody who has not signed in")
@require_safe
def home(request):
    """Where everybody starts: what this is, or what there is to do."""
    if not request.user.is_authenticated:
        return render(request, "apframework/welcome.html", {"register_url": navigation.address("register_provider")})
    places, at = navigation.Navigation(request).places, clock.now()
    context = {
        "places": places,
        "tasks": start.tasks(request.user, places),
        "applications": [
            (one, applications.state_of(one, at=at), applications.countdown(one.framework, at=at))
            for one in open_applications(user=request.user, at=at)
        ],
        "second_step_demanded": settings.SECOND_STEP_DEMANDED,
    }
    return render(request, "apframework/home.html", context)


@guard(signed_in)
@require_safe
def your_account(request):
    """What is one's own: name, address, password, second step, sessions, record."""
    return render(request, "apframework/your_account.html", {"rows": start.account_rows(request.user)})


@public("the council's colour and font, which every page wears")
@require_safe
def theme(request):
    """A style sheet of custom properties. Its address changes with it, so a browser may keep it for a year."""
    response = HttpResponse(look.theme(), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@public("whom to ask, also for somebody who cannot sign in")
@require_safe
def help(request):
    """Whom to ask, and about what."""
    return render(request, "apframework/help.html")


@public("the law wants it before anything is kept in a browser")
@require_safe
def cookies(request):
    """What the portal keeps in the browser."""
    context = {
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "idle_minutes": settings.SESSION_IDLE_MINUTES,
        "session_hours": settings.SESSION_HOURS,
    }
    return render(request, "apframework/cookies.html", context)


@public("the law wants it where data is asked for, and registering asks for some")
@require_safe
def privacy(request):
    """Whose data is kept, why, and how long (UK GDPR articles 13 and 14)."""
    return render(request, "apframework/privacy.html")


@public("the law wants it (Public Sector Bodies Accessibility Regulations 2018, regulation 8)")
@require_safe
def accessibility(request):
    """The accessibility statement with its four required parts."""
    return render(request, "apframework/accessibility.html")


def _operator(user) -> bool:
    return user.is_authenticated and user.is_active and user.is_operator


@guard(_operator)
def pattern_book(request):
    """Every component once, with made-up figures: what it looks like, and the page that the tests look at."""
    form = pattern.UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        messages.success(request, "We read the file and threw it away.")
        return redirect("pattern_book")
    context = {
        "form": form,
        "filter": pattern.filter_for(request.GET),
        "page": pattern.PAGE,
        "tasks": pattern.TASKS,
        "rows": pattern.ROWS,
        "chart": pattern.CHART,
        "moment": pattern.MOMENT,
    }
    return render(request, "apframework/pattern_book.html", context)


@guard(_operator)
@require_safe
def pattern_chart(request):
    """The picture of the pattern book's chart."""
    return charts.picture(charts.bars(pattern.CHART))
