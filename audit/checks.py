"""A system check: the record is protected by the database itself (`manage.py check --database default`)."""

from __future__ import annotations

from django.core.checks import Error, Tags, register
from django.db import connections

from audit import triggers


@register(Tags.database)
def the_record_is_protected(app_configs, databases, **kwargs):
    """A trigger that is missing or switched off is an error: somebody may have changed the record meanwhile."""
    return [
        Error(
            f"The audit record is not protected: there is no whole trigger {trigger}",
            hint="Run `manage.py verify_audit`, find out who dropped it, then `manage.py migrate --skip-checks`.",
            id="audit.E001",
        )
        for alias in databases or []
        for trigger in triggers.missing(connections[alias])
    ]
