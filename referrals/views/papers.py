"""The agreement for a pupil: sent, read, signed, and as a PDF; and the letter to a parent or carer."""

from __future__ import annotations

from django.http import Http404
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from audit.reads import reads
from core import clock, pdf
from core.access import guard
from lots.rules.refusals import Refused
from lots.views.setting_up import done, tried
from referrals.actions import signing as actions
from referrals.forms.placing import SendForm, SignForm
from referrals.models import Placement
from referrals.permissions import placements as permissions
from referrals.queries import drawing, papers
from referrals.queries import placements as queries
from referrals.rules.drawing import check_room
from referrals.states import PlacementState
from referrals.views.placement_frame import placement_page
from referrals.work import papers as work


@guard(permissions.can_commission, on=Placement)
@reads("personal")
def send_for_signature(request, placement):
    """Send the agreement to the provider, as it was looked at."""
    form = SendForm(posted(request), initial={"revision": placement.revision})

    def act():
        seen, today = form.cleaned_data["revision"], clock.today()
        actions.send_for_signature(placement=placement, seen=seen, by=request.user, at=clock.now(), today=today)

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The agreement was sent. The provider signs first", "placement", placement.pk)
    is_draft = placement.state == PlacementState.DRAFT
    context = {"form": form, "is_draft": is_draft, "sent": queries.paper_of(placement) is not None}
    return placement_page(request, placement, "referrals/placement_send.html", **context)


@guard(permissions.can_read_paper, on=Placement)
@reads("personal")
def sign_placement(request, placement):
    """Read the agreement; whoever signs next signs it here."""
    paper = queries.paper_of(placement)
    side = _side(request.user, placement, paper)
    over = side == "party" and _is_over(placement)
    form = None
    if side or request.method == "POST":
        names = {"provider": placement.provider.name, "party": placement.contracting_party.name}
        sha256 = paper.sha256 if paper else ""
        form = SignForm(posted(request), signs_for=names[side or "party"], over=over, initial={"sha256": sha256})
    if request.method == "POST" and form.is_valid() and tried(form, lambda: _sign(request, placement, form, side)):
        said = "You have signed. The contracting party signs next"
        if side == "party":
            said = "The placement is agreed. Put everything in place before it starts"
        return done(request, said, "placement", placement.pk)
    context = {
        "form": form,
        "over": over,
        "paper": paper,
        "agreed": papers.document_of(paper),
        "waits_for": _waits_for(placement, paper),
        "side": side,
    }
    return placement_page(request, placement, "referrals/placement_sign.html", active="sign_placement", **context)


def _sign(request, placement: Placement, form: SignForm, side: str) -> None:
    told = form.cleaned_data
    common = {"placement": placement, "sha256": told["sha256"], "name": told["name"], "by": request.user}
    if side == "provider" or (not side and permissions.can_sign_for_provider(request.user, placement)):
        actions.sign_for_provider(**common, at=clock.now())
    else:
        over_reason = told.get("over_reason", "")
        actions.sign_for_party(**common, over_reason=over_reason, at=clock.now(), today=clock.today())


def _side(user, placement: Placement, paper) -> str:
    """For whom this person signs next; empty where it is not their turn."""
    if placement.state != PlacementState.DRAFT or paper is None or paper.party_signed_at:
        return ""
    if paper.provider_signed_at is None:
        return "provider" if permissions.can_sign_for_provider(user, placement) else ""
    return "party" if permissions.can_sign_for_party(user, placement) else ""


def _waits_for(placement: Placement, paper) -> str:
    if placement.state != PlacementState.DRAFT or paper is None:
        return ""
    return (placement.contracting_party if paper.provider_signed_at else placement.provider).name


def _is_over(placement: Placement) -> bool:
    """Whether a value would be overdrawn, so that a reason is asked for."""
    if placement.place_id is None:
        return False
    try:
        check_room(drawing.of_place(placement.place), placement.total_pence, "")
    except Refused:
        return True
    return False


@guard(permissions.can_read_paper, on=Placement)
@reads("personal")
@require_safe
def placement_paper(request, placement):
    """The agreement that stands, as a PDF; its name says nothing of the pupil."""
    paper = queries.paper_of(placement)
    if paper is None or not paper.document:
        raise Http404("Nothing was sent to be signed yet, or what is known of the pupil was removed")
    return pdf.response(f"placement-{placement.pk}-agreement-{paper.number}.pdf", work.agreement(paper))


@guard(permissions.can_write_to_parent, on=Placement)
@reads("personal")
@require_safe
def parent_letter(request, placement):
    """A letter to the parent or carer, to be printed or handed over."""
    return pdf.response(f"placement-{placement.pk}-letter.pdf", work.parent_letter(placement, at=clock.now()))
