"""What every page of one placement has: whose it is, how far it is, and the ways to its other pages."""

from __future__ import annotations

from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from accounts.queries import has_role
from referrals.models import Placement
from referrals.models.own import TEACHES
from referrals.permissions import placements as permissions
from referrals.states import PlacementState
from referrals.views.frame import Way

COLOURS = {
    PlacementState.DRAFT: "grey",
    PlacementState.ASSURANCE: "yellow",
    PlacementState.LIVE: "green",
    PlacementState.PAUSED: "orange",
    PlacementState.ENDED: "blue",
    PlacementState.CANCELLED: "grey",
}
# URL name (each takes the placement's key), label, and whether only those who may read the agreement are shown the way.
WAYS = [
    ("placement", "Overview", False),
    ("sign_placement", "Agreement", True),
    ("before_start", "Before the start", False),
    ("placement_history", "Sessions and changes", False),
    ("change_funders", "Funders", True),
    ("placement_reviews", "Reviews", False),
]


def placement_page(request, placement: Placement, template: str, *, active: str = "", status: int = 200, **context):
    """A page of this placement: `active` is the URL name of the way that is open. Templates extend
    `referrals/placement_frame.html`, fill the block `placement`, and never put the pupil's name into `title`."""
    shared = {
        "placement": placement,
        "colour": COLOURS[placement.state],
        "ways": _ways(request.user, placement, active),
        "list_of": _whose_list(request.user, placement),
    }
    return render(request, template, shared | context, status=status)


def address(name: str, *args) -> str:
    """Where a page is, empty while there is none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _ways(user, placement: Placement, active: str) -> list[Way]:
    reads = permissions.can_read_paper(user, placement)
    found = [(name, label, address(name, placement.pk)) for name, label, sides in WAYS if reads or not sides]
    return [Way(label, url, name == active) for name, label, url in found if url]


def _whose_list(user, placement: Placement):
    """The organisation whose list of placements this person comes from."""
    if has_role(user, *TEACHES, organisation=placement.provider_id):
        return placement.provider
    for one in (placement.commissioner, placement.home_school, placement.contracting_party):
        if one is not None and permissions.can_list(user, one):
            return one
    return placement.commissioner
