from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = "Who did what to which thing, when"
    default_auto_field = "django.db.models.BigAutoField"
