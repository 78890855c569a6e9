"""Celery: `celery -A apframework worker`, `celery -A apframework beat`."""

import os

from celery import Celery
from celery.signals import beat_init, heartbeat_sent, setup_logging, worker_init

from apframework.heartbeat import beat

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apframework.settings")

app = Celery("apframework")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# The logs are set up by the settings, as everywhere: Celery's own would print a task's arguments.
setup_logging.connect(lambda **kwargs: None, weak=False)
heartbeat_sent.connect(beat, weak=False)


def refuse_what_production_must_not_serve(**kwargs):
    """Workers and beat stop at once where the web server would. SystemExit, because Celery swallows anything else."""
    from apframework.preflight import stop_if_unfit

    stop_if_unfit()


worker_init.connect(refuse_what_production_must_not_serve, weak=False)
beat_init.connect(refuse_what_production_must_not_serve, weak=False)
