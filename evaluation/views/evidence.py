"""What was submitted, as a file and page by page: to whoever may see the bid, and nothing that is not part of it."""

from __future__ import annotations

from django.http import Http404
from django.views.decorators.http import require_safe

from core.access import guard
from evaluation.models import Bid
from evaluation.permissions import clarifying as permissions
from evaluation.queries import evidence as queries
from files import responses


@guard(permissions.can_see, on=Bid)
@require_safe
def bid_evidence_file(request, bid, version):
    """A document as it was submitted: bytes whose hash is not the frozen one are not given out."""
    given = queries.given_version(bid, version)
    if given is None:
        raise Http404
    frozen = queries.frozen_hash(bid, given, user=request.user)
    return responses.download(request, given.file, frozen=frozen)


@guard(permissions.can_see, on=Bid)
@require_safe
def bid_evidence_page(request, bid, version, number):
    """One page of a document, as a picture."""
    given = queries.given_version(bid, version)
    if given is None:
        raise Http404
    return responses.page_image(request, given.file, number)
