from django.apps import AppConfig


class LotsConfig(AppConfig):
    name = "lots"
    verbose_name = "Frameworks, lots, standards, places"
    default_auto_field = "django.db.models.BigAutoField"
