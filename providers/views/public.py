"""What anybody reads of a provider that is, or was, on a framework."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.access import public
from providers.permissions import profiles as permissions
from providers.queries import profiles as queries


@public("who is on a framework is public by law; the provider chose what else stands here")
@require_safe
def provider(request, pk):
    """The public part of the profile. The provider's own people see it before anybody else can."""
    found = queries.provider_to_show(pk, user=request.user)
    if found is None:
        raise Http404
    own = request.user.is_authenticated and permissions.can_see_profile(request.user, found)
    context = {
        "shown": queries.all_read_of(found),
        "own": own,
        "preview": own and not queries.is_public(found),
    }
    return render(request, "providers/provider.html", context)
