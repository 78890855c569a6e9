"""A pass over what ran out, and a decision, at the same moment: one waits for the other, and neither in a circle."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.db import OperationalError, connection, transaction

from lots.steps import places
from monitoring.models import Proposal
from tests.cast import make_world
from tests.monitoring.effects import TODAY, made_cover, made_proposal, watch
from tests.monitoring.made import NINE
from tests.patience import found_by

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
]
LATER = NINE + dt.timedelta(hours=1)


def decided_while(passes, proposal: Proposal):
    """A pass comes while somebody who decides holds the framework and does not yet hold the proposal."""

    def decides():
        with transaction.atomic():
            places.frameworks_locked([proposal.framework_id])
            time.sleep(1)
            Proposal.objects.locked(proposal.pk)

    def comes():
        time.sleep(0.3)
        return passes()

    return found_by(decides, comes)


@pytest.fixture
def proposal(transactional_db) -> Proposal:
    """One insurance was renewed, another ran out."""
    proposal = made_proposal(make_world())
    made_cover(proposal.provider, ends_on=TODAY + dt.timedelta(days=365))
    made_cover(proposal.provider, kind="employers")
    return proposal


def test_without_the_order_they_wait_in_a_circle(proposal):
    def lapses_first():
        with transaction.atomic():
            Proposal.objects.filter(pk=proposal.pk).update(lapsed_at=LATER)
            cover = made_cover(proposal.provider, kind="professional")
            fields = {"effect": "hold", "what": "x", "ended_on": TODAY, "proposed_at": LATER}
            Proposal.objects.create(framework=proposal.framework, provider=proposal.provider, insurance=cover, **fields)

    with pytest.raises(OperationalError, match="deadlock"):
        decided_while(lapses_first, proposal)


def test_a_pass_holds_frameworks_before_proposals(proposal):
    assert decided_while(lambda: watch(at=LATER), proposal) == [None, 1]

    proposal.refresh_from_db()
    assert proposal.lapsed_at == LATER
    assert Proposal.objects.filter(lapsed_at=None).count() == 1
