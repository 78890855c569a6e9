"""What an authority is told of providers that may be unregistered schools."""

from __future__ import annotations

from django.views.decorators.http import require_safe

from accounts.models import Organisation
from core import lists
from core.access import guard
from referrals.permissions import reviews as permissions
from referrals.queries import threshold as queries
from referrals.views.frame import page


@guard(permissions.can_see_warnings, on=Organisation)
@require_safe
def threshold_warnings(request, organisation):
    """Providers that crossed the threshold, the newest first. Neither pupils nor numbers stand here."""
    rows = queries.of_authority(organisation, user=request.user)
    listed = lists.page(rows, request.GET, order=["-began_on", "-id"])
    return page(request, organisation, "referrals/threshold_warnings.html", active="threshold_warnings", page=listed)
