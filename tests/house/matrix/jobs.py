"""URLs of jobs: a council's task is followed by its people and by operators; who asked, the administrator and operators
stop it or have it tried again."""

from __future__ import annotations

from tests.house.matrix import Row
from tests.jobs import make_job


def waiting(world):
    """The key of a task that Max asked for at Larkshire."""
    return [make_job(world).pk]


def failed(world):
    """The key of one that did not finish."""
    return [make_job(world, state="failed").pk]


FOLLOW = dict.fromkeys(["max", "ada", "eve", "fay", "olu"], 200)
RUN = {"max": 200, "ada": 200, "eve": 403, "fay": 403, "olu": 200}
ROWS: dict[str, Row] = {
    "jobs": Row(others=200),
    "outages": Row(others=200, nobody=200),
    "job": Row(others=404, roles=FOLLOW, args=waiting),
    # A part of the page of the job: whoever asks for it alone is led to the whole.
    "job_state": Row(others=404, roles=dict.fromkeys(FOLLOW, 302), args=waiting),
    "cancel_job": Row(others=404, roles=RUN, args=waiting),
    "retry_job": Row(
        others=404, roles={"max": 302, "ada": 302, "eve": 403, "fay": 403, "olu": 302}, args=failed, method="post"
    ),
}
