from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = "Procurement notices, in and out"
    default_auto_field = "django.db.models.BigAutoField"
