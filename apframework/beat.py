"""Beat, with a sign of life that a health check can look at."""

from __future__ import annotations

from celery.beat import PersistentScheduler

from apframework.heartbeat import beat


class Scheduler(PersistentScheduler):
    """Celery's own scheduler; every round leaves a heartbeat."""

    def tick(self, *args, **kwargs):
        wait = super().tick(*args, **kwargs)
        beat()
        return wait
