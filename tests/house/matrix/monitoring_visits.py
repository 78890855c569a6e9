"""URLs of visits to providers. Eve visits for Larkshire, whose visits they are, to Ash House."""

from __future__ import annotations

from tests.house.matrix import Row
from tests.monitoring.made import made_schedule, made_visit


def _council(world):
    return (world.larkshire.pk,)


def _provider(world):
    return (world.ash_house.pk,)


def _planned(world):
    return (made_visit(world).pk,)


def _held(world):
    return (made_visit(world, state="held").pk,)


def _action(world):
    return (made_visit(world, state="held").actions.get().pk,)


def _schedule(world):
    return (made_schedule(world).pk,)


_OURS = {"eve": 200, "max": 403, "ada": 403, "fay": 403, "olu": 403}

ROWS: dict[str, Row] = {
    "visits": Row(others=404, roles=_OURS, args=_council),
    "visits_planned": Row(others=404, roles=_OURS, args=_council),
    "visits_to_do": Row(others=404, roles=_OURS, args=_council),
    "visits_shared": Row(others=404, roles=_OURS, args=_council),
    "plan_visit": Row(others=404, roles=_OURS, args=_council),
    "schedule_visits": Row(others=404, roles=_OURS, args=_council),
    "visits_had": Row(others=404, roles={"alice": 200, "bob": 200, "olu": 403}, args=_provider),
    "end_schedule": Row(others=404, roles={"eve": 200}, args=_schedule),
    "visit": Row(others=404, roles={"eve": 200, "alice": 200, "bob": 200}, args=_held),
    "write_visit": Row(others=404, roles={"eve": 200}, args=_planned),
    "cancel_visit": Row(others=404, roles={"eve": 200}, args=_planned),
    "share_visit": Row(others=404, roles={"eve": 200, "alice": 403, "bob": 403}, args=_held),
    "action_done": Row(others=404, roles={"eve": 200, "alice": 200, "bob": 200}, args=_action),
}
