"""The picture of one average: every price as a mark, with the average and the limit."""

from __future__ import annotations

from django.views.decorators.http import require_safe

from core import charts
from core.access import guard
from evaluation.models import GatePool
from evaluation.permissions import prices as permissions
from evaluation.queries import price_pages as queries
from evaluation.work.pictures import of_pool


@guard(permissions.can_see_pool, on=GatePool)
@require_safe
def pool_plot(request, pool):
    """The picture for the page of its average. No browser keeps it: it shows prices."""
    names = queries.names_for(pool.run.evaluation_id, user=request.user)
    response = charts.picture(of_pool(pool, queries.results_for(pool), names)[0])
    response.headers["Cache-Control"] = "private, no-store"
    return response
