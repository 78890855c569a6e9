from django.apps import AppConfig
from django.db.models.signals import post_migrate


def write_national_standards(sender, using, **kwargs):
    """After every migration the national standards are there (again)."""
    from lots import national

    national.install(using)


class LotsConfig(AppConfig):
    name = "lots"
    verbose_name = "Frameworks, lots, standards, places"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        post_migrate.connect(write_national_standards, sender=self)
