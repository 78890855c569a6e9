from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "jobs"
    verbose_name = "Long work, its progress and its result"
    default_auto_field = "django.db.models.BigAutoField"
