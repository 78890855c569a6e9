"""The notice of an off-site direction."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from audit.reads import reads
from core import clock, pdf
from core.access import guard
from referrals.models import Placement
from referrals.permissions import assurance as permissions
from referrals.queries import assurance as queries
from referrals.rules import assurance as rules
from referrals.rules import direction
from referrals.states import Item
from referrals.work import direction as work


@guard(permissions.can_give_notice, on=Placement)
@reads("personal")
@require_safe
def direction_notice(request, placement):
    """The notice as a PDF; before it is written, the way to where that is done. Raises Http404 for any other
    placement."""
    if not direction.is_direction(placement.basis):
        raise Http404
    said = queries.said_of(queries.standing_item(placement, Item.CONSENT))
    if not all(getattr(said, name) for name in rules.NOTICE):
        messages.error(request, "Write down what the notice says first. Leave the day empty until you have given it")
        return redirect("assurance_item", placement.pk, Item.CONSENT)
    return pdf.response("direction-notice.pdf", work.notice(placement, said, at=clock.now()))
