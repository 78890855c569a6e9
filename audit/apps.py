from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


def protect(sender, using, **kwargs):
    """After every migration the database refuses changes to the record (again)."""
    from audit import triggers

    triggers.install(connections[using])


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = "Who did what to which thing, when"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from audit import checks  # noqa: F401

        post_migrate.connect(protect, sender=self)
