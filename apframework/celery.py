"""Celery: `celery -A apframework worker`, `celery -A apframework beat`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apframework.settings")

app = Celery("apframework")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
