"""Pages that belong to no app: home, errors, the small print."""

from django.shortcuts import render

from core.access import public


@public("the first page; says what the portal is to somebody who has not signed in")
def home(request):
    """Where everybody starts."""
    return render(request, "home.html")


def csrf_failure(request, reason=""):
    """The form was sent without its proof that it came from here."""
    return render(request, "errors/csrf.html", status=403)
