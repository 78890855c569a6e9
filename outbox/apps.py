from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "outbox"
    verbose_name = "Every email or text that leaves the house"
    default_auto_field = "django.db.models.BigAutoField"
