"""Letters about prices: to a bidder's leads, discreetly and without what was asked; to the people of the panel."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.urls import reverse

from core.steps import step
from core.templatetags.portal import in_words
from evaluation.models import LowEnquiry
from lots.queries.places import leads_of
from providers.steps.letters import discreetly


@step
def tell_asked(*, enquiry: LowEnquiry, at: dt.datetime) -> int:
    """That the buyer asks something about the application, and until when it can be answered."""
    bid = enquiry.bid
    framework, provider = bid.evaluation.framework, bid.provider_id
    return discreetly(
        leads_of([provider]).get(provider, ()),
        key=f"low-price:{enquiry.pk}",
        body=(
            f"The buyer has a question about the application of {bid.provider_name} to “{framework.title}” "
            f"({framework.buyer.name}).\n\n"
            f"Answer by: {in_words(enquiry.due_at, with_time=True)}\n\n"
            f"Read the question and answer it: {settings.BASE_URL}{reverse('answer_low_price', args=[enquiry.pk])}\n"
        ),
        organisation=provider,
        at=at,
    )
