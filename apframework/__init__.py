"""The project: joins every app; nothing imports it."""

from apframework.celery import app as celery_app

__all__ = ["celery_app"]
