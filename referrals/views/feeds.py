"""Calendar feeds: made, ended, read."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.forms.fields import posted
from accounts.forms.people import SureForm
from accounts.models import Organisation
from core import clock
from core.access import guard, public
from lots.rules.refusals import Refused
from lots.views.setting_up import done
from referrals.actions import feeds as actions
from referrals.models import Feed
from referrals.permissions import timetable as permissions
from referrals.queries import feeds as queries
from referrals.rules import ical
from referrals.views.frame import page


@guard(permissions.can_see_today, on=Organisation)
@require_safe
def feeds(request, organisation):
    """One's own calendar feeds of an organisation."""
    return _feeds(request, organisation)


@guard(permissions.can_see_today, on=Organisation)
@require_POST
def make_feed(request, organisation):
    """Make one. Its address is on the page that answers, and nowhere after."""
    try:
        feed, token = actions.make_feed(organisation=organisation, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("feeds", organisation.pk)
    return _feeds(request, organisation, made=feed, url=f"{settings.BASE_URL}{reverse('feed', args=[token])}")


@guard(permissions.is_own_feed, on=Feed)
def revoke_feed(request, feed):
    """End a feed."""
    form = SureForm(posted(request), submit="End this feed")
    if request.method == "POST":
        actions.revoke_feed(feed=feed, by=request.user, at=clock.now())
        return done(request, "The feed has ended. Its address gives nothing any more", "feeds", feed.organisation_id)
    return page(request, feed.organisation, "referrals/revoke_feed.html", feed=feed, form=form)


@public("whoever holds the secret in the address is let in; what it gives names nobody")
@require_safe
def feed(request, token):
    """The next weeks' sessions for a calendar program."""
    found = queries.feed_by(token)
    if found is None or not permissions.can_use_feed(found.user, found):
        raise Http404
    at = clock.now()
    if ical.is_to_be_noted(found.used_at, at):
        actions.note_use(feed=found, by=found.user, at=at)
    body = ical.feed_of(
        queries.entries_of(found, today=clock.today()), host=urlsplit(settings.BASE_URL).hostname, at=at
    )
    return HttpResponse(
        body, content_type="text/calendar; charset=utf-8", headers={"Cache-Control": "private, no-store"}
    )


def _feeds(request, organisation, **more):
    context = {"rows": list(queries.feeds_of(organisation, user=request.user)), "weeks": ical.WEEKS}
    return page(request, organisation, "referrals/feeds.html", active="today", **context, **more)
